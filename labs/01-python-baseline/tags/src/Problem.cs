using System.Text.Json.Nodes;

namespace S3Admin.Tags;

/// <summary>An answer other than the one asked for: an RFC 9457 problem. The detail is shown to the client.</summary>
internal sealed class Problem(int status, string detail, params (string Name, string Value)[] headers)
    : Exception(detail)
{
    private static readonly Dictionary<int, string> Titles = new()
    {
        [400] = "Bad Request",
        [403] = "Forbidden",
        [404] = "Not Found",
        [405] = "Method Not Allowed",
        [413] = "Content Too Large",
        [422] = "Unprocessable Content",
        [429] = "Too Many Requests",
        [500] = "Internal Server Error",
        [502] = "Bad Gateway",
        [503] = "Service Unavailable",
        [504] = "Gateway Timeout",
    };

    public int Status { get; } = status;

    public IReadOnlyList<(string Name, string Value)> Headers { get; } = headers;

    public JsonObject Body(string requestId) => new()
    {
        ["type"] = "about:blank",
        ["title"] = Titles[Status],
        ["status"] = Status,
        ["detail"] = Message,
        ["request_id"] = requestId,
    };
}

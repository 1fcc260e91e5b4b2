using System.Diagnostics;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Amazon.Lambda.Core;

namespace S3Admin.Analytics;

/// <summary>Posts a usage event for each request that a .NET function answers. The function stays as it is.</summary>
internal sealed partial class UsageEvents(Func<Stream, ILambdaContext, Task<Stream>> inner)
{
    private const int BadGateway = 502;

    // The time-out is the most that an extension in trouble may cost.
    private static readonly HttpClient Extension = new()
    {
        BaseAddress = new Uri($"http://127.0.0.1:{Environment.GetEnvironmentVariable("ANALYTICS_PORT") ?? "2779"}"),
        Timeout = TimeSpan.FromMilliseconds(200),
    };

    private static readonly Dictionary<string, string> Operations =
        JsonSerializer.Deserialize<Dictionary<string, string>>(File.ReadAllText("/opt/analytics/operations.json"))!;

    public async Task<Stream> HandleAsync(Stream input, ILambdaContext context)
    {
        var started = Stopwatch.GetTimestamp();
        var proxyEvent = new MemoryStream();
        await input.CopyToAsync(proxyEvent);
        try
        {
            var answer = new MemoryStream();
            await (await inner(new MemoryStream(proxyEvent.ToArray()), context)).CopyToAsync(answer);
            using var document = JsonDocument.Parse(answer.ToArray());
            var status = document.RootElement.GetProperty("statusCode").GetInt32();
            var bytes = Encoding.UTF8.GetByteCount(Text(document.RootElement, "body") ?? "");
            await Post(proxyEvent.ToArray(), status, bytes, context.AwsRequestId, started);
            answer.Position = 0;
            return answer;
        }
        catch (Exception)
        {
            // API Gateway makes a 502 of it.
            await Post(proxyEvent.ToArray(), BadGateway, 0, context.AwsRequestId, started);
            throw;
        }
    }

    private static async Task Post(byte[] proxyEvent, int status, int bytes, string requestId, long started)
    {
        try
        {
            var described = Describe(proxyEvent, status, bytes, requestId, started);
            using var content = new ByteArrayContent(Encoding.UTF8.GetBytes(described.ToJsonString()));
            content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
            using var answer = await Extension.PostAsync("/events", content);
        }
        catch (Exception error) when (error is HttpRequestException or TaskCanceledException or JsonException)
        {
            // Analytics never breaks a function: an event that cannot be posted is lost.
        }
    }

    private static JsonObject Describe(byte[] proxyEvent, int status, int bytes, string requestId, long started)
    {
        using var document = JsonDocument.Parse(proxyEvent);
        var root = document.RootElement;
        var caller = Member(Member(root, "requestContext"), "authorizer");
        var bucket = Text(Member(root, "pathParameters"), "bucket");
        return new JsonObject
        {
            ["event_id"] = $"{requestId}/0",
            ["request_id"] = requestId,
            ["time"] = DateTime.UtcNow.ToString("yyyy-MM-ddTHH:mm:ss.fffZ"),
            ["user"] = Text(caller, "username"),
            ["role"] = Text(caller, "role"),
            ["action"] = Operations.GetValueOrDefault($"{Text(root, "httpMethod")} {Text(root, "resource")}", "unknown"),
            // Names that no bucket has are not counted: they are whatever a client makes up.
            ["bucket"] = bucket is not null && BucketName().IsMatch(bucket) ? bucket : null,
            ["status"] = status,
            ["duration_ms"] = Stopwatch.GetElapsedTime(started).TotalMilliseconds,
            ["bytes"] = bytes,
        };
    }

    private static JsonElement Member(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var member) ? member : default;

    private static string? Text(JsonElement parent, string name) =>
        Member(parent, name) is { ValueKind: JsonValueKind.String } member ? member.GetString() : null;

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{2,254}\z")]
    private static partial Regex BucketName();
}

using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace S3Admin.Tags;

/// <summary>API Gateway's proxy event, as far as it is read. A member that is missing or null is empty.</summary>
internal sealed partial class Request(JsonElement proxyEvent)
{
    private const int MaxBytes = 65_536;

    public string Method => Text(proxyEvent, "httpMethod");

    public string Resource => Text(proxyEvent, "resource");

    /// <summary>The bucket that the path names, if a bucket can have that name.</summary>
    public string Bucket
    {
        get
        {
            var name = Text(Member(proxyEvent, "pathParameters"), "bucket");
            return BucketName().IsMatch(name) ? name : throw new Problem(404, "no bucket can have this name");
        }
    }

    /// <summary>API Gateway's id of the request, or Lambda's.</summary>
    public string Id(string lambdaId)
    {
        var id = Text(Member(proxyEvent, "requestContext"), "requestId");
        return id.Length > 0 ? id : lambdaId;
    }

    /// <summary>No route here has a parameter.</summary>
    public void RefuseQuery()
    {
        var query = Member(proxyEvent, "multiValueQueryStringParameters");
        if (query.ValueKind == JsonValueKind.Object
            && query.EnumerateObject().Select(it => it.Name).Min(CodePointOrder.Instance) is { } name)
        {
            throw new Problem(400, $"unknown query parameter '{name}'");
        }
    }

    /// <summary>The body, which must be a JSON object.</summary>
    public JsonElement JsonObject()
    {
        var content = Content();
        if (content.Length > MaxBytes)
        {
            throw new Problem(413, $"body must be at most {MaxBytes} bytes");
        }
        JsonElement value;
        try
        {
            // The reader is strict: no comments, no trailing commas, no byte order mark.
            using var document = JsonDocument.Parse(content, new JsonDocumentOptions { MaxDepth = 127 });
            value = document.RootElement.Clone();
            ReadEveryText(value);
        }
        catch (Exception error) when (error is JsonException or InvalidOperationException)
        {
            throw NotJson();
        }
        return value.ValueKind == JsonValueKind.Object ? value : throw new Problem(400, "body must be a JSON object");
    }

    private byte[] Content()
    {
        var body = Text(proxyEvent, "body");
        if (Member(proxyEvent, "isBase64Encoded").ValueKind != JsonValueKind.True)
        {
            return Encoding.UTF8.GetBytes(body);
        }
        if (body.Any(char.IsWhiteSpace)) // which .NET's decoder skips
        {
            throw NotJson();
        }
        try
        {
            return Convert.FromBase64String(body);
        }
        catch (FormatException)
        {
            throw NotJson();
        }
    }

    /// <summary>Text is decoded when it is read; a lone surrogate or bad UTF-8 throws then.</summary>
    private static void ReadEveryText(JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                value.GetString();
                break;
            case JsonValueKind.Array:
                foreach (var item in value.EnumerateArray())
                {
                    ReadEveryText(item);
                }
                break;
            case JsonValueKind.Object:
                foreach (var member in value.EnumerateObject())
                {
                    _ = member.Name;
                    ReadEveryText(member.Value);
                }
                break;
        }
    }

    private static Problem NotJson() => new(400, "body is not valid JSON");

    private static JsonElement Member(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : default;

    private static string Text(JsonElement value, string name) =>
        Member(value, name) is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "";

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]{2,254}\z")]
    private static partial Regex BucketName();
}

using System.Diagnostics;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.Core;

namespace S3Admin.Tags;

/// <summary><c>/buckets/{bucket}/tags</c>: read, replace and remove the tags.</summary>
internal sealed class Function(IBucketTags s3)
{
    private const string Path = "/buckets/{bucket}/tags";

    private static readonly JsonSerializerOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static readonly bool LogsRequests =
        Environment.GetEnvironmentVariable("AWS_LAMBDA_LOG_LEVEL") is not ("WARN" or "ERROR" or "FATAL");

    public async Task<Stream> HandleAsync(Stream input, ILambdaContext context)
    {
        var started = Stopwatch.GetTimestamp();
        using var document = await JsonDocument.ParseAsync(input);
        var request = new Request(document.RootElement);
        var id = request.Id(context.AwsRequestId);
        var answer = await Respond(request, id);
        if (LogsRequests)
        {
            Console.WriteLine(new JsonObject
            {
                ["level"] = "INFO",
                ["message"] = "request",
                ["route"] = $"{request.Method} {request.Resource}",
                ["status"] = answer["statusCode"]!.GetValue<int>(),
                ["duration_ms"] = Stopwatch.GetElapsedTime(started).TotalMilliseconds,
                ["api_request_id"] = id,
                ["requestId"] = context.AwsRequestId,
            }.ToJsonString(Json));
        }
        return new MemoryStream(JsonSerializer.SerializeToUtf8Bytes(answer, Json));
    }

    private async Task<JsonObject> Respond(Request request, string id)
    {
        try
        {
            return await Route(request);
        }
        catch (Problem problem)
        {
            return Answer(problem, id);
        }
        catch (Exception error)
        {
            Console.Error.WriteLine(error);
            return Answer(new Problem(500, "something went wrong; the request id helps to find out what"), id);
        }
    }

    private Task<JsonObject> Route(Request request) => (request.Resource, request.Method) switch
    {
        (Path, "GET") => Show(request),
        (Path, "PUT") => Replace(request),
        (Path, "DELETE") => Delete(request),
        (Path, var method) => throw new Problem(405, $"{method} is not allowed here", ("Allow", "DELETE, GET, PUT")),
        _ => throw new Problem(404, "no such route"),
    };

    private async Task<JsonObject> Show(Request request)
    {
        request.RefuseQuery();
        return Answer(await s3.GetAsync(request.Bucket));
    }

    private async Task<JsonObject> Replace(Request request)
    {
        request.RefuseQuery();
        var tags = TagLimits.Check(request.JsonObject());
        var bucket = request.Bucket;
        // No tags are no tag set.
        await (tags.Count == 0 ? s3.DeleteAsync(bucket) : s3.PutAsync(bucket, tags));
        return Answer(tags);
    }

    private async Task<JsonObject> Delete(Request request)
    {
        request.RefuseQuery();
        await s3.DeleteAsync(request.Bucket);
        return Answer(204, "", []);
    }

    private static JsonObject Answer(SortedDictionary<string, string> tags) =>
        Answer(200, JsonSerializer.Serialize(tags, Json), [("Content-Type", "application/json")]);

    private static JsonObject Answer(Problem problem, string id) => Answer(
        problem.Status,
        problem.Body(id).ToJsonString(Json),
        [.. problem.Headers, ("Content-Type", "application/problem+json")]);

    private static JsonObject Answer(int status, string body, IEnumerable<(string Name, string Value)> headers)
    {
        var all = new JsonObject { ["Cache-Control"] = "no-store" };
        foreach (var (name, value) in headers)
        {
            all[name] = value;
        }
        return new JsonObject
        {
            ["statusCode"] = status,
            ["headers"] = all,
            ["isBase64Encoded"] = false,
            ["body"] = body,
        };
    }
}

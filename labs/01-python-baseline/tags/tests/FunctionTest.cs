using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Amazon.Lambda.TestUtilities;
using Xunit;

namespace S3Admin.Tags.Tests;

public class FunctionTest
{
    private sealed class Memory : IBucketTags
    {
        public SortedDictionary<string, string> Tags { get; private set; } = [];

        public Task<SortedDictionary<string, string>> GetAsync(string bucket) => Task.FromResult(Tags);

        public Task PutAsync(string bucket, IReadOnlyDictionary<string, string> tags)
        {
            Tags = new SortedDictionary<string, string>(tags.ToDictionary());
            return Task.CompletedTask;
        }

        public Task DeleteAsync(string bucket)
        {
            Tags = [];
            return Task.CompletedTask;
        }
    }

    private readonly Memory s3 = new();

    private async Task<(int Status, JsonNode? Body)> Send(string method, string? body = null, string bucket = "alpha")
    {
        var proxyEvent = new JsonObject
        {
            ["httpMethod"] = method,
            ["resource"] = "/buckets/{bucket}/tags",
            ["pathParameters"] = new JsonObject { ["bucket"] = bucket },
            ["multiValueQueryStringParameters"] = null,
            ["body"] = body,
        };
        var input = new MemoryStream(Encoding.UTF8.GetBytes(proxyEvent.ToJsonString()));
        var output = await new Function(s3).HandleAsync(input, new TestLambdaContext { AwsRequestId = "1" });
        var answer = (await JsonNode.ParseAsync(output))!;
        var text = answer["body"]!.GetValue<string>();
        return (answer["statusCode"]!.GetValue<int>(), text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    [Fact]
    public async Task TagsArePutShownAndDeleted()
    {
        Assert.Equal("{}", (await Send("GET")).Body!.ToJsonString());
        Assert.Equal(200, (await Send("PUT", """{"team": "finance ä"}""")).Status);
        Assert.Equal("finance ä", (await Send("GET")).Body!["team"]!.GetValue<string>());
        Assert.Equal(204, (await Send("DELETE")).Status);
        Assert.Empty(s3.Tags);
    }

    [Fact]
    public async Task NoTagsAreNoTagSet()
    {
        await Send("PUT", """{"a": "b"}""");
        Assert.Equal(200, (await Send("PUT", "{}")).Status);
        Assert.Empty(s3.Tags);
    }

    [Theory]
    [InlineData("", 400, "body is not valid JSON")]
    [InlineData("{\"a\": \"\\ud800\"}", 400, "body is not valid JSON")]
    [InlineData("[1]", 400, "body must be a JSON object")]
    [InlineData("{\"a\": 1}", 400, "'tags' must be an object of strings")]
    [InlineData("{\"\": \"\"}", 422, "tag '': the key must be 1 to 128 characters")]
    [InlineData("{\"b\": \"#\", \"AwS:a\": \"\"}", 422, "tag 'AwS:a': the key must not begin with 'aws:'")]
    [InlineData("{\"a\": \"#\"}", 422, "tag 'a': only letters, digits, spaces and _ . : / = + - @ are allowed")]
    public async Task ABrokenLimitIsNamed(string body, int status, string detail)
    {
        var answer = await Send("PUT", body);
        Assert.Equal((status, detail), (answer.Status, answer.Body!["detail"]!.GetValue<string>()));
    }

    [Fact]
    public async Task LimitsAreCountedInCharacters()
    {
        var longest = JsonSerializer.Serialize(new Dictionary<string, string>
        {
            [string.Concat(Enumerable.Repeat("𝒜", 128))] = new('x', 256),
        });
        Assert.Equal(200, (await Send("PUT", longest)).Status);
        var many = JsonSerializer.Serialize(Enumerable.Range(0, 51).ToDictionary(number => $"{number}", _ => ""));
        Assert.Equal("'tags' must be at most 50 tags", (await Send("PUT", many)).Body!["detail"]!.GetValue<string>());
    }

    [Fact]
    public async Task OtherNamesAndMethodsAreRefused()
    {
        Assert.Equal(404, (await Send("GET", bucket: "a/b")).Status);
        Assert.Equal(405, (await Send("POST")).Status);
    }
}

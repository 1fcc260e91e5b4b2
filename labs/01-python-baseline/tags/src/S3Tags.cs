using System.Net.Sockets;
using Amazon.Runtime;
using Amazon.S3;
using Amazon.S3.Model;

namespace S3Admin.Tags;

/// <summary>A bucket's tags. Failures are problems.</summary>
internal interface IBucketTags
{
    Task<SortedDictionary<string, string>> GetAsync(string bucket);

    Task PutAsync(string bucket, IReadOnlyDictionary<string, string> tags);

    Task DeleteAsync(string bucket);
}

/// <summary>Tags in S3, wherever the bucket is.</summary>
internal sealed class S3Tags(IAmazonS3 s3) : IBucketTags
{
    private static readonly HashSet<string> Throttling =
    [
        "SlowDown", "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded",
        "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
        "ProvisionedThroughputExceededException", "BandwidthLimitExceeded", "PriorRequestNotComplete",
    ];

    private static readonly HashSet<string> Refused = ["InvalidTag", "InvalidTagError", "BadRequest"];

    /// <summary>With the environment's credentials, region and endpoint.</summary>
    public static S3Tags FromEnvironment() => new(new AmazonS3Client(new AmazonS3Config
    {
        RetryMode = RequestRetryMode.Standard,
        MaxErrorRetry = 2, // three tries in all
        Timeout = TimeSpan.FromSeconds(6),
    }));

    public Task<SortedDictionary<string, string>> GetAsync(string bucket) => Answer(bucket, async () =>
    {
        var tags = new SortedDictionary<string, string>(CodePointOrder.Instance);
        try
        {
            var found = await s3.GetBucketTaggingAsync(new GetBucketTaggingRequest { BucketName = bucket });
            found.TagSet?.ForEach(tag => tags[tag.Key] = tag.Value);
        }
        catch (AmazonS3Exception error) when (error.ErrorCode == "NoSuchTagSet")
        {
            // no tags
        }
        return tags;
    });

    public Task PutAsync(string bucket, IReadOnlyDictionary<string, string> tags) => Answer(bucket, async () =>
    {
        var set = tags.Select(tag => new Tag { Key = tag.Key, Value = tag.Value }).ToList();
        try
        {
            return await s3.PutBucketTaggingAsync(new PutBucketTaggingRequest { BucketName = bucket, TagSet = set });
        }
        catch (AmazonS3Exception error) when (Refused.Contains(error.ErrorCode ?? ""))
        {
            throw new Problem(422, $"S3 refuses the tags ({error.ErrorCode})");
        }
    });

    public Task DeleteAsync(string bucket) => Answer(
        bucket, () => s3.DeleteBucketTaggingAsync(new DeleteBucketTaggingRequest { BucketName = bucket }));

    private static async Task<T> Answer<T>(string bucket, Func<Task<T>> call)
    {
        try
        {
            return await call();
        }
        catch (AmazonServiceException error) when (!string.IsNullOrEmpty(error.ErrorCode))
        {
            throw ProblemOf(bucket, error.ErrorCode);
        }
        catch (Exception error) when (error is TimeoutException or OperationCanceledException)
        {
            throw new Problem(504, "S3 took too long");
        }
        catch (Exception error) when (Causes(error).Any(it => it is HttpRequestException or SocketException or IOException))
        {
            throw new Problem(503, "S3 is out of reach");
        }
        catch (AmazonServiceException)
        {
            throw ProblemOf(bucket, "Garbled");
        }
    }

    private static Problem ProblemOf(string bucket, string code) => code switch
    {
        "NoSuchBucket" => new Problem(404, $"no bucket '{bucket}'"),
        _ when code.StartsWith("AccessDenied", StringComparison.Ordinal) =>
            new Problem(403, "S3 does not allow this (AccessDenied)"),
        _ when Throttling.Contains(code) => new Problem(429, "S3 asks to slow down", ("Retry-After", "1")),
        "ServiceUnavailable" => new Problem(503, "S3 is out of reach"),
        _ => new Problem(502, $"S3 answered something unexpected ({code})"),
    };

    private static IEnumerable<Exception> Causes(Exception error)
    {
        for (Exception? cause = error; cause is not null; cause = cause.InnerException)
        {
            yield return cause;
        }
    }
}

package s3admin.lifecycle;

import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.EnvironmentVariableCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.ApiCallTimeoutException;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.retry.RetryMode;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.TransitionDefaultMinimumObjectSize;

/** A bucket's lifecycle configuration, wherever the bucket is. Failures are problems. */
final class S3Lifecycle {
    private static final Set<String> THROTTLING = Set.of(
            "SlowDown", "Throttling", "ThrottlingException", "ThrottledException", "RequestLimitExceeded",
            "RequestThrottled", "RequestThrottledException", "TooManyRequestsException",
            "ProvisionedThroughputExceededException", "BandwidthLimitExceeded", "PriorRequestNotComplete");
    private static final Set<String> REFUSED = Set.of("InvalidArgument", "InvalidRequest", "MalformedXML");

    private final S3Client s3;

    S3Lifecycle(S3Client s3) {
        this.s3 = s3;
    }

    /** With the environment's credentials, region and endpoint, and the JDK's HTTP client. */
    static S3Lifecycle fromEnvironment() {
        return new S3Lifecycle(S3Client.builder()
                .credentialsProvider(EnvironmentVariableCredentialsProvider.create())
                .httpClientBuilder(UrlConnectionHttpClient.builder()
                        .connectionTimeout(Duration.ofSeconds(2)).socketTimeout(Duration.ofSeconds(6)))
                .overrideConfiguration(options -> options
                        .retryStrategy(RetryMode.STANDARD).apiCallTimeout(Duration.ofSeconds(25)))
                .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
                .crossRegionAccessEnabled(true)
                .build());
    }

    List<Map<String, Object>> rules(String bucket) {
        return answer(bucket, () -> {
            try {
                var found = s3.getBucketLifecycleConfiguration(request -> request.bucket(bucket));
                var minimum = found.transitionDefaultMinimumObjectSize();
                if (minimum != null && minimum != TransitionDefaultMinimumObjectSize.ALL_STORAGE_CLASSES_128_K) {
                    throw new RuleWriter.Unknown("/transition_default_minimum_object_size");
                }
                return RuleWriter.write(found.rules());
            } catch (AwsServiceException error) {
                if (code(error).equals("NoSuchLifecycleConfiguration")) {
                    return List.of();
                }
                throw error;
            } catch (RuleWriter.Unknown unknown) {
                throw new Problem(409, "bucket '" + bucket + "' has a lifecycle that cannot be shown here: "
                        + unknown.getMessage());
            }
        });
    }

    /** S3 has no configuration without rules, so that none means no configuration. */
    void replace(String bucket, List<LifecycleRule> rules) {
        if (rules.isEmpty()) {
            delete(bucket);
            return;
        }
        answer(bucket, () -> {
            try {
                return s3.putBucketLifecycleConfiguration(request -> request
                        .bucket(bucket).lifecycleConfiguration(configuration -> configuration.rules(rules)));
            } catch (AwsServiceException error) {
                if (REFUSED.contains(code(error))) {
                    throw new Problem(422, "S3 refuses the rules (" + code(error) + ")");
                }
                throw error;
            }
        });
    }

    void delete(String bucket) {
        answer(bucket, () -> s3.deleteBucketLifecycle(request -> request.bucket(bucket)));
    }

    private static <T> T answer(String bucket, Supplier<T> call) {
        try {
            return call.get();
        } catch (AwsServiceException error) {
            throw problem(bucket, code(error));
        } catch (ApiCallTimeoutException | ApiCallAttemptTimeoutException error) {
            throw tookTooLong();
        } catch (SdkClientException error) {
            throw problem(error);
        }
    }

    private static String code(AwsServiceException error) {
        var details = error.awsErrorDetails();
        return details == null || details.errorCode() == null
                ? Integer.toString(error.statusCode()) : details.errorCode();
    }

    private static Problem problem(String bucket, String code) {
        if (code.equals("NoSuchBucket")) {
            return new Problem(404, "no bucket '" + bucket + "'");
        }
        if (code.startsWith("AccessDenied")) {
            return new Problem(403, "S3 does not allow this (AccessDenied)");
        }
        if (THROTTLING.contains(code)) {
            return new Problem(429, "S3 asks to slow down", Map.of("Retry-After", "1"));
        }
        if (code.equals("ServiceUnavailable")) {
            return new Problem(503, "S3 is out of reach");
        }
        return new Problem(502, "S3 answered something unexpected (" + code + ")");
    }

    /** The SDK wraps what the connection threw; an answer that cannot be read has no such cause. */
    private static Problem problem(SdkClientException error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof SocketTimeoutException) {
                return tookTooLong();
            }
            if (cause instanceof java.io.IOException) {
                return new Problem(503, "S3 is out of reach");
            }
        }
        return new Problem(502, "S3 answered something unexpected (Garbled)");
    }

    private static Problem tookTooLong() {
        return new Problem(504, "S3 took too long");
    }
}

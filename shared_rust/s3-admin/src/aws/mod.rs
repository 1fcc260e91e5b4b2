//! The ports answered by AWS.

mod errors;
mod http;
mod keys;
mod s3;
mod users;

pub use keys::SecretKeys;
pub use s3::S3;
pub use users::DynamoUsers;

use aws_config::retry::RetryConfig;
use aws_config::timeout::TimeoutConfig;
use aws_config::{BehaviorVersion, SdkConfig};
use aws_smithy_types::checksum_config::RequestChecksumCalculation;
use futures_util::future::BoxFuture;
use std::time::Duration;

/// Region, credentials and endpoint from the environment, as every AWS SDK finds them; one HTTP client, and so
/// one pool of connections, for all services.
///
/// Failed calls are tried three times in all, with exponential back-off and jitter (the SDK's standard mode).
///
/// Boxed, as the ports are, so that the SDK's code for it is compiled here, and not once more in each function.
pub fn config() -> BoxFuture<'static, SdkConfig> {
    Box::pin(load())
}

async fn load() -> SdkConfig {
    let timeouts = TimeoutConfig::builder()
        .connect_timeout(Duration::from_secs(2))
        .read_timeout(Duration::from_secs(6))
        .operation_timeout(Duration::from_secs(25))
        .build();
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http::client())
        // Only where S3 asks for it: a checksum of no body would else be signed into presigned URLs.
        .request_checksum_calculation(RequestChecksumCalculation::WhenRequired)
        .retry_config(RetryConfig::standard().with_max_attempts(3))
        .timeout_config(timeouts)
        .load()
        .await
}

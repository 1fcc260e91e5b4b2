//! SDK errors in the domain's words.

use crate::ports::{ErrorKind, Service, ServiceError};
use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;

/// Codes by which AWS services ask to slow down.
const THROTTLING: [&str; 11] = [
    "SlowDown",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestLimitExceeded",
    "RequestThrottled",
    "RequestThrottledException",
    "TooManyRequestsException",
    "ProvisionedThroughputExceededException",
    "BandwidthLimitExceeded",
    "PriorRequestNotComplete",
];

/// What went wrong, without anything of the request: no key, header or address.
pub fn service_error<E: ProvideErrorMetadata>(
    service: Service,
    error: &SdkError<E, HttpResponse>,
) -> ServiceError {
    let kind = match error {
        SdkError::ServiceError(answer) => {
            let status = answer.raw().status();
            match answer.err().code() {
                Some(code) if THROTTLING.contains(&code) => ErrorKind::Throttled(code.to_owned()),
                Some(code) => ErrorKind::Code(code.to_owned()),
                // A good answer that the SDK could not read.
                None if status.is_success() => ErrorKind::Garbled,
                // Answers to HEAD have no body, and so no code.
                None => ErrorKind::Code(status.as_u16().to_string()),
            }
        }
        SdkError::TimeoutError(_) => ErrorKind::TimedOut,
        SdkError::DispatchFailure(failure) if failure.is_timeout() => ErrorKind::TimedOut,
        SdkError::DispatchFailure(_) => ErrorKind::Unreachable,
        _ => ErrorKind::Garbled,
    };
    ServiceError { service, kind }
}

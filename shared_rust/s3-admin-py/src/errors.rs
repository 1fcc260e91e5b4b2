//! Failures as Python exceptions.

use pyo3::prelude::*;
use s3_admin::Problem;
use s3_admin::ports::ServiceError;

/// Why a function of this module fails.
pub enum Failure {
    /// An argument is out of its range.
    Input(Problem),
    /// S3 did not give its answer, about this bucket if there is one.
    Service {
        error: ServiceError,
        bucket: Option<String>,
    },
    /// The time that the caller gave is over.
    OutOfTime,
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Input(problem)
    }
}

impl From<ServiceError> for Failure {
    fn from(error: ServiceError) -> Self {
        Self::Service {
            error,
            bucket: None,
        }
    }
}

impl Failure {
    /// The failure of a call about `bucket`.
    pub fn about(bucket: &str) -> impl Fn(ServiceError) -> Self {
        move |error| Self::Service {
            error,
            bucket: Some(bucket.to_owned()),
        }
    }

    /// As an exception; their classes are in `python/s3_admin/errors.py`.
    pub fn raise(self, py: Python<'_>) -> PyErr {
        let (code, problem) = match self {
            Self::Input(problem) => ("InvalidInput".to_owned(), problem),
            Self::OutOfTime => ("TimedOut".to_owned(), Problem::new(504, "S3 took too long")),
            Self::Service { error, bucket } => {
                let code = error.short_code().to_owned();
                (
                    code,
                    bucket.map_or_else(
                        || error.clone().into(),
                        |bucket| error.clone().about_bucket(&bucket),
                    ),
                )
            }
        };
        let retry_after = problem
            .header("Retry-After")
            .and_then(|seconds| seconds.parse::<u32>().ok());
        let arguments = (problem.status, problem.detail.as_str(), code, retry_after);
        let exception = py
            .import("s3_admin.errors")
            .and_then(|errors| errors.getattr(class_name(problem.status))?.call1(arguments));
        exception.map_or_else(|error| error, PyErr::from_value)
    }
}

const fn class_name(status: u16) -> &'static str {
    match status {
        400 => "InvalidInput",
        403 => "AccessDenied",
        404 => "NotFound",
        429 => "Throttled",
        502 => "UnexpectedAnswer",
        503 => "Unreachable",
        504 => "TimedOut",
        _ => "S3AdminError",
    }
}

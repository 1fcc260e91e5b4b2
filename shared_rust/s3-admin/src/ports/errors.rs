//! Why a service did not give its answer, and the problem that a client gets to see for it.

use crate::problem::Problem;
use std::fmt;

/// A service that answers for the domain; its name is part of a problem's wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Service {
    S3,
    DynamoDb,
    SecretsManager,
}

impl fmt::Display for Service {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::S3 => "S3",
            Self::DynamoDb => "DynamoDB",
            Self::SecretsManager => "Secrets Manager",
        })
    }
}

/// Why a call to a service did not give its answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{service}: {kind:?}")]
pub struct ServiceError {
    pub service: Service,
    pub kind: ErrorKind,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ErrorKind {
    /// The service answered with this error code.
    Code(String),
    /// It asked to slow down, past the retries.
    Throttled(String),
    /// No connection, or it broke.
    Unreachable,
    /// No answer in time.
    TimedOut,
    /// An answer that makes no sense.
    Garbled,
}

impl ServiceError {
    pub fn code(service: Service, code: impl Into<String>) -> Self {
        Self {
            service,
            kind: ErrorKind::Code(code.into()),
        }
    }

    /// The code to show where one failure is part of a larger answer, a list of buckets for example.
    pub fn short_code(&self) -> &str {
        match &self.kind {
            ErrorKind::Code(code) | ErrorKind::Throttled(code) => code,
            ErrorKind::Unreachable => "Unreachable",
            ErrorKind::TimedOut => "TimedOut",
            ErrorKind::Garbled => "Garbled",
        }
    }

    /// The problem where the call was about this bucket.
    pub fn about_bucket(self, bucket: &str) -> Problem {
        if self.is_code(&["NoSuchBucket"]) {
            return Problem::not_found(format!("no bucket '{bucket}'"));
        }
        self.into()
    }

    pub fn is_code(&self, codes: &[&str]) -> bool {
        matches!(&self.kind, ErrorKind::Code(code) if codes.contains(&code.as_str()))
    }
}

impl From<ServiceError> for Problem {
    fn from(error: ServiceError) -> Self {
        let service = error.service;
        match error.kind {
            ErrorKind::Code(code) if code.starts_with("AccessDenied") => {
                Self::new(403, format!("{service} does not allow this (AccessDenied)"))
            }
            ErrorKind::Code(code) if code == "ServiceUnavailable" => {
                Self::new(503, format!("{service} is out of reach"))
            }
            ErrorKind::Code(code) => Self::new(
                502,
                format!("{service} answered something unexpected ({code})"),
            ),
            ErrorKind::Throttled(_) => Self::new(429, format!("{service} asks to slow down"))
                .with_header("Retry-After", "1"),
            ErrorKind::Unreachable => Self::new(503, format!("{service} is out of reach")),
            ErrorKind::TimedOut => Self::new(504, format!("{service} took too long")),
            ErrorKind::Garbled => Self::new(
                502,
                format!("{service} answered something unexpected (Garbled)"),
            ),
        }
    }
}

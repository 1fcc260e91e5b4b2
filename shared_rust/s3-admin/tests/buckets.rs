//! The list of buckets and a bucket's details, over S3 in memory.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use futures_util::FutureExt;
use s3_admin::buckets::{bucket_details, list_buckets};
use s3_admin::memory::{MemoryBucket, MemoryS3};
use s3_admin::ports::{ErrorKind, PolicyStatus, Service, ServiceError};
use s3_admin::timestamp::Timestamp;
use serde_json::{Value, json};

fn s3(names: &[&str]) -> MemoryS3 {
    let s3 = MemoryS3::default();
    for name in names {
        let bucket = MemoryBucket {
            region: "eu-west-1".to_owned(),
            created_at: Some(Timestamp::from_unix(1_769_860_800)),
            ..MemoryBucket::default()
        };
        s3.put(name, bucket);
    }
    s3
}

fn denied() -> ServiceError {
    ServiceError::code(Service::S3, "AccessDenied")
}

/// Nothing in memory waits, so everything is ready at once.
fn now<T>(future: impl Future<Output = T>) -> T {
    future.now_or_never().unwrap()
}

fn as_json(value: impl serde::Serialize) -> Value {
    serde_json::to_value(value).unwrap()
}

#[test]
fn a_bucket_whose_region_is_not_told_stays_in_the_list() {
    let mut s3 = s3(&["beta", "alpha", "gamma"]);
    s3.fail("region", "beta", denied());
    let created_at = "2026-01-31T12:00:00Z";
    assert_eq!(
        as_json(now(list_buckets(&s3)).unwrap()),
        json!([
            {"name": "alpha", "region": "eu-west-1", "created_at": created_at},
            {"name": "beta", "region": null, "created_at": created_at, "error": {"code": "AccessDenied"}},
            {"name": "gamma", "region": "eu-west-1", "created_at": created_at},
        ])
    );
}

#[test]
fn settings_that_are_not_there_differ_from_those_that_are_not_told() {
    let mut s3 = s3(&["alpha"]);
    let bucket = s3.get("alpha").unwrap();
    let policy_status = Some(PolicyStatus { is_public: true });
    s3.put(
        "alpha",
        MemoryBucket {
            policy_status,
            ..bucket
        },
    );
    s3.fail("tags", "alpha", denied());
    s3.fail(
        "versioning",
        "alpha",
        ServiceError {
            service: Service::S3,
            kind: ErrorKind::TimedOut,
        },
    );
    assert_eq!(
        as_json(now(bucket_details(&s3, "alpha")).unwrap()),
        json!({
            "name": "alpha", "region": "eu-west-1", "created_at": "2026-01-31T12:00:00Z", "versioning": null,
            "encryption": null, "public_access_block": null, "policy_status": {"is_public": true},
            "object_lock": null, "tags": null, "lifecycle_rules": null,
            "errors": {"tags": "AccessDenied", "versioning": "TimedOut"},
        })
    );
}

#[test]
fn no_such_bucket() {
    let error = now(bucket_details(&s3(&[]), "alpha")).unwrap_err();
    assert_eq!(error.about_bucket("alpha").detail, "no bucket 'alpha'");
}

#[test]
fn a_bucket_of_which_nothing_is_told_is_the_problem_of_its_region() {
    let mut s3 = s3(&["alpha"]);
    let settings = [
        "versioning",
        "encryption",
        "public_access_block",
        "policy_status",
        "object_lock",
        "tags",
    ];
    for setting in settings.into_iter().chain(["lifecycle_rules", "region"]) {
        s3.fail(setting, "alpha", denied());
    }
    assert_eq!(
        now(bucket_details(&s3, "alpha"))
            .unwrap_err()
            .about_bucket("alpha")
            .status,
        403
    );
}

#[test]
fn failures_have_their_own_problem() {
    let cases = [
        (
            ErrorKind::Code("AccessDeniedException".to_owned()),
            403,
            "DynamoDB does not allow this (AccessDenied)",
        ),
        (
            ErrorKind::Code("Teapot".to_owned()),
            502,
            "DynamoDB answered something unexpected (Teapot)",
        ),
        (
            ErrorKind::Code("ServiceUnavailable".to_owned()),
            503,
            "DynamoDB is out of reach",
        ),
        (
            ErrorKind::Throttled("Throttling".to_owned()),
            429,
            "DynamoDB asks to slow down",
        ),
        (ErrorKind::Unreachable, 503, "DynamoDB is out of reach"),
        (ErrorKind::TimedOut, 504, "DynamoDB took too long"),
        (
            ErrorKind::Garbled,
            502,
            "DynamoDB answered something unexpected (Garbled)",
        ),
    ];
    for (kind, status, detail) in cases {
        let problem = ServiceError {
            service: Service::DynamoDb,
            kind,
        }
        .about_bucket("alpha");
        assert_eq!((problem.status, problem.detail.as_str()), (status, detail));
        assert_eq!(
            problem.header("Retry-After"),
            (status == 429).then_some("1")
        );
    }
}

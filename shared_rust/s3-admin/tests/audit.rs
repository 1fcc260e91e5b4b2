//! The audit, over S3 in memory.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use futures_util::FutureExt;
use s3_admin::audit::{AuditedBucket, audit_buckets};
use s3_admin::memory::{MemoryBucket, MemoryS3};
use s3_admin::ports::{Encryption, PolicyStatus, PublicAccessBlock, Service, ServiceError};
use serde_json::json;

fn audit(s3: &MemoryS3) -> Vec<AuditedBucket> {
    audit_buckets(s3).now_or_never().unwrap().unwrap()
}

fn rules(bucket: &AuditedBucket) -> Vec<&str> {
    bucket.findings.iter().map(|finding| finding.rule).collect()
}

fn spotless() -> MemoryBucket {
    let policy = json!({"Statement": {"Effect": "Deny", "Principal": "*", "Action": "s3:*",
        "Condition": {"Bool": {"aws:SecureTransport": "false"}}}});
    MemoryBucket {
        region: "eu-west-1".to_owned(),
        versioning: Some("Enabled".to_owned()),
        encryption: Some(Encryption {
            algorithm: "AES256".to_owned(),
            bucket_key: true,
        }),
        public_access_block: Some(PublicAccessBlock {
            block_public_acls: true,
            ignore_public_acls: true,
            block_public_policy: true,
            restrict_public_buckets: true,
        }),
        policy_status: Some(PolicyStatus { is_public: false }),
        lifecycle_rules: Some(1),
        access_logging: true,
        policy: Some(policy.to_string()),
        ..MemoryBucket::default()
    }
}

#[test]
fn findings_come_in_the_order_of_the_rules() {
    let s3 = MemoryS3::default();
    s3.put("spotless", spotless());
    s3.put(
        "bare",
        MemoryBucket {
            policy_status: Some(PolicyStatus { is_public: true }),
            ..MemoryBucket::default()
        },
    );
    let audited = audit(&s3);
    assert_eq!(audited[0].name, "bare");
    assert_eq!(
        rules(&audited[0]),
        [
            "public-access-not-blocked",
            "policy-public",
            "no-default-encryption",
            "no-versioning",
            "no-access-logging",
            "no-lifecycle",
            "tls-not-enforced",
        ]
    );
    assert_eq!(rules(&audited[1]), Vec::<&str>::new());
}

#[test]
fn details_name_what_is_off() {
    let s3 = MemoryS3::default();
    let block = PublicAccessBlock {
        ignore_public_acls: true,
        restrict_public_buckets: true,
        ..PublicAccessBlock::default()
    };
    let versioning = Some("Suspended".to_owned());
    s3.put(
        "alpha",
        MemoryBucket {
            public_access_block: Some(block),
            versioning,
            ..spotless()
        },
    );
    let details: Vec<_> = audit(&s3)
        .remove(0)
        .findings
        .into_iter()
        .map(|finding| finding.detail)
        .collect();
    assert_eq!(
        details,
        [
            "not blocked: block_public_acls, block_public_policy",
            "versioning is suspended"
        ]
    );
}

#[test]
fn a_rule_that_cannot_be_checked_is_named() {
    let mut s3 = MemoryS3::default();
    s3.put("alpha", spotless());
    s3.put("gone", spotless());
    s3.fail(
        "policy",
        "alpha",
        ServiceError::code(Service::S3, "AccessDenied"),
    );
    s3.fail("region", "alpha", ServiceError::code(Service::S3, "Teapot"));
    s3.fail(
        "tags",
        "gone",
        ServiceError::code(Service::S3, "NoSuchBucket"),
    );
    s3.fail(
        "encryption",
        "gone",
        ServiceError::code(Service::S3, "NoSuchBucket"),
    );
    let audited = audit(&s3);
    assert_eq!(audited.len(), 1, "a bucket that vanished is left out");
    assert_eq!(
        serde_json::to_value(&audited[0].errors).unwrap(),
        json!({"tls-not-enforced": "AccessDenied", "region": "Teapot"})
    );
    assert_eq!(audited[0].region, None);
}

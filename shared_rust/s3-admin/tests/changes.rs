//! Making and deleting buckets, over S3 in memory.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use futures_util::FutureExt;
use s3_admin::Problem;
use s3_admin::buckets::{NewBucket, create_bucket, delete_bucket};
use s3_admin::memory::{MemoryBucket, MemoryS3};
use s3_admin::ports::{ErrorKind, ObjectSummary, Service, ServiceError};
use s3_admin::timestamp::Timestamp;
use serde_json::{Value, json};

fn parse(body: Value) -> Result<NewBucket, Problem> {
    NewBucket::parse(body.as_object().unwrap())
}

fn create(s3: &MemoryS3, body: Value) -> Result<(), Problem> {
    create_bucket(s3, &parse(body)?).now_or_never().unwrap()
}

fn failing(operation: &'static str, error: ServiceError) -> MemoryS3 {
    let mut s3 = MemoryS3::default();
    s3.fail(operation, "alpha", error);
    s3
}

#[test]
fn a_new_bucket_is_private_and_encrypted() {
    let s3 = MemoryS3::default();
    create(&s3, json!({"name": "alpha"})).unwrap();
    let bucket = s3.get("alpha").unwrap();
    assert_eq!(bucket.region, "us-east-1");
    assert!(bucket.public_access_block.unwrap().restrict_public_buckets);
    assert_eq!(bucket.encryption.unwrap().algorithm, "AES256");
    assert_eq!((bucket.versioning, bucket.tags), (None, None));

    create(
        &s3,
        json!({"name": "beta", "region": "eu-west-1", "versioning": true, "tags": {"a": "b"}}),
    )
    .unwrap();
    let bucket = s3.get("beta").unwrap();
    assert_eq!(
        (bucket.region.as_str(), bucket.versioning.as_deref()),
        ("eu-west-1", Some("Enabled"))
    );
    assert_eq!(bucket.tags.unwrap()["a"], "b");
}

#[test]
fn a_bucket_that_cannot_be_set_up_is_not_left_behind() {
    for step in [
        "block_public_access",
        "encrypt",
        "enable_versioning",
        "put_tags",
    ] {
        let s3 = failing(step, ServiceError::code(Service::S3, "AccessDenied"));
        let problem = create(
            &s3,
            json!({"name": "alpha", "versioning": true, "tags": {"a": "b"}}),
        )
        .unwrap_err();
        assert_eq!(problem.status, 403, "{step}");
        assert!(s3.get("alpha").is_none(), "{step}");
    }
}

#[test]
fn a_bucket_that_exists_is_left_alone() {
    let s3 = MemoryS3::default();
    s3.put("alpha", MemoryBucket::default());
    assert_eq!(
        create(&s3, json!({"name": "alpha"})).unwrap_err().detail,
        "bucket 'alpha' exists already"
    );
    assert_eq!(s3.get("alpha").unwrap().encryption, None);
    let foreign = failing("region", ServiceError::code(Service::S3, "AccessDenied"));
    assert_eq!(
        create(&foreign, json!({"name": "alpha"}))
            .unwrap_err()
            .status,
        409
    );
}

#[test]
fn why_s3_does_not_create_one() {
    let unreachable = ServiceError {
        service: Service::S3,
        kind: ErrorKind::Unreachable,
    };
    let cases = [
        (
            ServiceError::code(Service::S3, "BucketAlreadyExists"),
            "eu-west-1",
            409,
        ),
        (
            ServiceError::code(Service::S3, "IllegalLocationConstraintException"),
            "eu-west-1",
            422,
        ),
        (unreachable.clone(), "eu-west-1", 422),
        (unreachable, "us-east-1", 503),
    ];
    for (error, region, status) in cases {
        let problem = create(
            &failing("create", error),
            json!({"name": "alpha", "region": region}),
        )
        .unwrap_err();
        assert_eq!(problem.status, status);
    }
}

#[test]
fn fields_are_checked_one_after_the_other() {
    let cases = [
        (json!({}), 400, "'name' is required"),
        (json!({"name": "alpha", "x": 1}), 400, "unknown field 'x'"),
        (
            json!({"name": "a", "region": 1}),
            400,
            "'name' must be 3 to 63 characters",
        ),
        (
            json!({"name": "alpha", "region": null}),
            400,
            "'region' must be a string",
        ),
        (
            json!({"name": "alpha", "region": "mars", "versioning": 1}),
            422,
            "S3 has no region 'mars'",
        ),
        (
            json!({"name": "alpha", "versioning": "yes", "tags": 1}),
            400,
            "'versioning' must be true or false",
        ),
        (
            json!({"name": "alpha", "tags": null}),
            400,
            "'tags' must be an object of strings",
        ),
    ];
    for (body, status, detail) in cases {
        let problem = parse(body).unwrap_err();
        assert_eq!((problem.status, problem.detail.as_str()), (status, detail));
    }
}

#[test]
fn only_an_empty_bucket_is_deleted() {
    let s3 = MemoryS3::default();
    let delete = |name: &str| {
        delete_bucket(&s3, name)
            .now_or_never()
            .unwrap()
            .map_err(|problem| problem.detail)
    };
    let mut full = MemoryBucket::default();
    full.put(ObjectSummary {
        key: "a".to_owned(),
        size: 1,
        etag: "e".to_owned(),
        storage_class: "STANDARD".into(),
        last_modified: Timestamp::from_unix(0),
    });
    s3.put("full", full);
    s3.put("empty", MemoryBucket::default());
    assert_eq!(delete("full"), Err("bucket 'full' is not empty".to_owned()));
    assert_eq!(delete("empty"), Ok(()));
    assert_eq!(delete("empty"), Err("no bucket 'empty'".to_owned()));
}

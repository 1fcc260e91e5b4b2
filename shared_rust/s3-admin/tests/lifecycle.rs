//! Lifecycle rules and tags, over S3 in memory.

#![expect(clippy::unwrap_used, reason = "a test may stop at the first surprise")]

use futures_util::FutureExt;
use proptest::prelude::*;
use s3_admin::buckets::{bucket_tags, delete_bucket_tags, put_bucket_tags};
use s3_admin::lifecycle::{
    Rule, delete_lifecycle_rules, lifecycle_rules, parse_rules, put_lifecycle_rules,
};
use s3_admin::memory::{MemoryBucket, MemoryS3};
use s3_admin::ports::{Service, ServiceError, StoredRules};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn parse(body: &Value) -> Result<Vec<Rule>, String> {
    parse_rules(body.as_object().unwrap()).map_err(|problem| {
        assert_eq!(problem.status, 400);
        problem.detail
    })
}

/// A rule with the members of `changes`; null takes one away.
fn rule(changes: Value) -> Value {
    let mut rule = json!({"id": "a", "enabled": true, "expiration": {"days": 1}});
    for (name, value) in changes.as_object().unwrap().clone() {
        match value {
            Value::Null => rule.as_object_mut().unwrap().remove(&name),
            value => rule.as_object_mut().unwrap().insert(name, value),
        };
    }
    rule
}

fn fault(changes: Value) -> String {
    let detail = parse(&json!({"rules": [rule(changes)]})).unwrap_err();
    detail.strip_prefix("/rules/0").unwrap().to_owned()
}

fn store() -> MemoryS3 {
    let s3 = MemoryS3::default();
    s3.put("alpha", MemoryBucket::default());
    s3
}

#[test]
fn a_bad_rule_is_pointed_at() {
    let cases = [
        (json!({"x/~": 1}), "/x~1~0 is unknown"),
        (json!({"id": null}), "/id is required"),
        (json!({"id": 1}), "/id must be a string"),
        (json!({"id": ""}), "/id must be 1 to 255 characters"),
        (json!({"id": "a\n"}), "/id must not hold control characters"),
        (json!({"enabled": 1}), "/enabled must be true or false"),
        (json!({"filter": []}), "/filter must be an object"),
        (
            json!({"filter": {"prefix": "ä".repeat(513)}}),
            "/filter/prefix must be at most 1024 bytes",
        ),
        (
            json!({"filter": {"tags": {"a": 1}}}),
            "/filter/tags must be an object of strings",
        ),
        (
            json!({"filter": {"tags": {"": ""}}}),
            "/filter/tags tag '': the key must be 1 to 128 characters",
        ),
        (
            json!({"filter": {"size_less_than": 3, "size_greater_than": 3}}),
            "/filter/size_less_than must be more than size_greater_than",
        ),
        (
            json!({"expiration": {}}),
            "/expiration must have exactly one of days, date, expired_object_delete_marker",
        ),
        (
            json!({"expiration": {"days": 0}}),
            "/expiration/days must be a whole number from 1 to 2147483647",
        ),
        (
            json!({"expiration": {"days": 1.0}}),
            "/expiration/days must be a whole number from 1 to 2147483647",
        ),
        (
            json!({"expiration": {"date": "2030-02-30"}}),
            "/expiration/date must be a date such as 2030-01-31",
        ),
        (
            json!({"expiration": {"expired_object_delete_marker": false}}),
            "/expiration/expired_object_delete_marker must be true",
        ),
        (
            json!({"noncurrent_expiration": {"newer_versions": 1}}),
            "/noncurrent_expiration/days is required",
        ),
        (json!({"transitions": {}}), "/transitions must be an array"),
        (
            json!({"transitions": [{"days": 29, "storage_class": "STANDARD_IA"}]}),
            "/transitions/0/days must be at least 30 for STANDARD_IA",
        ),
        (
            json!({"transitions": [{"days": 1, "storage_class": "glacier"}]}),
            "/transitions/0/storage_class must be one of STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE",
        ),
        (
            json!({"noncurrent_transitions": [{"days": 1, "newer_versions": 101, "storage_class": "GLACIER"}]}),
            "/noncurrent_transitions/0/newer_versions must be a whole number from 1 to 100",
        ),
        (
            json!({"expiration": null, "transitions": []}),
            " must have at least one action",
        ),
        (
            json!({"filter": {"tags": {"a": "b"}}, "expiration": {"expired_object_delete_marker": true}}),
            "/expiration must not remove delete markers by tags",
        ),
        (
            json!({"filter": {"size_less_than": 1}, "abort_incomplete_upload_days": 1}),
            "/abort_incomplete_upload_days must not go with a filter by tags or size",
        ),
    ];
    for (changes, detail) in cases {
        assert_eq!(fault(changes), detail);
    }
}

#[test]
fn rules_are_an_array_with_ids_that_differ() {
    let twice = json!({"rules": [rule(json!({})), rule(json!({"id": "b"})), rule(json!({}))]});
    assert_eq!(
        parse(&twice).unwrap_err(),
        "/rules/2/id must differ from /rules/0/id"
    );
    assert_eq!(parse(&json!({})).unwrap_err(), "'rules' is required");
    assert_eq!(
        parse(&json!({"rules": null})).unwrap_err(),
        "/rules must be an array"
    );
    let numbered = |count: u32| -> Vec<_> {
        let ids = 0..count;
        ids.map(|id| rule(json!({"id": id.to_string()}))).collect()
    };
    assert!(parse(&json!({"rules": numbered(1_000)})).is_ok());
    assert_eq!(
        parse(&json!({"rules": numbered(1_001)})).unwrap_err(),
        "/rules must be at most 1000 rules"
    );
}

#[test]
fn rules_are_put_read_and_deleted() {
    let s3 = store();
    let read = || {
        lifecycle_rules(&s3, "alpha")
            .now_or_never()
            .unwrap()
            .unwrap()
    };
    let put = |rules: &[Rule]| {
        put_lifecycle_rules(&s3, "alpha", rules)
            .now_or_never()
            .unwrap()
    };
    assert_eq!(read(), []);
    let rules = parse(&json!({"rules": [rule(json!({}))]})).unwrap();
    put(&rules).unwrap();
    assert_eq!(read(), rules);
    put(&[]).unwrap();
    assert_eq!(s3.get("alpha").unwrap().lifecycle, None);
    put(&rules).unwrap();
    let deleted = delete_lifecycle_rules(&s3, "alpha").now_or_never().unwrap();
    assert_eq!((deleted, read()), (Ok(()), vec![]));
}

#[test]
fn rules_that_cannot_be_shown_are_not_left_out() {
    let s3 = store();
    let stored = StoredRules::Unknown("/rules/0/id".to_owned());
    s3.put(
        "alpha",
        MemoryBucket {
            lifecycle: Some(stored),
            ..MemoryBucket::default()
        },
    );
    let problem = lifecycle_rules(&s3, "alpha").now_or_never().unwrap();
    let problem = problem.unwrap_err();
    assert_eq!(
        (problem.status, problem.detail.as_str()),
        (
            409,
            "bucket 'alpha' has a lifecycle that cannot be shown here: /rules/0/id"
        )
    );
}

#[test]
fn why_s3_does_not_take_them() {
    let rules = parse(&json!({"rules": [rule(json!({}))]})).unwrap();
    let tags = BTreeMap::from([("a".to_owned(), "b".to_owned())]);
    for (code, status, detail) in [
        (
            "InvalidRequest",
            422,
            "S3 refuses the rules (InvalidRequest)",
        ),
        ("NoSuchBucket", 404, "no bucket 'alpha'"),
        ("AccessDenied", 403, "S3 does not allow this (AccessDenied)"),
    ] {
        let mut s3 = store();
        s3.fail(
            "put_lifecycle",
            "alpha",
            ServiceError::code(Service::S3, code),
        );
        let put = put_lifecycle_rules(&s3, "alpha", &rules).now_or_never();
        let problem = put.unwrap().unwrap_err();
        assert_eq!((problem.status, problem.detail.as_str()), (status, detail));
    }
    let mut s3 = store();
    let error = ServiceError::code(Service::S3, "InvalidTag");
    s3.fail("replace_tags", "alpha", error);
    let put = put_bucket_tags(&s3, "alpha", &tags).now_or_never().unwrap();
    assert_eq!(put.unwrap_err().detail, "S3 refuses the tags (InvalidTag)");
}

#[test]
fn tags_are_put_read_and_deleted() {
    let s3 = store();
    let read = || bucket_tags(&s3, "alpha").now_or_never().unwrap().unwrap();
    let put = |tags| put_bucket_tags(&s3, "alpha", &tags).now_or_never().unwrap();
    let tags = BTreeMap::from([("a".to_owned(), "b".to_owned())]);
    put(tags.clone()).unwrap();
    assert_eq!(read(), tags);
    put(BTreeMap::new()).unwrap();
    assert_eq!(s3.get("alpha").unwrap().tags, None);
    put(tags).unwrap();
    delete_bucket_tags(&s3, "alpha")
        .now_or_never()
        .unwrap()
        .unwrap();
    assert_eq!(read(), BTreeMap::new());
}

proptest! {
    /// Whatever a rule holds, it is refused with a pointer into it or shown again as it was put.
    #[test]
    fn any_rule_is_refused_or_kept(
        id in ".{0,3}", days in -1i64..3, prefix in ".{0,3}", class in "GLACIER|MARS", extra in proptest::bool::ANY,
    ) {
        let mut sent = json!({"id": id, "enabled": true, "filter": {"prefix": prefix},
            "transitions": [{"days": days, "storage_class": class}]});
        if extra {
            sent["more"] = json!(1);
        }
        match parse(&json!({"rules": [sent]})) {
            Ok(rules) => {
                let shown = json!(rules);
                let again = parse(&json!({"rules": shown})).unwrap();
                prop_assert_eq!(again, rules);
            }
            Err(detail) => prop_assert!(detail.starts_with("/rules/0"), "{}", detail),
        }
    }
}

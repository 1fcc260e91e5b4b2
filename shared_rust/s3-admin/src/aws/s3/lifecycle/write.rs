//! Rules as S3 takes them.

use crate::lifecycle::{Expiration, Filter, NoncurrentTransition, Rule, Transition, When};
use aws_sdk_s3::error::BuildError;
use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::{
    AbortIncompleteMultipartUpload, BucketLifecycleConfiguration, ExpirationStatus,
    LifecycleExpiration, LifecycleRule, LifecycleRuleAndOperator, LifecycleRuleFilter,
    NoncurrentVersionExpiration, NoncurrentVersionTransition, Tag, Transition as SdkTransition,
    TransitionStorageClass,
};
use time::Date;

pub fn configuration(rules: &[Rule]) -> Result<BucketLifecycleConfiguration, BuildError> {
    let rules = rules.iter().map(rule).collect::<Result<_, _>>()?;
    BucketLifecycleConfiguration::builder()
        .set_rules(Some(rules))
        .build()
}

fn rule(rule: &Rule) -> Result<LifecycleRule, BuildError> {
    let status = if rule.enabled {
        ExpirationStatus::Enabled
    } else {
        ExpirationStatus::Disabled
    };
    let noncurrent = rule.noncurrent_expiration.map(|it| {
        NoncurrentVersionExpiration::builder()
            .noncurrent_days(it.days)
            .set_newer_noncurrent_versions(it.newer_versions)
            .build()
    });
    let abort = rule.abort_incomplete_upload_days.map(|days| {
        AbortIncompleteMultipartUpload::builder()
            .days_after_initiation(days)
            .build()
    });
    let (transitions, noncurrent_transitions) = (&rule.transitions, &rule.noncurrent_transitions);
    LifecycleRule::builder()
        .id(&rule.id)
        .status(status)
        .filter(filter(&rule.filter)?)
        .set_expiration(rule.expiration.map(expiration))
        .set_noncurrent_version_expiration(noncurrent)
        .set_transitions(some(transitions.iter().map(transition).collect()))
        .set_noncurrent_version_transitions(some(
            noncurrent_transitions
                .iter()
                .map(noncurrent_transition)
                .collect(),
        ))
        .set_abort_incomplete_multipart_upload(abort)
        .build()
}

/// S3 takes one condition as it is, and several within `And`.
fn filter(filter: &Filter) -> Result<LifecycleRuleFilter, BuildError> {
    let prefix = Some(filter.prefix.clone()).filter(|prefix| !prefix.is_empty());
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let mut tags = filter.tags.iter().map(tag).collect::<Result<Vec<_>, _>>()?;
    let conditions = usize::from(prefix.is_some())
        + tags.len()
        + usize::from(filter.size_greater_than.is_some())
        + usize::from(filter.size_less_than.is_some());
    let builder = LifecycleRuleFilter::builder();
    Ok(match conditions {
        0 => builder.prefix("").build(),
        1 => builder
            .set_prefix(prefix)
            .set_tag(tags.pop())
            .set_object_size_greater_than(filter.size_greater_than)
            .set_object_size_less_than(filter.size_less_than)
            .build(),
        _ => {
            let and = LifecycleRuleAndOperator::builder()
                .set_prefix(prefix)
                .set_tags(some(tags))
                .set_object_size_greater_than(filter.size_greater_than)
                .set_object_size_less_than(filter.size_less_than);
            builder.and(and.build()).build()
        }
    })
}

fn expiration(expiration: Expiration) -> LifecycleExpiration {
    let builder = LifecycleExpiration::builder();
    match expiration {
        Expiration::Days(days) => builder.days(days),
        Expiration::Date(date) => builder.date(midnight(date)),
        Expiration::ExpiredObjectDeleteMarker(remove) => {
            builder.expired_object_delete_marker(remove)
        }
    }
    .build()
}

fn transition(transition: &Transition) -> SdkTransition {
    let builder = SdkTransition::builder();
    match transition.when {
        When::Days(days) => builder.days(days),
        When::Date(date) => builder.date(midnight(date)),
    }
    .storage_class(TransitionStorageClass::from(
        transition.storage_class.as_str(),
    ))
    .build()
}

fn noncurrent_transition(transition: &NoncurrentTransition) -> NoncurrentVersionTransition {
    NoncurrentVersionTransition::builder()
        .noncurrent_days(transition.days)
        .set_newer_noncurrent_versions(transition.newer_versions)
        .storage_class(TransitionStorageClass::from(
            transition.storage_class.as_str(),
        ))
        .build()
}

fn midnight(date: Date) -> DateTime {
    DateTime::from_secs(date.midnight().assume_utc().unix_timestamp())
}

fn some<T>(items: Vec<T>) -> Option<Vec<T>> {
    Some(items).filter(|items| !items.is_empty())
}

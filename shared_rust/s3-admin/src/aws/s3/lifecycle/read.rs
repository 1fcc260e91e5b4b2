//! Rules as S3 has them. What a rule cannot say is not left out: its place, a JSON pointer, is the error.

use crate::lifecycle::{
    Expiration, Filter, NoncurrentExpiration, NoncurrentTransition, Rule, STORAGE_CLASSES,
    Transition, When,
};
use aws_sdk_s3::primitives::DateTime;
use aws_sdk_s3::types::{
    ExpirationStatus, LifecycleExpiration, LifecycleRule, LifecycleRuleAndOperator,
    LifecycleRuleFilter, NoncurrentVersionTransition, Tag, Transition as SdkTransition,
    TransitionStorageClass,
};
use std::collections::BTreeMap;
use time::{Date, OffsetDateTime, Time};

type Read<T> = Result<T, String>;

pub fn rules(rules: Vec<LifecycleRule>) -> Read<Vec<Rule>> {
    let numbered = rules.into_iter().enumerate();
    let read = |(index, found)| rule(found).map_err(|place| format!("/rules/{index}{place}"));
    numbered.map(read).collect()
}

fn rule(found: LifecycleRule) -> Read<Rule> {
    let enabled = match found.status {
        ExpirationStatus::Enabled => true,
        ExpirationStatus::Disabled => false,
        _ => return Err("/enabled".to_owned()),
    };
    // Rules made before filters have a prefix of their own, of the same meaning.
    #[expect(deprecated, reason = "S3 still answers it")]
    let prefix = found.prefix.unwrap_or_default();
    let filter = found.filter.map_or_else(|| Ok(Filter::default()), filter)?;
    let filter = if prefix.is_empty() {
        filter
    } else {
        Filter { prefix, ..filter }
    };
    let noncurrent = found.noncurrent_version_expiration.map(|it| {
        let days = it.noncurrent_days.ok_or("/noncurrent_expiration/days")?;
        Ok::<_, String>(NoncurrentExpiration {
            days,
            newer_versions: it.newer_noncurrent_versions,
        })
    });
    let abort = found.abort_incomplete_multipart_upload;
    let abort = abort.map(|it| {
        it.days_after_initiation
            .ok_or("/abort_incomplete_upload_days")
    });
    Ok(Rule {
        id: found.id.ok_or("/id")?,
        enabled,
        filter,
        expiration: found.expiration.map_or(Ok(None), expiration)?,
        noncurrent_expiration: noncurrent.transpose()?,
        transitions: each("/transitions", found.transitions, transition)?,
        noncurrent_transitions: each(
            "/noncurrent_transitions",
            found.noncurrent_version_transitions,
            noncurrent_transition,
        )?,
        abort_incomplete_upload_days: abort.transpose()?,
    })
}

fn each<From, To>(
    place: &str,
    found: Option<Vec<From>>,
    read: impl Fn(From) -> Read<To>,
) -> Read<Vec<To>> {
    let numbered = found.unwrap_or_default().into_iter().enumerate();
    numbered
        .map(|(index, item)| read(item).map_err(|below| format!("{place}/{index}{below}")))
        .collect()
}

fn filter(found: LifecycleRuleFilter) -> Read<Filter> {
    // A rule says "more than 0 bytes" only where S3 does not: within `And` that is how it shows no limit.
    if found.object_size_greater_than == Some(0) {
        return Err("/filter/size_greater_than".to_owned());
    }
    let alone = Filter {
        prefix: found.prefix.unwrap_or_default(),
        tags: found.tag.into_iter().map(pair).collect(),
        size_greater_than: found.object_size_greater_than,
        size_less_than: found.object_size_less_than,
    };
    Ok(found.and.map_or(alone, together))
}

fn together(found: LifecycleRuleAndOperator) -> Filter {
    let tags = found.tags.unwrap_or_default();
    Filter {
        prefix: found.prefix.unwrap_or_default(),
        tags: tags.into_iter().map(pair).collect::<BTreeMap<_, _>>(),
        size_greater_than: found.object_size_greater_than.filter(|size| *size > 0),
        size_less_than: found.object_size_less_than.filter(|size| *size > 0),
    }
}

fn pair(tag: Tag) -> (String, String) {
    (tag.key, tag.value)
}

fn expiration(found: LifecycleExpiration) -> Read<Option<Expiration>> {
    Ok(match (found.days, found.date) {
        (Some(days), None) if days > 0 => Some(Expiration::Days(days)),
        (None | Some(0), Some(date)) => Some(Expiration::Date(
            whole_date(&date).ok_or("/expiration/date")?,
        )),
        (None | Some(0), None) => found
            .expired_object_delete_marker
            .filter(|remove| *remove)
            .map(Expiration::ExpiredObjectDeleteMarker),
        _ => return Err("/expiration".to_owned()),
    })
}

fn transition(found: SdkTransition) -> Read<Transition> {
    let when = match (found.days, found.date) {
        (Some(days), None) => When::Days(days),
        (None, Some(date)) => When::Date(whole_date(&date).ok_or("/date")?),
        _ => return Err("/days".to_owned()),
    };
    Ok(Transition {
        when,
        storage_class: storage_class(found.storage_class.as_ref())?,
    })
}

fn noncurrent_transition(found: NoncurrentVersionTransition) -> Read<NoncurrentTransition> {
    Ok(NoncurrentTransition {
        days: found.noncurrent_days.ok_or("/days")?,
        newer_versions: found.newer_noncurrent_versions,
        storage_class: storage_class(found.storage_class.as_ref())?,
    })
}

fn storage_class(found: Option<&TransitionStorageClass>) -> Read<String> {
    let name = found.map_or("", TransitionStorageClass::as_str);
    let known = STORAGE_CLASSES.contains(&name);
    known
        .then(|| name.to_owned())
        .ok_or_else(|| "/storage_class".to_owned())
}

fn whole_date(moment: &DateTime) -> Option<Date> {
    let found = OffsetDateTime::from_unix_timestamp(moment.secs()).ok()?;
    (found.time() == Time::MIDNIGHT && moment.subsec_nanos() == 0).then(|| found.date())
}

#[cfg(test)]
mod tests {
    use super::super::write::configuration;
    use super::*;
    use crate::lifecycle::parse_rules;
    use serde_json::{Value, json};

    fn written(body: &Value) -> Vec<LifecycleRule> {
        let rules = parse_rules(body.as_object().unwrap()).unwrap();
        configuration(&rules).unwrap().rules
    }

    #[test]
    fn what_is_written_reads_the_same() {
        let body = json!({"rules": [
            {"id": "all", "enabled": true, "filter": {}, "expiration": {"days": 30}},
            {"id": "tag", "enabled": false, "filter": {"tags": {"a": ""}}, "expiration": {"date": "2030-01-31"}},
            {"id": "size", "enabled": true, "filter": {"size_less_than": 9},
             "transitions": [{"days": 0, "storage_class": "GLACIER"}, {"date": "2030-12-01", "storage_class": "DEEP_ARCHIVE"}]},
            {"id": "and", "enabled": true, "filter": {"prefix": "a/", "tags": {"a": "b", "c": "d"}, "size_greater_than": 1},
             "noncurrent_expiration": {"days": 3, "newer_versions": 2},
             "noncurrent_transitions": [{"days": 30, "newer_versions": 1, "storage_class": "STANDARD_IA"}]},
            {"id": "marker", "enabled": true, "filter": {"prefix": "b"},
             "expiration": {"expired_object_delete_marker": true}, "abort_incomplete_upload_days": 7},
        ]});
        let read = rules(written(&body)).unwrap();
        assert_eq!(json!({"rules": read}), body);
    }

    #[test]
    fn what_a_rule_cannot_say_is_named() {
        let body = json!({"rules": [
            {"id": "a", "enabled": true, "transitions": [{"days": 1, "storage_class": "GLACIER"}]},
            {"id": "b", "enabled": true, "expiration": {"date": "2030-01-31"}},
        ]});
        let [first, second] = <[LifecycleRule; 2]>::try_from(written(&body)).unwrap();
        let both = |change: &dyn Fn(&mut LifecycleRule, &mut LifecycleRule)| {
            let (mut first, mut second) = (first.clone(), second.clone());
            change(&mut first, &mut second);
            rules(vec![first, second]).unwrap_err()
        };
        let class = TransitionStorageClass::from("MARS");
        assert_eq!(
            both(
                &|first, _| first.transitions.as_mut().unwrap()[0].storage_class =
                    Some(class.clone())
            ),
            "/rules/0/transitions/0/storage_class"
        );
        assert_eq!(
            both(&|_, second| second.expiration.as_mut().unwrap().date =
                Some(DateTime::from_secs(1))),
            "/rules/1/expiration/date"
        );
        assert_eq!(both(&|_, second| second.id = None), "/rules/1/id");
        let filter = LifecycleRuleFilter::builder().object_size_greater_than(0);
        assert_eq!(
            both(&|first, _| first.filter = Some(filter.clone().build())),
            "/rules/0/filter/size_greater_than"
        );
    }

    #[test]
    fn what_s3_shows_within_and_without_meaning_it_is_left_out() {
        let and = LifecycleRuleAndOperator::builder()
            .prefix("")
            .object_size_greater_than(0)
            .object_size_less_than(5)
            .build();
        let filter = filter(LifecycleRuleFilter::builder().and(and).build()).unwrap();
        assert_eq!(json!(filter), json!({"size_less_than": 5}));
    }
}

//! Reads rules out of a request's body. Checks are in the order of the document, member by member as in openapi.yaml.

use super::node::{Members, Node};
use super::rule::{
    Expiration, Filter, NoncurrentExpiration, NoncurrentTransition, Rule, STORAGE_CLASSES,
    Transition, When,
};
use crate::body::check_fields;
use crate::buckets::tag_fault;
use crate::problem::Problem;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, HashMap};
use time::{Date, Month};

const MAX_RULES: usize = 1_000;
const MAX_ID: usize = 255;
const MAX_PREFIX_BYTES: usize = 1_024;
const MAX_NEWER_VERSIONS: i32 = 100;
/// What every JSON library reads exactly.
const MAX_SIZE: i64 = 9_007_199_254_740_991;
/// The least age that S3 lets objects move to infrequent access at.
const INFREQUENT_ACCESS_DAYS: i32 = 30;

const RULE: [&str; 8] = [
    "id",
    "enabled",
    "filter",
    "expiration",
    "noncurrent_expiration",
    "transitions",
    "noncurrent_transitions",
    "abort_incomplete_upload_days",
];

/// The rules of `{"rules": […]}`.
pub fn parse_rules(body: &Map<String, Value>) -> Result<Vec<Rule>, Problem> {
    check_fields(body, &["rules"])?;
    let missing = || Problem::bad_request("'rules' is required");
    let rules = Node::new("/rules", body.get("rules").ok_or_else(missing)?);
    let items = rules.items()?;
    if items.len() > MAX_RULES {
        return Err(rules.breaks(format_args!("must be at most {MAX_RULES} rules")));
    }
    let mut first_with = HashMap::new();
    let mut parsed = Vec::with_capacity(items.len());
    for (index, item) in items.iter().enumerate() {
        parsed.push(rule(item, index, &mut first_with)?);
    }
    Ok(parsed)
}

fn rule(
    node: &Node<'_>,
    index: usize,
    first_with: &mut HashMap<String, usize>,
) -> Result<Rule, Problem> {
    let members = node.object(&RULE)?;
    let id = id(&members.required("id")?, index, first_with)?;
    let enabled = members.required("enabled")?.truth()?;
    let rule = Rule {
        id,
        enabled,
        filter: optional(&members, "filter", filter)?.unwrap_or_default(),
        expiration: optional(&members, "expiration", expiration)?,
        noncurrent_expiration: optional(&members, "noncurrent_expiration", noncurrent_expiration)?,
        transitions: list(&members, "transitions", transition)?,
        noncurrent_transitions: list(&members, "noncurrent_transitions", noncurrent_transition)?,
        abort_incomplete_upload_days: optional(&members, "abort_incomplete_upload_days", |days| {
            days.whole_number(1..=i32::MAX)
        })?,
    };
    check_together(node, &members, &rule)?;
    Ok(rule)
}

/// What S3 does not let a rule have at once.
fn check_together(node: &Node<'_>, members: &Members<'_, '_>, rule: &Rule) -> Result<(), Problem> {
    let acts = rule.expiration.is_some()
        || rule.noncurrent_expiration.is_some()
        || !rule.transitions.is_empty()
        || !rule.noncurrent_transitions.is_empty()
        || rule.abort_incomplete_upload_days.is_some();
    if !acts {
        return Err(node.breaks("must have at least one action"));
    }
    let by_tags = !rule.filter.tags.is_empty();
    let by_size = rule.filter.size_greater_than.is_some() || rule.filter.size_less_than.is_some();
    let removes_markers = matches!(
        rule.expiration,
        Some(Expiration::ExpiredObjectDeleteMarker(_))
    );
    if by_tags && removes_markers {
        let place = members.required("expiration")?;
        return Err(place.breaks("must not remove delete markers by tags"));
    }
    if (by_tags || by_size) && rule.abort_incomplete_upload_days.is_some() {
        let place = members.required("abort_incomplete_upload_days")?;
        return Err(place.breaks("must not go with a filter by tags or size"));
    }
    Ok(())
}

fn id(
    node: &Node<'_>,
    index: usize,
    first_with: &mut HashMap<String, usize>,
) -> Result<String, Problem> {
    let text = node.text()?;
    if !(1..=MAX_ID).contains(&text.chars().count()) {
        return Err(node.breaks(format_args!("must be 1 to {MAX_ID} characters")));
    }
    match first_with.insert(text.to_owned(), index) {
        Some(first) => Err(node.breaks(format_args!("must differ from /rules/{first}/id"))),
        None => Ok(text.to_owned()),
    }
}

fn filter(node: &Node<'_>) -> Result<Filter, Problem> {
    let members = node.object(&["prefix", "tags", "size_greater_than", "size_less_than"])?;
    let size = |node: &Node<'_>| node.whole_number(1..=MAX_SIZE);
    let filter = Filter {
        prefix: optional(&members, "prefix", prefix)?.unwrap_or_default(),
        tags: optional(&members, "tags", tags)?.unwrap_or_default(),
        size_greater_than: optional(&members, "size_greater_than", size)?,
        size_less_than: optional(&members, "size_less_than", size)?,
    };
    match (filter.size_greater_than, filter.size_less_than) {
        (Some(least), Some(most)) if most <= least => {
            let place = members.required("size_less_than")?;
            Err(place.breaks("must be more than size_greater_than"))
        }
        _ => Ok(filter),
    }
}

fn prefix(node: &Node<'_>) -> Result<String, Problem> {
    let text = node.text()?;
    if text.len() > MAX_PREFIX_BYTES {
        return Err(node.breaks(format_args!("must be at most {MAX_PREFIX_BYTES} bytes")));
    }
    Ok(text.to_owned())
}

fn tags(node: &Node<'_>) -> Result<BTreeMap<String, String>, Problem> {
    let not_strings = || node.breaks("must be an object of strings");
    let object = node.any_object().map_err(|_| not_strings())?;
    let pair = |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
    let tags: Option<BTreeMap<_, _>> = object.iter().map(pair).collect();
    let tags = tags.ok_or_else(not_strings)?;
    let broken = tags
        .iter()
        .find_map(|(key, value)| Some((key, tag_fault(key, value)?)));
    match broken {
        Some((key, fault)) => Err(node.breaks(format_args!("tag '{key}': {fault}"))),
        None => Ok(tags),
    }
}

fn expiration(node: &Node<'_>) -> Result<Expiration, Problem> {
    const KINDS: [&str; 3] = ["days", "date", "expired_object_delete_marker"];
    let members = node.object(&KINDS)?;
    match members.exactly_one(&KINDS)? {
        ("days", days) => Ok(Expiration::Days(days.whole_number(1..=i32::MAX)?)),
        ("date", date) => Ok(Expiration::Date(calendar_date(&date)?)),
        (_, marker) if marker.truth() == Ok(true) => {
            Ok(Expiration::ExpiredObjectDeleteMarker(true))
        }
        (_, marker) => Err(marker.breaks("must be true")),
    }
}

fn noncurrent_expiration(node: &Node<'_>) -> Result<NoncurrentExpiration, Problem> {
    let members = node.object(&["days", "newer_versions"])?;
    Ok(NoncurrentExpiration {
        days: members.required("days")?.whole_number(1..=i32::MAX)?,
        newer_versions: optional(&members, "newer_versions", newer_versions)?,
    })
}

fn transition(node: &Node<'_>) -> Result<Transition, Problem> {
    let members = node.object(&["days", "date", "storage_class"])?;
    let (kind, place) = members.exactly_one(&["days", "date"])?;
    let when = match kind {
        "days" => When::Days(place.whole_number(0..=i32::MAX)?),
        _ => When::Date(calendar_date(&place)?),
    };
    let storage_class = members
        .required("storage_class")?
        .one_of(&STORAGE_CLASSES)?;
    if let When::Days(days) = when {
        check_age(&place, days, &storage_class)?;
    }
    Ok(Transition {
        when,
        storage_class,
    })
}

fn noncurrent_transition(node: &Node<'_>) -> Result<NoncurrentTransition, Problem> {
    let members = node.object(&["days", "newer_versions", "storage_class"])?;
    let place = members.required("days")?;
    let transition = NoncurrentTransition {
        days: place.whole_number(0..=i32::MAX)?,
        newer_versions: optional(&members, "newer_versions", newer_versions)?,
        storage_class: members
            .required("storage_class")?
            .one_of(&STORAGE_CLASSES)?,
    };
    check_age(&place, transition.days, &transition.storage_class)?;
    Ok(transition)
}

fn check_age(days_at: &Node<'_>, days: i32, storage_class: &str) -> Result<(), Problem> {
    if days < INFREQUENT_ACCESS_DAYS && storage_class.ends_with("_IA") {
        let rule = format_args!("must be at least {INFREQUENT_ACCESS_DAYS} for {storage_class}");
        return Err(days_at.breaks(rule));
    }
    Ok(())
}

fn newer_versions(node: &Node<'_>) -> Result<i32, Problem> {
    node.whole_number(1..=MAX_NEWER_VERSIONS)
}

/// `2030-01-31`, from 1970 on.
fn calendar_date(node: &Node<'_>) -> Result<Date, Problem> {
    let text = node.text()?;
    let read = || {
        let shape = text.bytes().enumerate().all(|(index, byte)| match index {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
        if text.len() != 10 || !shape {
            return None;
        }
        let (year, month, day) = (text.get(..4)?, text.get(5..7)?, text.get(8..)?);
        let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
        let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?);
        date.ok().filter(|date| date.year() >= 1970)
    };
    read().ok_or_else(|| node.breaks("must be a date such as 2030-01-31"))
}

fn optional<'body, T>(
    members: &Members<'_, 'body>,
    name: &str,
    read: impl FnOnce(&Node<'body>) -> Result<T, Problem>,
) -> Result<Option<T>, Problem> {
    members.get(name).map(|node| read(&node)).transpose()
}

fn list<'body, T>(
    members: &Members<'_, 'body>,
    name: &str,
    read: impl Fn(&Node<'body>) -> Result<T, Problem>,
) -> Result<Vec<T>, Problem> {
    let items = members.get(name).map(|node| node.items()).transpose()?;
    items.unwrap_or_default().iter().map(read).collect()
}

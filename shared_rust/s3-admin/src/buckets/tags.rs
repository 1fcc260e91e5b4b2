//! S3's limits on tags.

use crate::problem::Problem;
use serde_json::Value;
use std::collections::BTreeMap;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

const MAX_TAGS: usize = 50;
const MAX_KEY: usize = 128;
const MAX_VALUE: usize = 256;

/// The tags as they are. The problem is 400 for another type, 422 where it names a tag and its broken limit.
pub fn check_tags(value: &Value) -> Result<BTreeMap<String, String>, Problem> {
    let not_tags = || Problem::bad_request("'tags' must be an object of strings");
    let object = value.as_object().ok_or_else(not_tags)?;
    let pair = |(key, value): (&String, &Value)| Some((key.clone(), value.as_str()?.to_owned()));
    let tags: BTreeMap<_, _> = object
        .iter()
        .map(pair)
        .collect::<Option<_>>()
        .ok_or_else(not_tags)?;
    if tags.len() > MAX_TAGS {
        return Err(Problem::new(
            422,
            format!("'tags' must be at most {MAX_TAGS} tags"),
        ));
    }
    match tags
        .iter()
        .find_map(|(key, value)| Some((key, tag_fault(key, value)?)))
    {
        Some((key, fault)) => Err(Problem::new(422, format!("tag '{key}': {fault}"))),
        None => Ok(tags),
    }
}

/// Which limit one tag breaks first.
pub fn tag_fault(key: &str, value: &str) -> Option<String> {
    if !(1..=MAX_KEY).contains(&key.chars().count()) {
        return Some(format!("the key must be 1 to {MAX_KEY} characters"));
    }
    if key.to_lowercase().starts_with("aws:") {
        return Some("the key must not begin with 'aws:'".to_owned());
    }
    if value.chars().count() > MAX_VALUE {
        return Some(format!("the value must be at most {MAX_VALUE} characters"));
    }
    let allowed = key.chars().chain(value.chars()).all(allowed);
    (!allowed).then(|| "only letters, digits, spaces and _ . : / = + - @ are allowed".to_owned())
}

fn allowed(character: char) -> bool {
    "_.:/=+-@".contains(character)
        || matches!(
            character.general_category_group(),
            GeneralCategoryGroup::Letter
                | GeneralCategoryGroup::Number
                | GeneralCategoryGroup::Separator
        )
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn the_first_broken_limit_is_named() {
        let many: BTreeMap<_, _> = (0..51).map(|number| (number.to_string(), "")).collect();
        let cases = [
            (
                json!([]),
                400,
                "'tags' must be an object of strings".to_owned(),
            ),
            (
                json!({"a": 1}),
                400,
                "'tags' must be an object of strings".to_owned(),
            ),
            (
                json!(many),
                422,
                "'tags' must be at most 50 tags".to_owned(),
            ),
            (
                json!({"": ""}),
                422,
                "tag '': the key must be 1 to 128 characters".to_owned(),
            ),
            (
                json!({"b": "#", "AwS:a": ""}),
                422,
                "tag 'AwS:a': the key must not begin with 'aws:'".to_owned(),
            ),
            (
                json!({"a": "ä".repeat(257)}),
                422,
                "tag 'a': the value must be at most 256 characters".to_owned(),
            ),
            (
                json!({"a": "#"}),
                422,
                "tag 'a': only letters, digits, spaces and _ . : / = + - @ are allowed".to_owned(),
            ),
        ];
        for (tags, status, detail) in cases {
            let problem = check_tags(&tags).unwrap_err();
            assert_eq!((problem.status, problem.detail), (status, detail));
        }
        assert!(check_tags(&json!({"team ä": "日本 ²_.:/=+-@"})).is_ok());
    }
}

//! What a lifecycle rule is. A rule is shown without what it does not have, so that it can be put back as it was read.

use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use time::Date;

/// Where S3 moves objects to.
pub const STORAGE_CLASSES: [&str; 6] = [
    "STANDARD_IA",
    "ONEZONE_IA",
    "INTELLIGENT_TIERING",
    "GLACIER_IR",
    "GLACIER",
    "DEEP_ARCHIVE",
];

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Rule {
    pub id: String,
    pub enabled: bool,
    pub filter: Filter,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expiration: Option<Expiration>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub noncurrent_expiration: Option<NoncurrentExpiration>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub transitions: Vec<Transition>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub noncurrent_transitions: Vec<NoncurrentTransition>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub abort_incomplete_upload_days: Option<i32>,
}

/// Which objects a rule is for: those that meet every condition, so all when there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Filter {
    #[serde(skip_serializing_if = "String::is_empty")]
    pub prefix: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tags: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_greater_than: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub size_less_than: Option<i64>,
}

/// When something happens to a current version.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    Days(i32),
    #[serde(serialize_with = "iso")]
    Date(Date),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Expiration {
    Days(i32),
    #[serde(serialize_with = "iso")]
    Date(Date),
    /// Removes delete markers that no version is left behind; always true.
    ExpiredObjectDeleteMarker(bool),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct NoncurrentExpiration {
    pub days: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer_versions: Option<i32>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Transition {
    #[serde(flatten)]
    pub when: When,
    pub storage_class: String,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NoncurrentTransition {
    pub days: i32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub newer_versions: Option<i32>,
    pub storage_class: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "as serde calls it")]
fn iso<S: Serializer>(date: &Date, serializer: S) -> Result<S::Ok, S::Error> {
    let (year, month, day) = date.to_calendar_date();
    serializer.collect_str(&format_args!("{year:04}-{:02}-{day:02}", u8::from(month)))
}

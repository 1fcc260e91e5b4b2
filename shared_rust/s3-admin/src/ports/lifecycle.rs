//! Lifecycle rules and tags of a bucket, wherever it is.

use super::ServiceError;
use crate::lifecycle::Rule;
use std::collections::BTreeMap;

/// A bucket's lifecycle as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredRules {
    Rules(Vec<Rule>),
    /// It has something that [`Rule`] does not have, at this JSON pointer.
    Unknown(String),
}

pub trait Lifecycles: Sync {
    /// No rules where there is no configuration.
    fn lifecycle(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<StoredRules, ServiceError>> + Send;

    /// Replaces the configuration; `rules` are not empty.
    fn put_lifecycle(
        &self,
        bucket: &str,
        rules: &[Rule],
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    fn delete_lifecycle(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

pub trait TagChanges: Sync {
    /// Replaces all tags; `tags` are not empty.
    fn replace_tags(
        &self,
        bucket: &str,
        tags: &BTreeMap<String, String>,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    fn delete_tags(&self, bucket: &str) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

//! Lifecycle rules and tags of a bucket, wherever it is.

use super::ServiceError;
use crate::lifecycle::Rule;
use async_trait::async_trait;
use std::collections::BTreeMap;

/// A bucket's lifecycle as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoredRules {
    Rules(Vec<Rule>),
    /// It has something that [`Rule`] does not have, at this JSON pointer.
    Unknown(String),
}

#[async_trait]
pub trait Lifecycles: Sync {
    /// No rules where there is no configuration.
    async fn lifecycle(&self, bucket: &str) -> Result<StoredRules, ServiceError>;

    /// Replaces the configuration; `rules` are not empty.
    async fn put_lifecycle(&self, bucket: &str, rules: &[Rule]) -> Result<(), ServiceError>;

    async fn delete_lifecycle(&self, bucket: &str) -> Result<(), ServiceError>;
}

#[async_trait]
pub trait TagChanges: Sync {
    /// Replaces all tags; `tags` are not empty.
    async fn replace_tags(
        &self,
        bucket: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), ServiceError>;

    async fn delete_tags(&self, bucket: &str) -> Result<(), ServiceError>;
}

//! Lifecycle rules and tags in memory.

use super::MemoryS3;
use crate::lifecycle::Rule;
use crate::ports::{Lifecycles, ServiceError, StoredRules, TagChanges};
use async_trait::async_trait;
use std::collections::BTreeMap;

#[async_trait]
impl Lifecycles for MemoryS3 {
    async fn lifecycle(&self, name: &str) -> Result<StoredRules, ServiceError> {
        self.read("lifecycle", name, |bucket| {
            let stored = bucket.lifecycle.clone();
            stored.unwrap_or_else(|| StoredRules::Rules(Vec::new()))
        })
    }

    async fn put_lifecycle(&self, name: &str, rules: &[Rule]) -> Result<(), ServiceError> {
        self.change("put_lifecycle", name, |bucket| {
            bucket.lifecycle = Some(StoredRules::Rules(rules.to_vec()));
        })
    }

    async fn delete_lifecycle(&self, name: &str) -> Result<(), ServiceError> {
        self.change("delete_lifecycle", name, |bucket| bucket.lifecycle = None)
    }
}

#[async_trait]
impl TagChanges for MemoryS3 {
    async fn replace_tags(
        &self,
        name: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), ServiceError> {
        self.change("replace_tags", name, |bucket| {
            bucket.tags = Some(tags.clone());
        })
    }

    async fn delete_tags(&self, name: &str) -> Result<(), ServiceError> {
        self.change("delete_tags", name, |bucket| bucket.tags = None)
    }
}

//! Buckets and their settings.

use super::ServiceError;
use crate::timestamp::Timestamp;
use async_trait::async_trait;
use serde::Serialize;
use std::collections::BTreeMap;

/// A bucket as S3's own list has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BucketEntry {
    pub name: String,
    pub created_at: Option<Timestamp>,
}

/// Default encryption: its first rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Encryption {
    pub algorithm: String,
    pub bucket_key: bool,
}

/// The four parts of block public access.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "as S3 has them")]
pub struct PublicAccessBlock {
    pub block_public_acls: bool,
    pub ignore_public_acls: bool,
    pub block_public_policy: bool,
    pub restrict_public_buckets: bool,
}

/// Whether the bucket's policy makes it public.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PolicyStatus {
    pub is_public: bool,
}

/// Object lock and its default retention.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectLock {
    pub enabled: bool,
    pub mode: Option<String>,
    pub days: Option<i32>,
    pub years: Option<i32>,
}

/// Looks buckets and their settings up. A setting that a bucket does not have is `None`.
#[async_trait]
pub trait Buckets: Sync {
    async fn list(&self) -> Result<Vec<BucketEntry>, ServiceError>;

    /// The bucket's place in the list, if it is in it.
    async fn entry(&self, bucket: &str) -> Result<Option<BucketEntry>, ServiceError>;

    async fn region(&self, bucket: &str) -> Result<String, ServiceError>;

    /// `Enabled` or `Suspended`.
    async fn versioning(&self, bucket: &str) -> Result<Option<String>, ServiceError>;

    async fn encryption(&self, bucket: &str) -> Result<Option<Encryption>, ServiceError>;

    async fn public_access_block(
        &self,
        bucket: &str,
    ) -> Result<Option<PublicAccessBlock>, ServiceError>;

    async fn policy_status(&self, bucket: &str) -> Result<Option<PolicyStatus>, ServiceError>;

    async fn object_lock(&self, bucket: &str) -> Result<Option<ObjectLock>, ServiceError>;

    async fn tags(&self, bucket: &str) -> Result<Option<BTreeMap<String, String>>, ServiceError>;

    /// How many lifecycle rules there are.
    async fn lifecycle_rules(&self, bucket: &str) -> Result<Option<usize>, ServiceError>;

    /// Whether server access logs are written.
    async fn access_logging(&self, bucket: &str) -> Result<bool, ServiceError>;

    /// The bucket policy, JSON.
    async fn policy(&self, bucket: &str) -> Result<Option<String>, ServiceError>;
}

/// Makes, changes and deletes buckets. `region` is where the bucket is or is to be.
#[async_trait]
pub trait BucketChanges: Sync {
    /// The region of this function.
    fn home_region(&self) -> &str;

    async fn create(&self, bucket: &str, region: &str) -> Result<(), ServiceError>;

    async fn block_public_access(&self, bucket: &str, region: &str) -> Result<(), ServiceError>;

    /// Encrypts by default, with AES-256 and a bucket key.
    async fn encrypt(&self, bucket: &str, region: &str) -> Result<(), ServiceError>;

    async fn enable_versioning(&self, bucket: &str, region: &str) -> Result<(), ServiceError>;

    async fn put_tags(
        &self,
        bucket: &str,
        region: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), ServiceError>;

    async fn delete(&self, bucket: &str, region: &str) -> Result<(), ServiceError>;
}

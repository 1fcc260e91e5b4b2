//! Buckets and their settings.

use super::ServiceError;
use crate::timestamp::Timestamp;
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
pub trait Buckets: Sync {
    fn list(&self) -> impl Future<Output = Result<Vec<BucketEntry>, ServiceError>> + Send;

    /// The bucket's place in the list, if it is in it.
    fn entry(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<Option<BucketEntry>, ServiceError>> + Send;

    fn region(&self, bucket: &str) -> impl Future<Output = Result<String, ServiceError>> + Send;

    /// `Enabled` or `Suspended`.
    fn versioning(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<Option<String>, ServiceError>> + Send;

    fn encryption(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<Option<Encryption>, ServiceError>> + Send;

    fn public_access_block(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<Option<PublicAccessBlock>, ServiceError>> + Send;

    fn policy_status(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<Option<PolicyStatus>, ServiceError>> + Send;

    fn object_lock(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<Option<ObjectLock>, ServiceError>> + Send;

    fn tags(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<Option<BTreeMap<String, String>>, ServiceError>> + Send;

    /// How many lifecycle rules there are.
    fn lifecycle_rules(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<Option<usize>, ServiceError>> + Send;

    /// Whether server access logs are written.
    fn access_logging(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<bool, ServiceError>> + Send;

    /// The bucket policy, JSON.
    fn policy(
        &self,
        bucket: &str,
    ) -> impl Future<Output = Result<Option<String>, ServiceError>> + Send;
}

/// Makes, changes and deletes buckets. `region` is where the bucket is or is to be.
pub trait BucketChanges: Sync {
    /// The region of this function.
    fn home_region(&self) -> &str;

    fn create(
        &self,
        bucket: &str,
        region: &str,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    fn block_public_access(
        &self,
        bucket: &str,
        region: &str,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    /// Encrypts by default, with AES-256 and a bucket key.
    fn encrypt(
        &self,
        bucket: &str,
        region: &str,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    fn enable_versioning(
        &self,
        bucket: &str,
        region: &str,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    fn put_tags(
        &self,
        bucket: &str,
        region: &str,
        tags: &BTreeMap<String, String>,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;

    fn delete(
        &self,
        bucket: &str,
        region: &str,
    ) -> impl Future<Output = Result<(), ServiceError>> + Send;
}

//! Objects.

use super::ServiceError;
use crate::timestamp::Timestamp;
use async_trait::async_trait;
use serde::Serialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// One object of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectSummary {
    pub key: String,
    pub size: u64,
    /// Without the quotes around it.
    pub etag: String,
    pub storage_class: Cow<'static, str>,
    pub last_modified: Timestamp,
}

/// Which page of a listing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PageRequest {
    pub prefix: String,
    /// Only keys after this one; S3 heeds it on the first page.
    pub start_after: Option<String>,
    /// S3's own token for the next page.
    pub continuation: Option<String>,
}

/// Up to 1,000 objects in the order of their keys.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    pub objects: Vec<ObjectSummary>,
    /// Set when there is more.
    pub continuation: Option<String>,
}

/// Walks over keys: all that `usage` needs.
#[async_trait]
pub trait ObjectLister: Sync {
    async fn page(&self, bucket: &str, request: PageRequest) -> Result<Page, ServiceError>;
}

/// Which page of a listing that may be folded by a delimiter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FoldedRequest {
    pub prefix: String,
    pub delimiter: Option<String>,
    /// Objects and prefixes at most, 1 to 1,000.
    pub limit: usize,
    pub continuation: Option<String>,
}

/// Objects, and the prefixes that others were folded into.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FoldedPage {
    pub objects: Vec<ObjectSummary>,
    pub prefixes: Vec<String>,
    pub continuation: Option<String>,
}

/// What S3 tells of an object without sending it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ObjectHead {
    pub summary: ObjectSummary,
    pub content_type: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub version_id: Option<String>,
}

/// What a presigned URL lets its holder do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UrlMethod {
    Get,
    Put,
}

/// Objects of a bucket.
#[async_trait]
pub trait Objects: Sync {
    async fn list(&self, bucket: &str, request: FoldedRequest) -> Result<FoldedPage, ServiceError>;

    async fn head(&self, bucket: &str, key: &str) -> Result<ObjectHead, ServiceError>;

    async fn object_tags(
        &self,
        bucket: &str,
        key: &str,
    ) -> Result<BTreeMap<String, String>, ServiceError>;

    /// Deletes the object, or one version of it.
    async fn delete_object(
        &self,
        bucket: &str,
        key: &str,
        version_id: Option<&str>,
    ) -> Result<(), ServiceError>;

    /// A URL that is good for `seconds`, in the region that the bucket is in.
    async fn presign(
        &self,
        bucket: &str,
        key: &str,
        method: UrlMethod,
        seconds: u64,
    ) -> Result<String, ServiceError>;
}

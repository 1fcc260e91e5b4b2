//! Objects.

use super::ServiceError;
use crate::timestamp::Timestamp;
use std::borrow::Cow;

/// One object of a listing.
#[derive(Debug, Clone, PartialEq, Eq)]
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
pub trait ObjectLister: Sync {
    fn page(
        &self,
        bucket: &str,
        request: PageRequest,
    ) -> impl Future<Output = Result<Page, ServiceError>> + Send;
}

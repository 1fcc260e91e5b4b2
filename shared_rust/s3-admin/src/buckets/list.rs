//! The list of buckets.

use crate::ports::{BucketEntry, Buckets, ServiceError};
use crate::timestamp::Timestamp;
use futures_util::stream::{self, StreamExt};
use serde::Serialize;

/// Look-ups under way at once: enough to hide the latency of a call, few enough not to be throttled.
pub const CONCURRENCY: usize = 16;

/// One bucket of the list. A bucket whose region could not be looked up stays in it, with the reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ListedBucket {
    pub name: String,
    pub region: Option<String>,
    pub created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorCode>,
}

/// Why a part of an answer is missing: the service's own error code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ErrorCode {
    pub code: String,
}

impl From<&ServiceError> for ErrorCode {
    fn from(error: &ServiceError) -> Self {
        Self {
            code: error.short_code().to_owned(),
        }
    }
}

/// All buckets by name, each with its region.
pub async fn list_buckets(s3: &impl Buckets) -> Result<Vec<ListedBucket>, ServiceError> {
    let entries = s3.list().await?;
    let located = stream::iter(entries)
        .map(|entry| locate(s3, entry))
        .buffer_unordered(CONCURRENCY);
    let mut buckets: Vec<_> = located.collect().await;
    buckets.sort_by(|one, other| one.name.cmp(&other.name));
    Ok(buckets)
}

async fn locate(s3: &impl Buckets, entry: BucketEntry) -> ListedBucket {
    let located = s3.region(&entry.name).await;
    let error = located.as_ref().err().map(ErrorCode::from);
    ListedBucket {
        name: entry.name,
        region: located.ok(),
        created_at: entry.created_at,
        error,
    }
}

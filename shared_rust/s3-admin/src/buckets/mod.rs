//! Buckets and their settings.

mod details;
mod list;

pub use details::{BucketDetails, bucket_details};
pub use list::{CONCURRENCY, ErrorCode, ListedBucket, list_buckets};

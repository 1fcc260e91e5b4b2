//! Buckets and their settings.

mod changes;
mod details;
mod list;
mod names;
mod tag_changes;
mod tags;

pub use changes::{NewBucket, create_bucket, delete_bucket};
pub use details::{BucketDetails, bucket_details};
pub use list::{CONCURRENCY, ErrorCode, ListedBucket, list_buckets};
pub use names::check_name;
pub use tag_changes::{bucket_tags, delete_bucket_tags, put_bucket_tags};
pub use tags::{check_tags, tag_fault};

//! Buckets and their settings.

mod changes;
mod details;
mod list;
mod names;
mod tags;

pub use changes::{NewBucket, create_bucket, delete_bucket};
pub use details::{BucketDetails, bucket_details};
pub use list::{CONCURRENCY, ErrorCode, ListedBucket, list_buckets};
pub use names::check_name;
pub use tags::check_tags;

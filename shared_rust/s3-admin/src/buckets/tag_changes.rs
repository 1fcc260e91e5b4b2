//! A bucket's tags: reading, replacing and removing them.

use crate::ports::{Buckets, ServiceError, TagChanges};
use crate::problem::Problem;
use std::collections::BTreeMap;

/// The tags; none where S3 has no tag set.
pub async fn bucket_tags(
    s3: &impl Buckets,
    bucket: &str,
) -> Result<BTreeMap<String, String>, Problem> {
    let tags = s3.tags(bucket).await;
    let tags = tags.map_err(|error| error.about_bucket(bucket))?;
    Ok(tags.unwrap_or_default())
}

/// Replaces all tags. No tags are no tag set.
pub async fn put_bucket_tags(
    s3: &impl TagChanges,
    bucket: &str,
    tags: &BTreeMap<String, String>,
) -> Result<(), Problem> {
    if tags.is_empty() {
        return delete_bucket_tags(s3, bucket).await;
    }
    let put = s3.replace_tags(bucket, tags).await;
    put.map_err(|error| refused(error, bucket))
}

/// Removes all tags, if there are any.
pub async fn delete_bucket_tags(s3: &impl TagChanges, bucket: &str) -> Result<(), Problem> {
    let deleted = s3.delete_tags(bucket).await;
    deleted.map_err(|error| error.about_bucket(bucket))
}

/// S3 has the last word, on tags that AWS itself has set for example.
fn refused(error: ServiceError, bucket: &str) -> Problem {
    if error.is_code(&["InvalidTag", "InvalidTagError", "BadRequest"]) {
        let code = error.short_code();
        return Problem::new(422, format!("S3 refuses the tags ({code})"));
    }
    error.about_bucket(bucket)
}

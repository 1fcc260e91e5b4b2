//! Tags of a bucket, wherever it is.

use super::S3;
use super::changes::not_built;
use crate::ports::{ServiceError, TagChanges};
use async_trait::async_trait;
use aws_sdk_s3::error::BuildError;
use aws_sdk_s3::types::{Tag, Tagging};
use std::collections::BTreeMap;

pub(super) fn tagging(tags: &BTreeMap<String, String>) -> Result<Tagging, BuildError> {
    let tag = |(key, value): (&String, &String)| Tag::builder().key(key).value(value).build();
    let tags = tags.iter().map(tag).collect::<Result<_, _>>()?;
    Tagging::builder().set_tag_set(Some(tags)).build()
}

#[async_trait]
impl TagChanges for S3 {
    async fn replace_tags(
        &self,
        bucket: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), ServiceError> {
        let tagging = tagging(tags).map_err(not_built)?;
        let send = |s3: aws_sdk_s3::Client| {
            let call = s3.put_bucket_tagging().bucket(bucket);
            call.tagging(tagging.clone()).send()
        };
        self.regions.call(bucket, send).await.map(|_| ())
    }

    async fn delete_tags(&self, bucket: &str) -> Result<(), ServiceError> {
        let send = |s3: aws_sdk_s3::Client| s3.delete_bucket_tagging().bucket(bucket).send();
        self.regions.call(bucket, send).await.map(|_| ())
    }
}

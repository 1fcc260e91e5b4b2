//! Lifecycle rules of a bucket, wherever it is.

mod read;
mod write;

use super::S3;
use super::changes::not_built;
use super::settings::optional;
use crate::lifecycle::Rule;
use crate::ports::{Lifecycles, ServiceError, StoredRules};
use async_trait::async_trait;
use aws_sdk_s3::Client;
use aws_sdk_s3::types::TransitionDefaultMinimumObjectSize;

#[async_trait]
impl Lifecycles for S3 {
    async fn lifecycle(&self, bucket: &str) -> Result<StoredRules, ServiceError> {
        let send = |s3: Client| {
            s3.get_bucket_lifecycle_configuration()
                .bucket(bucket)
                .send()
        };
        let answer = optional(
            self.regions.call(bucket, send).await,
            "NoSuchLifecycleConfiguration",
        )?;
        let Some(answer) = answer else {
            return Ok(StoredRules::Rules(Vec::new()));
        };
        let usual = TransitionDefaultMinimumObjectSize::AllStorageClasses128K;
        let minimum = answer.transition_default_minimum_object_size;
        if minimum.is_some_and(|minimum| minimum != usual) {
            return Ok(StoredRules::Unknown(
                "/transition_default_minimum_object_size".to_owned(),
            ));
        }
        let rules = read::rules(answer.rules.unwrap_or_default());
        Ok(rules.map_or_else(StoredRules::Unknown, StoredRules::Rules))
    }

    async fn put_lifecycle(&self, bucket: &str, rules: &[Rule]) -> Result<(), ServiceError> {
        let configuration = write::configuration(rules).map_err(not_built)?;
        let send = |s3: Client| {
            s3.put_bucket_lifecycle_configuration()
                .bucket(bucket)
                .lifecycle_configuration(configuration.clone())
                .send()
        };
        self.regions.call(bucket, send).await.map(|_| ())
    }

    async fn delete_lifecycle(&self, bucket: &str) -> Result<(), ServiceError> {
        let send = |s3: Client| s3.delete_bucket_lifecycle().bucket(bucket).send();
        self.regions.call(bucket, send).await.map(|_| ())
    }
}

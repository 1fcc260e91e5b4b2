//! A bucket's settings. What S3 has an error code for when it is not set is `None` here.

use super::S3;
use crate::ports::{Encryption, ObjectLock, PolicyStatus, PublicAccessBlock, ServiceError};
use aws_sdk_s3::types::{ObjectLockEnabled, ServerSideEncryption};
use std::collections::BTreeMap;

/// `None` when the error says that there is no such setting.
pub(super) fn optional<T>(
    answer: Result<T, ServiceError>,
    missing: &str,
) -> Result<Option<T>, ServiceError> {
    match answer {
        Err(error) if error.is_code(&[missing]) => Ok(None),
        answer => answer.map(Some),
    }
}

impl S3 {
    pub(super) async fn get_versioning(
        &self,
        bucket: &str,
    ) -> Result<Option<String>, ServiceError> {
        let answer = self
            .regions
            .call(bucket, |s3| {
                s3.get_bucket_versioning().bucket(bucket).send()
            })
            .await?;
        Ok(answer.status.map(|status| status.as_str().to_owned()))
    }

    pub(super) async fn get_encryption(
        &self,
        bucket: &str,
    ) -> Result<Option<Encryption>, ServiceError> {
        let answer = self
            .regions
            .call(bucket, |s3| {
                s3.get_bucket_encryption().bucket(bucket).send()
            })
            .await;
        let answer = optional(answer, "ServerSideEncryptionConfigurationNotFoundError")?;
        let rules = answer
            .and_then(|answer| answer.server_side_encryption_configuration)
            .map(|it| it.rules);
        let rule = rules.and_then(|rules| rules.into_iter().next());
        Ok(rule.map(|rule| {
            let by_default = rule.apply_server_side_encryption_by_default;
            let algorithm = by_default.map_or(ServerSideEncryption::Aes256, |it| it.sse_algorithm);
            let bucket_key = rule.bucket_key_enabled.unwrap_or(false);
            Encryption {
                algorithm: algorithm.as_str().to_owned(),
                bucket_key,
            }
        }))
    }

    pub(super) async fn get_public_access_block(
        &self,
        bucket: &str,
    ) -> Result<Option<PublicAccessBlock>, ServiceError> {
        let answer = self
            .regions
            .call(bucket, |s3| {
                s3.get_public_access_block().bucket(bucket).send()
            })
            .await;
        let answer = optional(answer, "NoSuchPublicAccessBlockConfiguration")?;
        let configuration = answer.and_then(|answer| answer.public_access_block_configuration);
        Ok(configuration.map(|it| PublicAccessBlock {
            block_public_acls: it.block_public_acls.unwrap_or(false),
            ignore_public_acls: it.ignore_public_acls.unwrap_or(false),
            block_public_policy: it.block_public_policy.unwrap_or(false),
            restrict_public_buckets: it.restrict_public_buckets.unwrap_or(false),
        }))
    }

    pub(super) async fn get_policy_status(
        &self,
        bucket: &str,
    ) -> Result<Option<PolicyStatus>, ServiceError> {
        let answer = self
            .regions
            .call(bucket, |s3| {
                s3.get_bucket_policy_status().bucket(bucket).send()
            })
            .await;
        let status =
            optional(answer, "NoSuchBucketPolicy")?.and_then(|answer| answer.policy_status);
        Ok(status.map(|status| PolicyStatus {
            is_public: status.is_public.unwrap_or(false),
        }))
    }

    pub(super) async fn get_object_lock(
        &self,
        bucket: &str,
    ) -> Result<Option<ObjectLock>, ServiceError> {
        let answer = self
            .regions
            .call(bucket, |s3| {
                s3.get_object_lock_configuration().bucket(bucket).send()
            })
            .await;
        let answer = optional(answer, "ObjectLockConfigurationNotFoundError")?;
        Ok(answer
            .and_then(|answer| answer.object_lock_configuration)
            .map(|it| {
                let retention = it.rule.and_then(|rule| rule.default_retention);
                ObjectLock {
                    enabled: it.object_lock_enabled == Some(ObjectLockEnabled::Enabled),
                    mode: retention
                        .as_ref()
                        .and_then(|it| it.mode.as_ref())
                        .map(|mode| mode.as_str().to_owned()),
                    days: retention.as_ref().and_then(|it| it.days),
                    years: retention.as_ref().and_then(|it| it.years),
                }
            }))
    }

    pub(super) async fn get_tags(
        &self,
        bucket: &str,
    ) -> Result<Option<BTreeMap<String, String>>, ServiceError> {
        let answer = self
            .regions
            .call(bucket, |s3| s3.get_bucket_tagging().bucket(bucket).send())
            .await;
        let tags = optional(answer, "NoSuchTagSet")?.map(|answer| answer.tag_set);
        Ok(tags.map(|tags| tags.into_iter().map(|tag| (tag.key, tag.value)).collect()))
    }

    pub(super) async fn count_lifecycle_rules(
        &self,
        bucket: &str,
    ) -> Result<Option<usize>, ServiceError> {
        let send = |s3: aws_sdk_s3::Client| {
            s3.get_bucket_lifecycle_configuration()
                .bucket(bucket)
                .send()
        };
        let answer = optional(
            self.regions.call(bucket, send).await,
            "NoSuchLifecycleConfiguration",
        )?;
        Ok(answer.map(|answer| answer.rules.map_or(0, |rules| rules.len())))
    }

    pub(super) async fn get_access_logging(&self, bucket: &str) -> Result<bool, ServiceError> {
        let answer = self
            .regions
            .call(bucket, |s3| s3.get_bucket_logging().bucket(bucket).send())
            .await?;
        Ok(answer.logging_enabled.is_some())
    }

    pub(super) async fn get_policy(&self, bucket: &str) -> Result<Option<String>, ServiceError> {
        let answer = self
            .regions
            .call(bucket, |s3| s3.get_bucket_policy().bucket(bucket).send())
            .await;
        Ok(optional(answer, "NoSuchBucketPolicy")?.and_then(|answer| answer.policy))
    }
}

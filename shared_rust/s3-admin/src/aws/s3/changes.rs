//! Changes of buckets.

use super::S3;
use super::tags::tagging;
use crate::aws::errors::service_error;
use crate::ports::{BucketChanges, Service, ServiceError};
use async_trait::async_trait;
use aws_sdk_s3::config::http::HttpResponse;
use aws_sdk_s3::error::{BuildError, ProvideErrorMetadata, SdkError};
use aws_sdk_s3::types::{
    BucketLocationConstraint, BucketVersioningStatus, CreateBucketConfiguration,
    PublicAccessBlockConfiguration, ServerSideEncryption, ServerSideEncryptionByDefault,
    ServerSideEncryptionConfiguration, ServerSideEncryptionRule, VersioningConfiguration,
};
use std::collections::BTreeMap;

/// S3's oldest region is the one without a location constraint.
const WITHOUT_CONSTRAINT: &str = "us-east-1";

fn done<T, E: ProvideErrorMetadata>(
    answer: Result<T, SdkError<E, HttpResponse>>,
) -> Result<(), ServiceError> {
    answer
        .map(|_| ())
        .map_err(|error| service_error(Service::S3, &error))
}

/// A request that the SDK would not build. Its required members are all given here.
pub(super) fn not_built(_: BuildError) -> ServiceError {
    ServiceError::code(Service::S3, "InvalidRequest")
}

#[async_trait]
impl BucketChanges for S3 {
    fn home_region(&self) -> &str {
        self.regions.home_name()
    }

    async fn create(&self, bucket: &str, region: &str) -> Result<(), ServiceError> {
        let place = (region != WITHOUT_CONSTRAINT).then(|| {
            let constraint = BucketLocationConstraint::from(region);
            CreateBucketConfiguration::builder()
                .location_constraint(constraint)
                .build()
        });
        let call = self.regions.client(region).create_bucket().bucket(bucket);
        done(call.set_create_bucket_configuration(place).send().await)?;
        self.regions.learn(bucket, region);
        Ok(())
    }

    async fn block_public_access(&self, bucket: &str, region: &str) -> Result<(), ServiceError> {
        let private = PublicAccessBlockConfiguration::builder()
            .block_public_acls(true)
            .ignore_public_acls(true)
            .block_public_policy(true)
            .restrict_public_buckets(true)
            .build();
        let call = self
            .regions
            .client(region)
            .put_public_access_block()
            .bucket(bucket);
        done(call.public_access_block_configuration(private).send().await)
    }

    async fn encrypt(&self, bucket: &str, region: &str) -> Result<(), ServiceError> {
        let by_default =
            ServerSideEncryptionByDefault::builder().sse_algorithm(ServerSideEncryption::Aes256);
        let by_default = by_default.build().map_err(not_built)?;
        let rule =
            ServerSideEncryptionRule::builder().apply_server_side_encryption_by_default(by_default);
        let rules = ServerSideEncryptionConfiguration::builder()
            .rules(rule.bucket_key_enabled(true).build());
        let call = self
            .regions
            .client(region)
            .put_bucket_encryption()
            .bucket(bucket);
        done(
            call.server_side_encryption_configuration(rules.build().map_err(not_built)?)
                .send()
                .await,
        )
    }

    async fn enable_versioning(&self, bucket: &str, region: &str) -> Result<(), ServiceError> {
        let enabled = VersioningConfiguration::builder()
            .status(BucketVersioningStatus::Enabled)
            .build();
        let call = self
            .regions
            .client(region)
            .put_bucket_versioning()
            .bucket(bucket);
        done(call.versioning_configuration(enabled).send().await)
    }

    async fn put_tags(
        &self,
        bucket: &str,
        region: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), ServiceError> {
        let tagging = tagging(tags).map_err(not_built)?;
        done(
            self.regions
                .client(region)
                .put_bucket_tagging()
                .bucket(bucket)
                .tagging(tagging)
                .send()
                .await,
        )
    }

    async fn delete(&self, bucket: &str, region: &str) -> Result<(), ServiceError> {
        done(
            self.regions
                .client(region)
                .delete_bucket()
                .bucket(bucket)
                .send()
                .await,
        )
    }
}

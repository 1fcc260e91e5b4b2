//! Buckets and their settings.

use super::S3;
use crate::aws::errors::service_error;
use crate::ports::{
    BucketEntry, Buckets, Encryption, ObjectLock, PolicyStatus, PublicAccessBlock, Service,
    ServiceError,
};
use crate::timestamp::Timestamp;
use async_trait::async_trait;
use aws_sdk_s3::types::Bucket;
use std::collections::BTreeMap;

#[async_trait]
impl Buckets for S3 {
    async fn list(&self) -> Result<Vec<BucketEntry>, ServiceError> {
        let mut pages = self.regions.home().list_buckets().into_paginator().send();
        let mut entries = Vec::new();
        while let Some(page) = pages.next().await {
            let page = page.map_err(|error| service_error(Service::S3, &error))?;
            entries.extend(page.buckets.unwrap_or_default().into_iter().map(entry));
        }
        Ok(entries)
    }

    async fn region(&self, bucket: &str) -> Result<String, ServiceError> {
        let answer = self
            .regions
            .call(bucket, |client| {
                client.get_bucket_location().bucket(bucket).send()
            })
            .await?;
        let constraint = answer.location_constraint();
        // The two oldest regions answer with names of their own.
        let region = match constraint.map_or("", |constraint| constraint.as_str()) {
            "" => "us-east-1",
            "EU" => "eu-west-1",
            name => name,
        };
        self.regions.learn(bucket, region);
        Ok(region.to_owned())
    }
    async fn entry(&self, bucket: &str) -> Result<Option<BucketEntry>, ServiceError> {
        let answer = self
            .regions
            .home()
            .list_buckets()
            .prefix(bucket)
            .send()
            .await;
        let answer = answer.map_err(|error| service_error(Service::S3, &error))?;
        let mut buckets = answer.buckets.unwrap_or_default().into_iter();
        Ok(buckets
            .find(|found| found.name.as_deref() == Some(bucket))
            .map(entry))
    }

    async fn versioning(&self, bucket: &str) -> Result<Option<String>, ServiceError> {
        self.get_versioning(bucket).await
    }

    async fn encryption(&self, bucket: &str) -> Result<Option<Encryption>, ServiceError> {
        self.get_encryption(bucket).await
    }

    async fn public_access_block(
        &self,
        bucket: &str,
    ) -> Result<Option<PublicAccessBlock>, ServiceError> {
        self.get_public_access_block(bucket).await
    }

    async fn policy_status(&self, bucket: &str) -> Result<Option<PolicyStatus>, ServiceError> {
        self.get_policy_status(bucket).await
    }

    async fn object_lock(&self, bucket: &str) -> Result<Option<ObjectLock>, ServiceError> {
        self.get_object_lock(bucket).await
    }

    async fn tags(&self, bucket: &str) -> Result<Option<BTreeMap<String, String>>, ServiceError> {
        self.get_tags(bucket).await
    }

    async fn lifecycle_rules(&self, bucket: &str) -> Result<Option<usize>, ServiceError> {
        self.count_lifecycle_rules(bucket).await
    }

    async fn access_logging(&self, bucket: &str) -> Result<bool, ServiceError> {
        self.get_access_logging(bucket).await
    }

    async fn policy(&self, bucket: &str) -> Result<Option<String>, ServiceError> {
        self.get_policy(bucket).await
    }
}

fn entry(bucket: Bucket) -> BucketEntry {
    BucketEntry {
        name: bucket.name.unwrap_or_default(),
        created_at: bucket
            .creation_date
            .map(|moment| Timestamp::from_unix(moment.secs())),
    }
}

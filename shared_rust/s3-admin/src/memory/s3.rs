//! S3 in memory.

use crate::ports::{
    BucketEntry, Buckets, Encryption, ObjectLister, ObjectLock, ObjectSummary, Page, PageRequest,
    PolicyStatus, PublicAccessBlock, Service, ServiceError,
};
use crate::timestamp::Timestamp;
use std::collections::{BTreeMap, HashMap};

/// A bucket with its objects and settings.
#[derive(Debug, Clone, Default)]
pub struct MemoryBucket {
    pub region: String,
    pub created_at: Option<Timestamp>,
    pub versioning: Option<String>,
    pub encryption: Option<Encryption>,
    pub public_access_block: Option<PublicAccessBlock>,
    pub policy_status: Option<PolicyStatus>,
    pub object_lock: Option<ObjectLock>,
    pub tags: Option<BTreeMap<String, String>>,
    pub lifecycle_rules: Option<usize>,
    pub objects: BTreeMap<String, ObjectSummary>,
}

impl MemoryBucket {
    pub fn put(&mut self, object: ObjectSummary) {
        self.objects.insert(object.key.clone(), object);
    }
}

/// S3 with a few buckets, in pages of a chosen size.
#[derive(Debug)]
pub struct MemoryS3 {
    pub page_size: usize,
    pub buckets: BTreeMap<String, MemoryBucket>,
    failures: HashMap<(&'static str, String), ServiceError>,
}

impl Default for MemoryS3 {
    fn default() -> Self {
        Self {
            page_size: 1_000,
            buckets: BTreeMap::new(),
            failures: HashMap::new(),
        }
    }
}

impl MemoryS3 {
    /// Makes every call of `operation` (a method of the port) on `bucket` fail.
    pub fn fail(&mut self, operation: &'static str, bucket: &str, error: ServiceError) {
        self.failures.insert((operation, bucket.to_owned()), error);
    }

    fn bucket(&self, operation: &'static str, name: &str) -> Result<&MemoryBucket, ServiceError> {
        if let Some(error) = self.failures.get(&(operation, name.to_owned())) {
            return Err(error.clone());
        }
        self.buckets
            .get(name)
            .ok_or_else(|| ServiceError::code(Service::S3, "NoSuchBucket"))
    }
}

impl ObjectLister for MemoryS3 {
    async fn page(&self, bucket: &str, request: PageRequest) -> Result<Page, ServiceError> {
        let objects = &self.bucket("page", bucket)?.objects;
        let after = request
            .continuation
            .or(request.start_after)
            .unwrap_or_default();
        let matching = objects
            .values()
            .filter(|object| object.key.starts_with(&request.prefix) && object.key > after);
        let mut page: Vec<_> = matching.take(self.page_size + 1).cloned().collect();
        let more = page.len() > self.page_size;
        page.truncate(self.page_size);
        let continuation = page
            .last()
            .filter(|_| more)
            .map(|object| object.key.clone());
        Ok(Page {
            objects: page,
            continuation,
        })
    }
}

impl Buckets for MemoryS3 {
    async fn list(&self) -> Result<Vec<BucketEntry>, ServiceError> {
        let entry = |(name, bucket): (&String, &MemoryBucket)| BucketEntry {
            name: name.clone(),
            created_at: bucket.created_at,
        };
        // S3 promises no order.
        Ok(self.buckets.iter().rev().map(entry).collect())
    }

    async fn entry(&self, bucket: &str) -> Result<Option<BucketEntry>, ServiceError> {
        match self.bucket("entry", bucket) {
            Err(error) if error.is_code(&["NoSuchBucket"]) => Ok(None),
            found => found.map(|found| {
                Some(BucketEntry {
                    name: bucket.to_owned(),
                    created_at: found.created_at,
                })
            }),
        }
    }

    async fn region(&self, bucket: &str) -> Result<String, ServiceError> {
        Ok(self.bucket("region", bucket)?.region.clone())
    }

    async fn versioning(&self, bucket: &str) -> Result<Option<String>, ServiceError> {
        Ok(self.bucket("versioning", bucket)?.versioning.clone())
    }

    async fn encryption(&self, bucket: &str) -> Result<Option<Encryption>, ServiceError> {
        Ok(self.bucket("encryption", bucket)?.encryption.clone())
    }

    async fn public_access_block(
        &self,
        bucket: &str,
    ) -> Result<Option<PublicAccessBlock>, ServiceError> {
        Ok(self
            .bucket("public_access_block", bucket)?
            .public_access_block)
    }

    async fn policy_status(&self, bucket: &str) -> Result<Option<PolicyStatus>, ServiceError> {
        Ok(self.bucket("policy_status", bucket)?.policy_status)
    }

    async fn object_lock(&self, bucket: &str) -> Result<Option<ObjectLock>, ServiceError> {
        Ok(self.bucket("object_lock", bucket)?.object_lock.clone())
    }

    async fn tags(&self, bucket: &str) -> Result<Option<BTreeMap<String, String>>, ServiceError> {
        Ok(self.bucket("tags", bucket)?.tags.clone())
    }

    async fn lifecycle_rules(&self, bucket: &str) -> Result<Option<usize>, ServiceError> {
        Ok(self.bucket("lifecycle_rules", bucket)?.lifecycle_rules)
    }
}

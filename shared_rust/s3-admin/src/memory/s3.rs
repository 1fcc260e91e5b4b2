//! S3 in memory.

use crate::ports::{
    BucketChanges, BucketEntry, Buckets, Encryption, ObjectLister, ObjectLock, ObjectSummary, Page,
    PageRequest, PolicyStatus, PublicAccessBlock, Service, ServiceError, StoredRules,
};
use crate::timestamp::Timestamp;
use async_trait::async_trait;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

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
    pub lifecycle: Option<StoredRules>,
    pub lifecycle_rules: Option<usize>,
    pub access_logging: bool,
    pub policy: Option<String>,
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
    page_size: usize,
    buckets: Mutex<BTreeMap<String, MemoryBucket>>,
    failures: HashMap<(&'static str, String), ServiceError>,
}

impl Default for MemoryS3 {
    fn default() -> Self {
        Self::with_page_size(1_000)
    }
}

impl MemoryS3 {
    pub fn with_page_size(page_size: usize) -> Self {
        Self {
            page_size,
            buckets: Mutex::default(),
            failures: HashMap::new(),
        }
    }

    pub fn put(&self, name: &str, bucket: MemoryBucket) {
        self.buckets().insert(name.to_owned(), bucket);
    }

    /// The bucket as it is now.
    pub fn get(&self, name: &str) -> Option<MemoryBucket> {
        self.buckets().get(name).cloned()
    }

    /// Makes every call of `operation` (a method of the port) on `bucket` fail.
    pub fn fail(&mut self, operation: &'static str, bucket: &str, error: ServiceError) {
        self.failures.insert((operation, bucket.to_owned()), error);
    }

    fn buckets(&self) -> MutexGuard<'_, BTreeMap<String, MemoryBucket>> {
        self.buckets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn check(&self, operation: &'static str, name: &str) -> Result<(), ServiceError> {
        let failure = self.failures.get(&(operation, name.to_owned()));
        failure.map_or(Ok(()), |error| Err(error.clone()))
    }

    pub(super) fn read<T>(
        &self,
        operation: &'static str,
        name: &str,
        read: impl FnOnce(&MemoryBucket) -> T,
    ) -> Result<T, ServiceError> {
        self.change(operation, name, |bucket| read(bucket))
    }

    pub(super) fn change<T>(
        &self,
        operation: &'static str,
        name: &str,
        change: impl FnOnce(&mut MemoryBucket) -> T,
    ) -> Result<T, ServiceError> {
        self.check(operation, name)?;
        let mut buckets = self.buckets();
        buckets
            .get_mut(name)
            .map(change)
            .ok_or_else(|| ServiceError::code(Service::S3, "NoSuchBucket"))
    }
}

#[async_trait]
impl ObjectLister for MemoryS3 {
    async fn page(&self, bucket: &str, request: PageRequest) -> Result<Page, ServiceError> {
        self.read("page", bucket, |bucket| {
            let after = request
                .continuation
                .or(request.start_after)
                .unwrap_or_default();
            let matching = bucket
                .objects
                .values()
                .filter(|object| object.key.starts_with(&request.prefix) && object.key > after);
            let mut page: Vec<_> = matching.take(self.page_size + 1).cloned().collect();
            let more = page.len() > self.page_size;
            page.truncate(self.page_size);
            let continuation = page
                .last()
                .filter(|_| more)
                .map(|object| object.key.clone());
            Page {
                objects: page,
                continuation,
            }
        })
    }
}

#[async_trait]
impl Buckets for MemoryS3 {
    async fn list(&self) -> Result<Vec<BucketEntry>, ServiceError> {
        let entry = |(name, bucket): (&String, &MemoryBucket)| BucketEntry {
            name: name.clone(),
            created_at: bucket.created_at,
        };
        // S3 promises no order.
        Ok(self.buckets().iter().rev().map(entry).collect())
    }

    async fn entry(&self, name: &str) -> Result<Option<BucketEntry>, ServiceError> {
        self.check("entry", name)?;
        let entry = |bucket: MemoryBucket| BucketEntry {
            name: name.to_owned(),
            created_at: bucket.created_at,
        };
        Ok(self.get(name).map(entry))
    }

    async fn region(&self, name: &str) -> Result<String, ServiceError> {
        self.read("region", name, |bucket| bucket.region.clone())
    }

    async fn versioning(&self, name: &str) -> Result<Option<String>, ServiceError> {
        self.read("versioning", name, |bucket| bucket.versioning.clone())
    }

    async fn encryption(&self, name: &str) -> Result<Option<Encryption>, ServiceError> {
        self.read("encryption", name, |bucket| bucket.encryption.clone())
    }

    async fn public_access_block(
        &self,
        name: &str,
    ) -> Result<Option<PublicAccessBlock>, ServiceError> {
        self.read("public_access_block", name, |bucket| {
            bucket.public_access_block
        })
    }

    async fn policy_status(&self, name: &str) -> Result<Option<PolicyStatus>, ServiceError> {
        self.read("policy_status", name, |bucket| bucket.policy_status)
    }

    async fn object_lock(&self, name: &str) -> Result<Option<ObjectLock>, ServiceError> {
        self.read("object_lock", name, |bucket| bucket.object_lock.clone())
    }

    async fn tags(&self, name: &str) -> Result<Option<BTreeMap<String, String>>, ServiceError> {
        self.read("tags", name, |bucket| bucket.tags.clone())
    }

    async fn lifecycle_rules(&self, name: &str) -> Result<Option<usize>, ServiceError> {
        self.read("lifecycle_rules", name, |bucket| bucket.lifecycle_rules)
    }

    async fn access_logging(&self, name: &str) -> Result<bool, ServiceError> {
        self.read("access_logging", name, |bucket| bucket.access_logging)
    }

    async fn policy(&self, name: &str) -> Result<Option<String>, ServiceError> {
        self.read("policy", name, |bucket| bucket.policy.clone())
    }
}

#[async_trait]
impl BucketChanges for MemoryS3 {
    fn home_region(&self) -> &str {
        "us-east-1"
    }

    async fn create(&self, name: &str, region: &str) -> Result<(), ServiceError> {
        self.check("create", name)?;
        self.put(
            name,
            MemoryBucket {
                region: region.to_owned(),
                ..MemoryBucket::default()
            },
        );
        Ok(())
    }

    async fn block_public_access(&self, name: &str, _region: &str) -> Result<(), ServiceError> {
        let private = PublicAccessBlock {
            block_public_acls: true,
            ignore_public_acls: true,
            block_public_policy: true,
            restrict_public_buckets: true,
        };
        self.change("block_public_access", name, |bucket| {
            bucket.public_access_block = Some(private)
        })
    }

    async fn encrypt(&self, name: &str, _region: &str) -> Result<(), ServiceError> {
        let encryption = Encryption {
            algorithm: "AES256".to_owned(),
            bucket_key: true,
        };
        self.change("encrypt", name, |bucket| {
            bucket.encryption = Some(encryption)
        })
    }

    async fn enable_versioning(&self, name: &str, _region: &str) -> Result<(), ServiceError> {
        self.change("enable_versioning", name, |bucket| {
            bucket.versioning = Some("Enabled".to_owned())
        })
    }

    async fn put_tags(
        &self,
        name: &str,
        _region: &str,
        tags: &BTreeMap<String, String>,
    ) -> Result<(), ServiceError> {
        self.change("put_tags", name, |bucket| bucket.tags = Some(tags.clone()))
    }

    async fn delete(&self, name: &str, _region: &str) -> Result<(), ServiceError> {
        let full = self.read("delete", name, |bucket| !bucket.objects.is_empty())?;
        if full {
            return Err(ServiceError::code(Service::S3, "BucketNotEmpty"));
        }
        self.buckets().remove(name);
        Ok(())
    }
}

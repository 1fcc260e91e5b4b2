//! One bucket with its settings.

use crate::ports::{
    BucketEntry, Buckets, Encryption, ObjectLock, PolicyStatus, PublicAccessBlock, ServiceError,
};
use crate::timestamp::Timestamp;
use futures_util::join;
use serde::Serialize;
use std::collections::BTreeMap;

/// A bucket and its settings. A setting that it does not have is `None`, and so is one that could not be read;
/// `errors` tells which those are, and the service's error code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct BucketDetails {
    pub name: String,
    pub region: Option<String>,
    pub created_at: Option<Timestamp>,
    pub versioning: Option<String>,
    pub encryption: Option<Encryption>,
    pub public_access_block: Option<PublicAccessBlock>,
    pub policy_status: Option<PolicyStatus>,
    pub object_lock: Option<ObjectLock>,
    pub tags: Option<BTreeMap<String, String>>,
    pub lifecycle_rules: Option<usize>,
    pub errors: BTreeMap<&'static str, String>,
}

/// Looks everything up side by side.
///
/// Fails when there is no such bucket, or when nothing of it could be read.
pub async fn bucket_details(
    s3: &impl Buckets,
    bucket: &str,
) -> Result<BucketDetails, ServiceError> {
    let (
        region,
        entry,
        versioning,
        encryption,
        public_access_block,
        policy_status,
        object_lock,
        tags,
        lifecycle,
    ) = join!(
        s3.region(bucket),
        s3.entry(bucket),
        s3.versioning(bucket),
        s3.encryption(bucket),
        s3.public_access_block(bucket),
        s3.policy_status(bucket),
        s3.object_lock(bucket),
        s3.tags(bucket),
        s3.lifecycle_rules(bucket),
    );
    let region_error = region.as_ref().err().cloned();
    let mut look_ups = LookUps::default();
    let details = BucketDetails {
        name: bucket.to_owned(),
        region: look_ups.take("region", region.map(Some)),
        versioning: look_ups.take("versioning", versioning),
        encryption: look_ups.take("encryption", encryption),
        public_access_block: look_ups.take("public_access_block", public_access_block),
        policy_status: look_ups.take("policy_status", policy_status),
        object_lock: look_ups.take("object_lock", object_lock),
        tags: look_ups.take("tags", tags),
        lifecycle_rules: look_ups.take("lifecycle_rules", lifecycle),
        created_at: None,
        errors: BTreeMap::new(),
    };
    if let Some(error) = look_ups.no_bucket {
        return Err(error);
    }
    if let (0, Some(error)) = (look_ups.read, region_error) {
        return Err(error);
    }
    let created_at = look_ups
        .take("created_at", entry)
        .and_then(|entry: BucketEntry| entry.created_at);
    Ok(BucketDetails {
        created_at,
        errors: look_ups.errors,
        ..details
    })
}

/// What came of the look-ups so far.
#[derive(Default)]
struct LookUps {
    read: usize,
    errors: BTreeMap<&'static str, String>,
    no_bucket: Option<ServiceError>,
}

impl LookUps {
    fn take<T>(
        &mut self,
        setting: &'static str,
        looked_up: Result<Option<T>, ServiceError>,
    ) -> Option<T> {
        match looked_up {
            Ok(value) => {
                self.read += 1;
                value
            }
            Err(error) => {
                self.errors.insert(setting, error.short_code().to_owned());
                self.no_bucket = self
                    .no_bucket
                    .take()
                    .or_else(|| error.is_code(&["NoSuchBucket"]).then_some(error));
                None
            }
        }
    }
}

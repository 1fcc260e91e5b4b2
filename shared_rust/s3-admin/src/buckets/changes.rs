//! Making and deleting buckets.

use super::names::check_name;
use super::tags::check_tags;
use crate::body::{check_fields, required_string};
use crate::ports::{BucketChanges, Buckets, ErrorKind, ServiceError};
use crate::problem::Problem;
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A bucket to be made; in the function's own region when `region` is `None`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewBucket {
    pub name: String,
    pub region: Option<String>,
    pub versioning: bool,
    pub tags: BTreeMap<String, String>,
}

impl NewBucket {
    /// Reads the body of a request, field by field.
    pub fn parse(body: &Map<String, Value>) -> Result<Self, Problem> {
        check_fields(body, &["name", "region", "versioning", "tags"])?;
        let name = required_string(body, "name")?.to_owned();
        check_name(&name)?;
        let region = body
            .contains_key("region")
            .then(|| required_string(body, "region"))
            .transpose()?;
        if let Some(region) = region.filter(|region| !looks_like_region(region)) {
            return Err(no_region(region));
        }
        let versioning = match body.get("versioning") {
            None => false,
            Some(Value::Bool(versioning)) => *versioning,
            Some(_) => return Err(Problem::bad_request("'versioning' must be true or false")),
        };
        let tags = body
            .get("tags")
            .map(check_tags)
            .transpose()?
            .unwrap_or_default();
        Ok(Self {
            name,
            region: region.map(str::to_owned),
            versioning,
            tags,
        })
    }
}

fn no_region(name: &str) -> Problem {
    Problem::new(422, format!("S3 has no region '{name}'"))
}

/// A region becomes a label of a host name.
const LONGEST_REGION: usize = 63;

/// `eu-west-1`, `us-gov-east-1`: two letters, one or more words, a digit.
fn looks_like_region(name: &str) -> bool {
    if name.len() > LONGEST_REGION {
        return false;
    }
    let word = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_lowercase());
    match name.split('-').collect::<Vec<_>>().as_slice() {
        [country, words @ .., number] => {
            country.len() == 2
                && word(country)
                && !words.is_empty()
                && words.iter().all(|part| word(part))
                && number.len() == 1
                && number.bytes().all(|byte| byte.is_ascii_digit())
        }
        _ => false,
    }
}

/// Makes a bucket, private and encrypted, or leaves none behind.
pub async fn create_bucket(
    s3: &(impl Buckets + BucketChanges),
    new: &NewBucket,
) -> Result<(), Problem> {
    refuse_existing(s3, &new.name).await?;
    let region = new.region.as_deref().unwrap_or_else(|| s3.home_region());
    s3.create(&new.name, region)
        .await
        .map_err(|error| not_created(error, new, region, s3.home_region()))?;
    if let Err(error) = set_up(s3, new, region).await {
        if let Err(error) = s3.delete(&new.name, region).await {
            tracing::error!(
                bucket = new.name,
                code = error.short_code(),
                "a half-made bucket is left"
            );
        }
        return Err(error.into());
    }
    Ok(())
}

/// In us-east-1 CreateBucket of a bucket of one's own succeeds and changes nothing, so that it must be asked.
async fn refuse_existing(s3: &impl Buckets, name: &str) -> Result<(), Problem> {
    match s3.region(name).await {
        Err(error) if error.is_code(&["NoSuchBucket"]) => Ok(()),
        Ok(_) => Err(exists(name)),
        // Someone else's.
        Err(error) if error.short_code().starts_with("AccessDenied") => Err(exists(name)),
        Err(error) => Err(error.into()),
    }
}

fn exists(name: &str) -> Problem {
    Problem::new(409, format!("bucket '{name}' exists already"))
}

fn not_created(error: ServiceError, new: &NewBucket, region: &str, home: &str) -> Problem {
    if error.is_code(&["BucketAlreadyExists", "BucketAlreadyOwnedByYou"]) {
        return exists(&new.name);
    }
    // S3 has just answered here: an endpoint that cannot be reached is that of a region that is none.
    let no_endpoint = error.kind == ErrorKind::Unreachable && region != home;
    if no_endpoint
        || error.is_code(&[
            "InvalidLocationConstraint",
            "IllegalLocationConstraintException",
        ])
    {
        return no_region(region);
    }
    error.into()
}

/// One step after the other: S3 refuses changes of one bucket that overlap.
async fn set_up(
    s3: &impl BucketChanges,
    new: &NewBucket,
    region: &str,
) -> Result<(), ServiceError> {
    s3.block_public_access(&new.name, region).await?;
    s3.encrypt(&new.name, region).await?;
    if new.versioning {
        s3.enable_versioning(&new.name, region).await?;
    }
    if !new.tags.is_empty() {
        s3.put_tags(&new.name, region, &new.tags).await?;
    }
    Ok(())
}

/// Deletes an empty bucket.
pub async fn delete_bucket(
    s3: &(impl Buckets + BucketChanges),
    bucket: &str,
) -> Result<(), Problem> {
    let region = s3
        .region(bucket)
        .await
        .map_err(|error| error.about_bucket(bucket))?;
    match s3.delete(bucket, &region).await {
        Err(error) if error.is_code(&["BucketNotEmpty"]) => {
            Err(Problem::new(409, format!("bucket '{bucket}' is not empty")))
        }
        deleted => deleted.map_err(|error| error.about_bucket(bucket)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_by_their_look() {
        for name in ["eu-west-1", "us-gov-east-1", "ap-southeast-4"] {
            assert!(looks_like_region(name), "{name}");
        }
        for name in [
            "",
            "eu-1",
            "eu-west-",
            "eu-west-10",
            "EU-west-1",
            "eu--1",
            "eu-west-1\n",
            "e-west-1",
        ] {
            assert!(!looks_like_region(name), "{name}");
        }
    }
}

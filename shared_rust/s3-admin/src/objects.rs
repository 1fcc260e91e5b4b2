//! Objects: listing, metadata, deleting, presigned URLs.

use crate::cursor;
use crate::params::Query;
use crate::ports::{FoldedRequest, ObjectSummary, Objects, ServiceError, UrlMethod};
use crate::problem::Problem;
use crate::timestamp::Timestamp;
use futures_util::join;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a listing stopped: S3's token, good for the same prefix and delimiter.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ListCursor {
    token: String,
    prefix: String,
    delimiter: Option<String>,
}

/// One page of a listing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectPage {
    pub objects: Vec<ObjectSummary>,
    pub prefixes: Vec<String>,
    pub cursor: Option<String>,
}

/// An object's metadata; `errors` tells why `tags` is missing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ObjectDetails {
    #[serde(flatten)]
    pub summary: ObjectSummary,
    pub content_type: Option<String>,
    pub metadata: BTreeMap<String, String>,
    pub tags: Option<BTreeMap<String, String>>,
    pub version_id: Option<String>,
    pub errors: BTreeMap<&'static str, String>,
}

/// A URL that reads or writes an object until it expires.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct ObjectUrl {
    pub url: String,
    pub expires_at: Timestamp,
}

/// Reads the query of a listing.
pub fn list_request(query: &Query) -> Result<FoldedRequest, Problem> {
    query.check_names(&["prefix", "delimiter", "limit", "cursor"])?;
    let prefix = query.prefix()?.to_owned();
    let delimiter = query.delimiter()?.map(str::to_owned);
    let limit = query.whole_number("limit", 1..=1000, 100)?;
    let continuation = query.get("cursor").map(|text| {
        let made = cursor::decode::<ListCursor>(text);
        let ours = made.filter(|made| made.prefix == prefix && made.delimiter == delimiter);
        ours.map(|made| made.token).ok_or_else(cursor::invalid)
    });
    Ok(FoldedRequest {
        continuation: continuation.transpose()?,
        prefix,
        delimiter,
        limit,
    })
}

/// One page of objects and prefixes.
pub async fn list_objects(
    s3: &impl Objects,
    bucket: &str,
    request: FoldedRequest,
) -> Result<ObjectPage, Problem> {
    let (prefix, delimiter) = (request.prefix.clone(), request.delimiter.clone());
    let goes_on = request.continuation.is_some();
    let page = s3
        .list(bucket, request)
        .await
        .map_err(|error| match error {
            error if goes_on && error.is_code(&["InvalidArgument"]) => cursor::invalid(),
            error => error.about_bucket(bucket),
        })?;
    let cursor = page.continuation.map(|token| {
        cursor::encode(&ListCursor {
            token,
            prefix,
            delimiter,
        })
    });
    Ok(ObjectPage {
        objects: page.objects,
        prefixes: page.prefixes,
        cursor,
    })
}

/// Metadata and tags, looked up side by side.
pub async fn object_details(
    s3: &impl Objects,
    bucket: &str,
    key: &str,
) -> Result<ObjectDetails, Problem> {
    let (head, tags) = join!(s3.head(bucket, key), s3.object_tags(bucket, key));
    let head = match (head, &tags) {
        (Ok(head), _) => head,
        // HEAD cannot tell a missing bucket from a missing object; the other call can.
        (Err(_), Err(error)) if error.is_code(&["NoSuchBucket"]) => {
            return Err(error.clone().about_bucket(bucket));
        }
        (Err(error), _) => return Err(about_object(error, bucket, key)),
    };
    let errors = tags
        .as_ref()
        .err()
        .map(|error| ("tags", error.short_code().to_owned()));
    Ok(ObjectDetails {
        summary: head.summary,
        content_type: head.content_type,
        metadata: head.metadata,
        tags: tags.ok(),
        version_id: head.version_id,
        errors: errors.into_iter().collect(),
    })
}

/// Deletes an object, or one version of it. S3 does not tell whether it was there.
pub async fn delete_object(
    s3: &impl Objects,
    bucket: &str,
    key: &str,
    version_id: Option<&str>,
) -> Result<(), Problem> {
    s3.delete_object(bucket, key, version_id)
        .await
        .map_err(|error| {
            if version_id.is_some() && error.is_code(&["NoSuchVersion", "InvalidArgument"]) {
                return Problem::not_found(format!(
                    "no such version of object '{key}' in bucket '{bucket}'"
                ));
            }
            about_object(error, bucket, key)
        })
}

/// Reads how a URL is to be made: method and seconds.
pub fn url_request(query: &Query) -> Result<(&str, UrlMethod, u32), Problem> {
    query.check_names(&["key", "method", "expires"])?;
    let key = query.key()?;
    let method = match query.get("method") {
        None | Some("GET") => UrlMethod::Get,
        Some("PUT") => UrlMethod::Put,
        Some(_) => return Err(Problem::bad_request("'method' must be GET or PUT")),
    };
    let seconds = query.whole_number("expires", 1..=3600, 900)?;
    Ok((key, method, u32::try_from(seconds).unwrap_or(3600)))
}

/// A presigned URL, made in the bucket's own region.
pub async fn object_url(
    s3: &impl Objects,
    bucket: &str,
    key: &str,
    method: UrlMethod,
    seconds: u32,
) -> Result<ObjectUrl, Problem> {
    let signed_at = Timestamp::now();
    let url = s3.presign(bucket, key, method, u64::from(seconds)).await;
    let url = url.map_err(|error| error.about_bucket(bucket))?;
    Ok(ObjectUrl {
        url,
        expires_at: signed_at.plus_seconds(i64::from(seconds)),
    })
}

fn about_object(error: ServiceError, bucket: &str, key: &str) -> Problem {
    if error.is_code(&["NoSuchKey"]) {
        return Problem::not_found(format!("no object '{key}' in bucket '{bucket}'"));
    }
    error.about_bucket(bucket)
}

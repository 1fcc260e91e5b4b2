//! Pages of objects.

use super::S3;
use crate::ports::{FoldedPage, ObjectLister, ObjectSummary, Page, PageRequest, ServiceError};
use crate::timestamp::Timestamp;
use async_trait::async_trait;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use aws_sdk_s3::types::{EncodingType, Object, ObjectStorageClass};
use percent_encoding::percent_decode_str;
use std::borrow::Cow;

/// Objects without a class have this one.
const STANDARD: &str = "STANDARD";

/// The classes there are, so that an object's class needs no memory of its own.
const STORAGE_CLASSES: [&str; 10] = [
    STANDARD,
    "INTELLIGENT_TIERING",
    "STANDARD_IA",
    "ONEZONE_IA",
    "GLACIER",
    "GLACIER_IR",
    "DEEP_ARCHIVE",
    "REDUCED_REDUNDANCY",
    "EXPRESS_ONEZONE",
    "OUTPOSTS",
];

#[async_trait]
impl ObjectLister for S3 {
    async fn page(&self, bucket: &str, request: PageRequest) -> Result<Page, ServiceError> {
        let request = &request;
        let answer = self.regions.call(bucket, |client| {
            // Keys may hold characters that XML cannot: S3 is asked to encode them.
            let call = client
                .list_objects_v2()
                .bucket(bucket)
                .encoding_type(EncodingType::Url);
            let call = call
                .prefix(&request.prefix)
                .set_start_after(request.start_after.clone());
            call.set_continuation_token(request.continuation.clone())
                .send()
        });
        Ok(read(answer.await?))
    }
}

fn read(answer: ListObjectsV2Output) -> Page {
    let page = folded_page(answer);
    Page {
        objects: page.objects,
        continuation: page.continuation,
    }
}

/// A page with the prefixes that objects were folded into.
pub fn folded_page(answer: ListObjectsV2Output) -> FoldedPage {
    let more = answer.is_truncated.unwrap_or(false);
    let encoded = answer.encoding_type == Some(EncodingType::Url);
    let decode = |text: String| if encoded { decode_key(text) } else { text };
    let prefixes = answer
        .common_prefixes
        .unwrap_or_default()
        .into_iter()
        .filter_map(|it| it.prefix);
    let objects = answer.contents.unwrap_or_default();
    FoldedPage {
        objects: objects
            .into_iter()
            .map(|object| summary(object, encoded))
            .collect(),
        prefixes: prefixes.map(decode).collect(),
        continuation: answer.next_continuation_token.filter(|_| more),
    }
}

fn summary(object: Object, encoded: bool) -> ObjectSummary {
    let key = object.key.unwrap_or_default();
    ObjectSummary {
        key: if encoded { decode_key(key) } else { key },
        size: object
            .size
            .and_then(|size| u64::try_from(size).ok())
            .unwrap_or(0),
        etag: unquote(object.e_tag.unwrap_or_default()),
        storage_class: storage_class(
            object
                .storage_class
                .as_ref()
                .map(ObjectStorageClass::as_str),
        ),
        last_modified: Timestamp::from_unix(object.last_modified.map_or(0, |moment| moment.secs())),
    }
}

/// The class, without memory of its own where it is a known one.
pub fn storage_class(class: Option<&str>) -> Cow<'static, str> {
    let name = class.unwrap_or(STANDARD);
    let known = STORAGE_CLASSES.into_iter().find(|known| *known == name);
    known.map_or_else(|| Cow::Owned(name.to_owned()), Cow::Borrowed)
}

/// Takes an ETag's quotes off in place.
pub fn unquote(mut etag: String) -> String {
    if etag.ends_with('"') {
        etag.pop();
    }
    if etag.starts_with('"') {
        etag.remove(0);
    }
    etag
}

/// Undoes S3's URL encoding, in which a space is a plus sign. Most keys need no change and no copy.
fn decode_key(key: String) -> String {
    if !key.contains(['%', '+']) {
        return key;
    }
    let spaced = key.replace('+', " ");
    percent_decode_str(&spaced).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_come_back_as_they_were() {
        for (encoded, key) in [
            ("a/b.txt", "a/b.txt"),
            ("a+b%2Bc", "a b+c"),
            ("%C3%A4%25", "ä%"),
            ("%01", "\u{1}"),
        ] {
            assert_eq!(decode_key(encoded.to_owned()), key);
        }
    }

    #[test]
    fn an_etag_loses_its_quotes() {
        assert_eq!(unquote("\"ab-2\"".to_owned()), "ab-2");
        assert_eq!(unquote(String::new()), "");
    }

    #[test]
    fn an_object_without_a_class_is_standard() {
        assert_eq!(storage_class(None), "STANDARD");
        assert_eq!(storage_class(Some("GLACIER")), "GLACIER");
        assert_eq!(storage_class(Some("NEW_CLASS")), "NEW_CLASS");
    }
}

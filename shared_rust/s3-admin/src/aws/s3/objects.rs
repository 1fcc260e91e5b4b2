//! Objects: metadata, tags, deleting, presigned URLs. Listing is in `listing`.

use super::S3;
use super::listing::{folded_page, storage_class, unquote};
use crate::ports::{
    Buckets, ErrorKind, FoldedPage, FoldedRequest, ObjectHead, ObjectSummary, Objects, Service,
    ServiceError, UrlMethod,
};
use crate::timestamp::Timestamp;
use async_trait::async_trait;
use aws_sdk_s3::operation::head_object::HeadObjectOutput;
use aws_sdk_s3::presigning::PresigningConfig;
use aws_sdk_s3::types::EncodingType;
use std::collections::BTreeMap;
use std::time::Duration;

#[async_trait]
impl Objects for S3 {
    async fn list(&self, bucket: &str, request: FoldedRequest) -> Result<FoldedPage, ServiceError> {
        let request = &request;
        let limit = i32::try_from(request.limit).unwrap_or(i32::MAX);
        let answer = self.regions.call(bucket, |client| {
            let call = client
                .list_objects_v2()
                .bucket(bucket)
                .encoding_type(EncodingType::Url);
            let call = call
                .prefix(&request.prefix)
                .set_delimiter(request.delimiter.clone())
                .max_keys(limit);
            call.set_continuation_token(request.continuation.clone())
                .send()
        });
        Ok(folded_page(answer.await?))
    }

    async fn head(&self, bucket: &str, key: &str) -> Result<ObjectHead, ServiceError> {
        let answer = self
            .regions
            .call(bucket, |client| {
                client.head_object().bucket(bucket).key(key).send()
            })
            .await;
        Ok(object_head(key, answer.map_err(head_error)?))
    }

    async fn object_tags(
        &self,
        bucket: &str,
        key: &str,
    ) -> Result<BTreeMap<String, String>, ServiceError> {
        let send =
            |client: aws_sdk_s3::Client| client.get_object_tagging().bucket(bucket).key(key).send();
        let tags = self.regions.call(bucket, send).await?.tag_set;
        Ok(tags.into_iter().map(|tag| (tag.key, tag.value)).collect())
    }

    async fn delete_object(
        &self,
        bucket: &str,
        key: &str,
        version_id: Option<&str>,
    ) -> Result<(), ServiceError> {
        let answer = self.regions.call(bucket, |client| {
            let call = client.delete_object().bucket(bucket).key(key);
            call.set_version_id(version_id.map(str::to_owned)).send()
        });
        answer.await.map(|_| ())
    }

    async fn presign(
        &self,
        bucket: &str,
        key: &str,
        method: UrlMethod,
        seconds: u64,
    ) -> Result<String, ServiceError> {
        let not_signed = || ServiceError {
            service: Service::S3,
            kind: ErrorKind::Garbled,
        };
        let client = self.regions.client(&self.region(bucket).await?);
        let config =
            PresigningConfig::expires_in(Duration::from_secs(seconds)).map_err(|_| not_signed())?;
        let signed = match method {
            UrlMethod::Get => client
                .get_object()
                .bucket(bucket)
                .key(key)
                .presigned(config)
                .await
                .ok(),
            UrlMethod::Put => client
                .put_object()
                .bucket(bucket)
                .key(key)
                .presigned(config)
                .await
                .ok(),
        };
        signed
            .map(|signed| signed.uri().to_owned())
            .ok_or_else(not_signed)
    }
}

fn object_head(key: &str, answer: HeadObjectOutput) -> ObjectHead {
    ObjectHead {
        summary: ObjectSummary {
            key: key.to_owned(),
            size: answer
                .content_length
                .and_then(|size| u64::try_from(size).ok())
                .unwrap_or(0),
            etag: unquote(answer.e_tag.unwrap_or_default()),
            storage_class: storage_class(answer.storage_class.as_ref().map(|class| class.as_str())),
            last_modified: Timestamp::from_unix(
                answer.last_modified.map_or(0, |moment| moment.secs()),
            ),
        },
        content_type: answer.content_type,
        metadata: answer.metadata.unwrap_or_default().into_iter().collect(),
        version_id: answer.version_id,
    }
}

/// Answers to HEAD have a status and no code: the code that GET would have had.
fn head_error(error: ServiceError) -> ServiceError {
    let code = match error.short_code() {
        "403" | "Forbidden" => "AccessDenied",
        "404" | "NotFound" => "NoSuchKey",
        "503" => {
            return ServiceError {
                kind: ErrorKind::Throttled("SlowDown".to_owned()),
                ..error
            };
        }
        _ => return error,
    };
    ServiceError::code(error.service, code)
}

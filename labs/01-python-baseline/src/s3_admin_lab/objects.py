"""Objects: listing, metadata, deleting, presigned URLs."""

from __future__ import annotations

import time
from functools import partial
from typing import Any

from s3_admin_lab import cursor
from s3_admin_lab.bucket_path import bucket_problem
from s3_admin_lab.fan_out import gather
from s3_admin_lab.problem import Problem
from s3_admin_lab.s3_client import calling_s3, in_region, region_of, s3
from s3_admin_lab.service_error import ServiceError
from s3_admin_lab.timestamps import rfc3339, rfc3339_of_epoch

# A HEAD request's failure has no body and so no code: botocore gives the status instead.
_HEAD_CODES = {"403": "AccessDenied", "404": "NoSuchKey", "503": "SlowDown"}
_OPERATIONS = {"GET": "get_object", "PUT": "put_object"}


def list_page(bucket: str, *, prefix: str, delimiter: str | None, limit: int, token: str | None) -> dict[str, Any]:
    """One page of at most `limit` objects and prefixes. Raises Problem or ServiceError."""
    request: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix, "MaxKeys": limit}
    optional = {"Delimiter": delimiter, "ContinuationToken": token}
    try:
        with calling_s3():
            page = s3.list_objects_v2(**request, **{name: value for name, value in optional.items() if value})
    except ServiceError as error:
        if token and error.code == "InvalidArgument":
            raise cursor.invalid() from error
        raise bucket_problem(error, bucket) from error
    next_token = page.get("NextContinuationToken") if page.get("IsTruncated") else None
    following = cursor.encode({"token": next_token, "prefix": prefix, "delimiter": delimiter}) if next_token else None
    return {
        "objects": [_listed(item) for item in page.get("Contents", [])],
        "prefixes": [item["Prefix"] for item in page.get("CommonPrefixes", [])],
        "cursor": following,
    }


def _listed(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": item["Key"],
        "size": item["Size"],
        "etag": item["ETag"].strip('"'),
        "storage_class": item.get("StorageClass", "STANDARD"),
        "last_modified": rfc3339(item["LastModified"]),
    }


def details(bucket: str, key: str) -> dict[str, Any]:
    """Metadata and tags of an object. Raises Problem or ServiceError."""
    found = gather({"head": partial(_head, bucket, key), "tags": partial(_tags, bucket, key)})
    head, tags = found["head"], found["tags"]
    if isinstance(head, ServiceError):
        # A HEAD request cannot tell a missing bucket from a missing object; the other call can.
        if isinstance(tags, ServiceError) and tags.code == "NoSuchBucket":
            raise bucket_problem(tags, bucket) from head
        raise _object_problem(head, bucket, key) from head
    failed = isinstance(tags, ServiceError)
    return {
        "key": key,
        "size": head["ContentLength"],
        "etag": head["ETag"].strip('"'),
        "storage_class": head.get("StorageClass", "STANDARD"),
        "last_modified": rfc3339(head["LastModified"]),
        "content_type": head.get("ContentType"),
        "metadata": head.get("Metadata", {}),
        "tags": None if failed else tags,
        "version_id": head.get("VersionId"),
        "errors": {"tags": tags.code} if isinstance(tags, ServiceError) else {},
    }


def _head(bucket: str, key: str) -> dict[str, Any]:
    try:
        with calling_s3():
            answer: dict[str, Any] = s3.head_object(Bucket=bucket, Key=key)
            return answer
    except ServiceError as error:
        raise ServiceError(error.service, _HEAD_CODES.get(error.code, error.code)) from error


def _tags(bucket: str, key: str) -> dict[str, Any]:
    with calling_s3():
        answer = s3.get_object_tagging(Bucket=bucket, Key=key)
    return {tag["Key"]: tag["Value"] for tag in answer.get("TagSet", [])}


def delete(bucket: str, key: str, version_id: str | None) -> None:
    """Delete an object, or one version of it. Raises Problem or ServiceError."""
    version = {"VersionId": version_id} if version_id else {}
    try:
        with calling_s3():
            s3.delete_object(Bucket=bucket, Key=key, **version)
    except ServiceError as error:
        if version_id and error.code in ("NoSuchVersion", "InvalidArgument"):
            raise Problem(404, f"no such version of object '{key}' in bucket '{bucket}'") from error
        raise _object_problem(error, bucket, key) from error


def presigned_url(bucket: str, key: str, *, method: str, expires: int) -> dict[str, str]:
    """A URL that reads or writes the object for `expires` seconds. Raises Problem or ServiceError."""
    try:
        client = in_region(region_of(bucket))
    except ServiceError as error:
        raise bucket_problem(error, bucket) from error
    signed_at = int(time.time())
    url = client.generate_presigned_url(
        _OPERATIONS[method], Params={"Bucket": bucket, "Key": key}, ExpiresIn=expires, HttpMethod=method
    )
    return {"url": url, "expires_at": rfc3339_of_epoch(signed_at + expires)}


def _object_problem(error: ServiceError, bucket: str, key: str) -> Problem:
    if error.code == "NoSuchKey":
        return Problem(404, f"no object '{key}' in bucket '{bucket}'")
    return bucket_problem(error, bucket)

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from conftest import Aws

from functions import objects

MOMENT = datetime(2025, 3, 1, 9, 30, tzinfo=UTC)
HEAD = {
    "ContentLength": 5,
    "ETag": '"abc"',
    "LastModified": MOMENT,
    "ContentType": "text/plain",
    "Metadata": {"a": "b"},
}


def get_page(send: Callable[..., Any], **query: str) -> tuple[int, Any]:
    lists = {name: [value] for name, value in query.items()}
    status, body, _ = send(objects.handler, "GET", "/buckets/{bucket}/objects", query=lists, bucket="abc")
    return status, body


def test_a_page_and_its_cursor(aws: Aws, send: Callable[..., Any]) -> None:
    aws.answers["ListObjectsV2"] = {
        "Contents": [{"Key": "ä", "Size": 1, "ETag": '"e"', "LastModified": MOMENT}],
        "CommonPrefixes": [{"Prefix": "dir/"}],
        "IsTruncated": True,
        "NextContinuationToken": "S3's own",
    }
    status, body = get_page(send, delimiter="/", limit="2")
    assert status == 200
    assert body["objects"] == [
        {"key": "ä", "size": 1, "etag": "e", "storage_class": "STANDARD", "last_modified": "2025-03-01T09:30:00Z"}
    ]
    assert body["prefixes"] == ["dir/"]
    aws.answers["ListObjectsV2"] = {"IsTruncated": False}
    status, last = get_page(send, delimiter="/", cursor=body["cursor"])
    assert (status, last) == (200, {"objects": [], "prefixes": [], "cursor": None})
    assert aws.calls[-1][1]["ContinuationToken"] == "S3's own"
    assert get_page(send, cursor=body["cursor"])[0] == 400, "of another delimiter"
    aws.fail("ListObjectsV2", "InvalidArgument")
    assert get_page(send, delimiter="/", cursor=body["cursor"])[1]["detail"] == "'cursor' is not valid"


def test_details(aws: Aws, send: Callable[..., Any]) -> None:
    aws.answers |= {"HeadObject": HEAD, "GetObjectTagging": {"TagSet": [{"Key": "team", "Value": "x"}]}}
    status, body, _ = send(objects.handler, "GET", "/buckets/{bucket}/object", query={"key": ["k"]}, bucket="abc")
    assert (status, body) == (
        200,
        {
            "key": "k",
            "size": 5,
            "etag": "abc",
            "storage_class": "STANDARD",
            "last_modified": "2025-03-01T09:30:00Z",
            "content_type": "text/plain",
            "metadata": {"a": "b"},
            "tags": {"team": "x"},
            "version_id": None,
            "errors": {},
        },
    )


@pytest.mark.parametrize(
    ("head", "tags", "status", "detail"),
    [
        ("404", "NoSuchKey", 404, "no object 'k' in bucket 'abc'"),
        ("404", "NoSuchBucket", 404, "no bucket 'abc'"),
        ("404", "AccessDenied", 404, "no object 'k' in bucket 'abc'"),
        ("403", "AccessDenied", 403, "S3 does not allow this (AccessDenied)"),
        ("500", "InternalError", 502, "S3 answered something unexpected (500)"),
    ],
)
def test_no_details(aws: Aws, send: Callable[..., Any], head: str, tags: str, status: int, detail: str) -> None:
    aws.fail("HeadObject", head)
    aws.fail("GetObjectTagging", tags)
    answer = send(objects.handler, "GET", "/buckets/{bucket}/object", query={"key": ["k"]}, bucket="abc")
    assert (answer[0], answer[1]["detail"]) == (status, detail)


def test_tags_that_may_not_be_read(aws: Aws, send: Callable[..., Any]) -> None:
    aws.answers["HeadObject"] = HEAD
    aws.fail("GetObjectTagging", "AccessDenied")
    _, body, _ = send(objects.handler, "GET", "/buckets/{bucket}/object", query={"key": ["k"]}, bucket="abc")
    assert (body["tags"], body["errors"]) == (None, {"tags": "AccessDenied"})


@pytest.mark.parametrize(
    ("query", "code", "status", "detail"),
    [
        ({"key": ["k"]}, None, 204, None),
        ({"key": ["k"], "version_id": ["v"]}, None, 204, None),
        ({"key": ["k"], "version_id": ["v"]}, "NoSuchVersion", 404, "no such version of object 'k' in bucket 'abc'"),
        ({"key": ["k"], "version_id": ["v"]}, "InvalidArgument", 404, "no such version of object 'k' in bucket 'abc'"),
        ({"key": ["k"]}, "InvalidArgument", 502, "S3 answered something unexpected (InvalidArgument)"),
        ({"key": ["k"]}, "NoSuchBucket", 404, "no bucket 'abc'"),
        ({"key": ["k"], "version_id": [""]}, None, 400, "'version_id' must be 1 to 1024 characters"),
        ({}, None, 400, "'key' is required"),
    ],
)
def test_deleting(
    aws: Aws, send: Callable[..., Any], query: object, code: str | None, status: int, detail: str | None
) -> None:
    aws.answers["DeleteObject"] = {}
    if code:
        aws.fail("DeleteObject", code)
    answer = send(objects.handler, "DELETE", "/buckets/{bucket}/object", query=query, bucket="abc")
    assert (answer[0], (answer[1] or {}).get("detail")) == (status, detail)


@pytest.mark.parametrize("method", ["GET", "PUT"])
@pytest.mark.parametrize("region", ["us-east-1", "eu-west-1"])
def test_presigned_urls(aws: Aws, send: Callable[..., Any], method: str, region: str) -> None:
    aws.answers["GetBucketLocation"] = {"LocationConstraint": None if region == "us-east-1" else region}
    query = {"key": ["a b/ä+%"], "method": [method], "expires": ["60"]}
    status, body, _ = send(objects.handler, "POST", "/buckets/{bucket}/object-url", query=query, bucket="abc")
    url = urlsplit(body["url"])
    signed = parse_qs(url.query)
    assert status == 201
    assert url.path.endswith("/a%20b/%C3%A4%2B%25")
    assert signed["X-Amz-Expires"] == ["60"]
    assert f"/{region}/s3/aws4_request" in signed["X-Amz-Credential"][0]
    assert body["expires_at"] > "2025"


@pytest.mark.parametrize(
    ("query", "detail"),
    [
        ({"key": ["k"], "method": ["get"]}, "'method' must be GET or PUT"),
        ({"key": ["k"], "method": ["DELETE"]}, "'method' must be GET or PUT"),
        ({"key": ["k"], "expires": ["3601"]}, "'expires' must be a whole number from 1 to 3600"),
        ({"key": ["k"], "expires": ["0"]}, "'expires' must be a whole number from 1 to 3600"),
    ],
)
def test_urls_that_are_not_made(aws: Aws, send: Callable[..., Any], query: object, detail: str) -> None:
    status, body, _ = send(objects.handler, "POST", "/buckets/{bucket}/object-url", query=query, bucket="abc")
    assert (status, body["detail"], aws.calls) == (400, detail, [])

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import EndpointConnectionError
from conftest import Aws

from functions import buckets
from s3_work import buckets as work

STEPS = ["PutPublicAccessBlock", "PutBucketEncryption", "PutBucketVersioning", "PutBucketTagging"]
BODY = {"name": "new-bucket", "region": "eu-west-1", "versioning": True, "tags": {"team": "finance ä"}}


@pytest.fixture
def cloud(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Aws:
    for operation in (*STEPS, "CreateBucket", "DeleteBucket"):
        aws.answers[operation] = {}
    aws.fail("GetBucketLocation", "NoSuchBucket")
    monkeypatch.setattr(work, "bucket_details", lambda name: {"name": name})
    return aws


def operations(aws: Aws) -> list[str]:
    return [name for name, _ in aws.calls]


def post(send: Callable[..., Any], body: object = BODY) -> tuple[int, Any, dict[str, str]]:
    answer: tuple[int, Any, dict[str, str]] = send(buckets.handler, "POST", "/buckets", body=body)
    return answer


def test_a_new_bucket_is_private_and_encrypted(cloud: Aws, send: Callable[..., Any]) -> None:
    status, body, headers = post(send)
    assert (status, body, headers["Location"]) == (201, {"name": "new-bucket"}, "buckets/new-bucket")
    assert operations(cloud) == ["GetBucketLocation", "CreateBucket", *STEPS]
    calls = dict(cloud.calls)
    assert calls["CreateBucket"]["CreateBucketConfiguration"] == {"LocationConstraint": "eu-west-1"}
    assert set(calls["PutPublicAccessBlock"]["PublicAccessBlockConfiguration"].values()) == {True}
    assert calls["PutBucketTagging"]["Tagging"] == {"TagSet": [{"Key": "team", "Value": "finance ä"}]}


def test_what_is_not_asked_for_is_not_set(cloud: Aws, send: Callable[..., Any]) -> None:
    assert post(send, {"name": "new-bucket"})[0] == 201
    assert operations(cloud) == ["GetBucketLocation", "CreateBucket", *STEPS[:2]]
    assert "CreateBucketConfiguration" not in dict(cloud.calls)["CreateBucket"], "us-east-1 takes none"


@pytest.mark.parametrize("failing", STEPS)
def test_a_later_failure_leaves_no_bucket(cloud: Aws, send: Callable[..., Any], failing: str) -> None:
    cloud.fail(failing, "AccessDenied")
    status, body, _ = post(send)
    assert (status, body["detail"]) == (403, "S3 does not allow this (AccessDenied)")
    assert cloud.calls[-1] == ("DeleteBucket", {"Bucket": "new-bucket"})


def test_a_failed_undo_keeps_the_first_reason(
    cloud: Aws, send: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    cloud.fail("PutBucketTagging", "SlowDown")
    cloud.fail("DeleteBucket", "InternalError")
    assert post(send)[0] == 429
    assert "a half-made bucket is left" in caplog.text


@pytest.mark.parametrize("location", [{}, "AccessDenied"])
def test_a_bucket_that_exists(cloud: Aws, send: Callable[..., Any], location: object) -> None:
    if isinstance(location, str):
        cloud.fail("GetBucketLocation", location)
    else:
        cloud.answers["GetBucketLocation"] = location
    status, body, _ = post(send)
    assert (status, body["detail"]) == (409, "bucket 'new-bucket' exists already")
    assert operations(cloud) == ["GetBucketLocation"]


@pytest.mark.parametrize("code", ["BucketAlreadyExists", "BucketAlreadyOwnedByYou"])
def test_a_bucket_that_was_made_meanwhile(cloud: Aws, send: Callable[..., Any], code: str) -> None:
    cloud.fail("CreateBucket", code)
    assert post(send)[0] == 409
    assert "DeleteBucket" not in operations(cloud), "it is someone else's"


@pytest.mark.parametrize(
    "failure",
    ["InvalidLocationConstraint", EndpointConnectionError(endpoint_url="https://s3.no-where-9.amazonaws.com")],
)
def test_a_region_that_is_none(cloud: Aws, send: Callable[..., Any], failure: Any) -> None:
    if isinstance(failure, str):
        cloud.fail("CreateBucket", failure)
    else:
        cloud.answers["CreateBucket"] = failure
    status, body, _ = post(send, BODY | {"region": "no-where-9"})
    assert (status, body["detail"]) == (422, "S3 has no region 'no-where-9'")


@pytest.mark.parametrize(
    ("changes", "status", "detail"),
    [
        ({"name": None}, 400, "'name' must be a string"),
        ({"name": "ab"}, 400, "'name' must be 3 to 63 characters"),
        ({"name": "a" * 64}, 400, "'name' must be 3 to 63 characters"),
        ({"name": "Abc"}, 400, "'name' may hold only lower-case letters, digits, dots and hyphens"),
        ({"name": "abc\n"}, 400, "'name' may hold only lower-case letters, digits, dots and hyphens"),
        ({"name": "-abc"}, 400, "'name' must begin and end with a letter or a digit"),
        ({"name": "abc."}, 400, "'name' must begin and end with a letter or a digit"),
        ({"name": "a..b"}, 400, "'name' must not hold two dots in a row"),
        ({"name": "192.168.5.4"}, 400, "'name' must not look like an IP address"),
        ({"name": "xn--abc"}, 400, "'name' must not begin with 'xn--'"),
        ({"name": "abc-s3alias"}, 400, "'name' must not end with '-s3alias'"),
        ({"region": 1}, 400, "'region' must be a string"),
        ({"region": "Mars"}, 422, "S3 has no region 'Mars'"),
        ({"versioning": "yes"}, 400, "'versioning' must be true or false"),
        ({"tags": []}, 400, "'tags' must be an object of strings"),
        ({"tags": {"a": 1}}, 400, "'tags' must be an object of strings"),
        ({"tags": {str(number): "" for number in range(51)}}, 422, "'tags' must be at most 50 tags"),
        ({"tags": {"": "x"}}, 422, "tag '': the key must be 1 to 128 characters"),
        ({"tags": {"AWS:x": "x"}}, 422, "tag 'AWS:x': the key must not begin with 'aws:'"),
        ({"tags": {"b": "?", "a": "x" * 257}}, 422, "tag 'a': the value must be at most 256 characters"),
        ({"tags": {"a": "?"}}, 422, "tag 'a': only letters, digits, spaces and _ . : / = + - @ are allowed"),
        ({"acl": "public"}, 400, "unknown field 'acl'"),
    ],
)
def test_bad_bodies(cloud: Aws, send: Callable[..., Any], changes: dict[str, Any], status: int, detail: str) -> None:
    answer = post(send, BODY | changes)
    assert (answer[0], answer[1]["detail"], cloud.calls) == (status, detail, [])


@pytest.mark.parametrize(
    ("code", "status", "detail"),
    [
        (None, 204, None),
        ("BucketNotEmpty", 409, "bucket 'abc' is not empty"),
        ("NoSuchBucket", 404, "no bucket 'abc'"),
        ("AccessDenied", 403, "S3 does not allow this (AccessDenied)"),
    ],
)
def test_deleting(cloud: Aws, send: Callable[..., Any], code: str | None, status: int, detail: str | None) -> None:
    cloud.answers["GetBucketLocation"] = {}
    if code:
        cloud.fail("DeleteBucket", code)
    answer = send(buckets.handler, "DELETE", "/buckets/{bucket}", bucket="abc")
    assert (answer[0], (answer[1] or {}).get("detail")) == (status, detail)

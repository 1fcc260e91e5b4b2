from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError
from conftest import Aws

from functions import buckets

CREATED = datetime(2025, 3, 1, 9, 30, 0, 999_000, tzinfo=UTC)
LOCATIONS = {"b": None, "a": "eu-west-1", "c": "EU"}
MISSING = {
    "GetBucketEncryption": "ServerSideEncryptionConfigurationNotFoundError",
    "GetPublicAccessBlock": "NoSuchPublicAccessBlockConfiguration",
    "GetBucketPolicyStatus": "NoSuchBucketPolicy",
    "GetObjectLockConfiguration": "ObjectLockConfigurationNotFoundError",
    "GetBucketTagging": "NoSuchTagSet",
    "GetBucketLifecycleConfiguration": "NoSuchLifecycleConfiguration",
}
LOOK_UPS = (*MISSING, "GetBucketLocation", "GetBucketVersioning")


@pytest.fixture
def cloud(aws: Aws) -> Aws:
    aws.answers["ListBuckets"] = {"Buckets": [{"Name": name, "CreationDate": CREATED} for name in LOCATIONS]}
    aws.answers["GetBucketLocation"] = lambda Bucket: {"LocationConstraint": LOCATIONS[Bucket]}  # noqa: N803
    aws.answers["GetBucketVersioning"] = {}
    for operation, code in MISSING.items():
        aws.fail(operation, code)
    return aws


def test_the_list_is_sorted_and_names_regions(cloud: Aws, send: Callable[..., Any]) -> None:
    status, body, _ = send(buckets.handler, "GET", "/buckets")
    assert status == 200
    assert body["buckets"] == [
        {"name": "a", "region": "eu-west-1", "created_at": "2025-03-01T09:30:00Z"},
        {"name": "b", "region": "us-east-1", "created_at": "2025-03-01T09:30:00Z"},
        {"name": "c", "region": "eu-west-1", "created_at": "2025-03-01T09:30:00Z"},
    ]


@pytest.mark.parametrize(
    ("failure", "code"),
    [
        (ClientError({"Error": {"Code": "AccessDenied"}}, "GetBucketLocation"), "AccessDenied"),
        (EndpointConnectionError(endpoint_url="https://s3"), "Unreachable"),
        (ConnectTimeoutError(endpoint_url="https://s3"), "TimedOut"),
    ],
)
def test_a_failed_look_up_stays_in_the_list(
    cloud: Aws, send: Callable[..., Any], failure: Exception, code: str
) -> None:
    def location(Bucket: str) -> dict[str, Any]:  # noqa: N803
        if Bucket == "b":
            raise failure
        return {"LocationConstraint": LOCATIONS[Bucket]}

    cloud.answers["GetBucketLocation"] = location
    _, body, _ = send(buckets.handler, "GET", "/buckets")
    assert [entry["region"] for entry in body["buckets"]] == ["eu-west-1", None, "eu-west-1"]
    assert [entry.get("error") for entry in body["buckets"]] == [None, {"code": code}, None]


def test_without_the_list_there_is_no_answer(cloud: Aws, send: Callable[..., Any]) -> None:
    cloud.fail("ListBuckets", "AccessDenied")
    status, body, _ = send(buckets.handler, "GET", "/buckets")
    assert (status, body["detail"]) == (403, "S3 does not allow this (AccessDenied)")


def test_details_of_a_bare_bucket(cloud: Aws, send: Callable[..., Any]) -> None:
    cloud.answers["GetBucketLocation"] = {}
    cloud.answers["ListBuckets"] = {"Buckets": [{"Name": "bare", "CreationDate": CREATED}]}
    status, body, _ = send(buckets.handler, "GET", "/buckets/{bucket}", bucket="bare")
    nothing = dict.fromkeys(
        ["versioning", "encryption", "public_access_block", "policy_status", "object_lock", "tags", "lifecycle_rules"]
    )
    assert (status, body) == (
        200,
        {"name": "bare", "region": "us-east-1", "created_at": "2025-03-01T09:30:00Z", **nothing, "errors": {}},
    )


def test_details_of_a_full_bucket(cloud: Aws, send: Callable[..., Any]) -> None:
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:x"}}
    cloud.answers |= {
        "GetBucketLocation": {"LocationConstraint": "eu-west-1"},
        "GetBucketVersioning": {"Status": "Enabled"},
        "GetBucketEncryption": {"ServerSideEncryptionConfiguration": {"Rules": [rule | {"BucketKeyEnabled": True}]}},
        "GetPublicAccessBlock": {"PublicAccessBlockConfiguration": {"BlockPublicAcls": True}},
        "GetBucketPolicyStatus": {"PolicyStatus": {"IsPublic": True}},
        "GetObjectLockConfiguration": {
            "ObjectLockConfiguration": {
                "ObjectLockEnabled": "Enabled",
                "Rule": {"DefaultRetention": {"Mode": "GOVERNANCE", "Days": 30}},
            }
        },
        "GetBucketTagging": {"TagSet": [{"Key": "team", "Value": "ä"}]},
        "GetBucketLifecycleConfiguration": {"Rules": [{}, {}]},
    }
    _, body, _ = send(buckets.handler, "GET", "/buckets/{bucket}", bucket="full")
    assert body == {
        "name": "full",
        "region": "eu-west-1",
        "created_at": None,
        "versioning": "Enabled",
        "encryption": {"algorithm": "aws:kms", "bucket_key": True},
        "public_access_block": {
            "block_public_acls": True,
            "ignore_public_acls": False,
            "block_public_policy": False,
            "restrict_public_buckets": False,
        },
        "policy_status": {"is_public": True},
        "object_lock": {"enabled": True, "mode": "GOVERNANCE", "days": 30, "years": None},
        "tags": {"team": "ä"},
        "lifecycle_rules": 2,
        "errors": {},
    }


def test_what_may_not_be_read_is_named(cloud: Aws, send: Callable[..., Any]) -> None:
    cloud.answers["GetBucketLocation"] = {}
    cloud.fail("GetBucketTagging", "AccessDenied")
    status, body, _ = send(buckets.handler, "GET", "/buckets/{bucket}", bucket="abc")
    assert (status, body["tags"], body["errors"]) == (200, None, {"tags": "AccessDenied"})


def test_an_answer_without_its_status_is_not_taken_for_private(cloud: Aws, send: Callable[..., Any]) -> None:
    cloud.answers |= {"GetBucketLocation": {}, "GetBucketPolicyStatus": {}}
    _, body, _ = send(buckets.handler, "GET", "/buckets/{bucket}", bucket="abc")
    assert (body["policy_status"], body["errors"]) == (None, {"policy_status": "Garbled"})


def test_when_nothing_may_be_read_that_is_the_answer(cloud: Aws, send: Callable[..., Any]) -> None:
    for operation in LOOK_UPS:
        cloud.fail(operation, "AccessDenied")
    status, body, _ = send(buckets.handler, "GET", "/buckets/{bucket}", bucket="abc")
    assert (status, body["detail"]) == (403, "S3 does not allow this (AccessDenied)")


@pytest.mark.parametrize("operation", LOOK_UPS)
def test_a_bucket_that_is_not_there(cloud: Aws, send: Callable[..., Any], operation: str) -> None:
    cloud.answers["GetBucketLocation"] = {}
    cloud.fail(operation, "NoSuchBucket")
    status, body, _ = send(buckets.handler, "GET", "/buckets/{bucket}", bucket="abc")
    assert (status, body["detail"]) == (404, "no bucket 'abc'")


@pytest.mark.parametrize(
    "name", ["ab", "-abc", "a%2Fb", "arn:aws:s3:us-east-1:1:accesspoint/x", "bücket", "a" * 256, ""]
)
def test_a_name_that_no_bucket_has_is_not_asked_for(aws: Aws, send: Callable[..., Any], name: str) -> None:
    status, body, _ = send(buckets.handler, "GET", "/buckets/{bucket}", bucket=name)
    assert (status, body["detail"], aws.calls) == (404, "no bucket can have this name", [])

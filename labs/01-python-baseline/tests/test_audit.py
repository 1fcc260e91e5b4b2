from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from conftest import Aws

from functions import audit
from s3_work.tls_policy import enforces_tls

DENY = {
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": "*",
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}


def policy(*statements: Any) -> str:
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@pytest.fixture
def good(aws: Aws) -> Aws:
    block = dict.fromkeys(["BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets"], True)
    aws.answers |= {
        "ListBuckets": {"Buckets": [{"Name": "b"}, {"Name": "a"}]},
        "GetBucketLocation": {},
        "GetPublicAccessBlock": {"PublicAccessBlockConfiguration": block},
        "GetBucketPolicyStatus": {"PolicyStatus": {"IsPublic": False}},
        "GetBucketEncryption": {"ServerSideEncryptionConfiguration": {"Rules": [{}]}},
        "GetBucketVersioning": {"Status": "Enabled"},
        "GetBucketLogging": {"LoggingEnabled": {"TargetBucket": "logs"}},
        "GetBucketLifecycleConfiguration": {"Rules": [{}]},
        "GetBucketPolicy": {"Policy": policy(DENY)},
    }
    return aws


def rows(send: Callable[..., Any]) -> list[dict[str, Any]]:
    status, body, _ = send(audit.handler, "GET", "/audit")
    assert status == 200
    found: list[dict[str, Any]] = body["buckets"]
    return found


def test_buckets_in_good_order(good: Aws, send: Callable[..., Any]) -> None:
    assert rows(send) == [{"name": name, "region": "us-east-1", "findings": [], "errors": {}} for name in ("a", "b")]


def test_everything_amiss(good: Aws, send: Callable[..., Any]) -> None:
    good.fail("GetPublicAccessBlock", "NoSuchPublicAccessBlockConfiguration")
    good.fail("GetBucketEncryption", "ServerSideEncryptionConfigurationNotFoundError")
    good.fail("GetBucketLifecycleConfiguration", "NoSuchLifecycleConfiguration")
    good.fail("GetBucketPolicy", "NoSuchBucketPolicy")
    good.answers |= {
        "GetBucketPolicyStatus": {"PolicyStatus": {"IsPublic": True}},
        "GetBucketVersioning": {"Status": "Suspended"},
        "GetBucketLogging": {},
    }
    assert [tuple(finding.values()) for finding in rows(send)[0]["findings"]] == [
        (
            "public-access-not-blocked",
            "high",
            "not blocked: block_public_acls, ignore_public_acls, block_public_policy, restrict_public_buckets",
        ),
        ("policy-public", "critical", "the bucket policy makes the bucket public"),
        ("no-default-encryption", "medium", "no default encryption is set"),
        ("no-versioning", "medium", "versioning is suspended"),
        ("no-access-logging", "low", "server access logs are not written"),
        ("no-lifecycle", "low", "no lifecycle rule is set"),
        ("tls-not-enforced", "medium", "no policy statement denies requests without TLS"),
    ]


def test_what_could_not_be_checked_is_named(good: Aws, send: Callable[..., Any]) -> None:
    good.fail("GetBucketPolicy", "AccessDenied")
    good.fail("GetBucketLocation", "SlowDown")
    row = rows(send)[0]
    assert (row["region"], row["findings"]) == (None, [])
    assert row["errors"] == {"region": "SlowDown", "tls-not-enforced": "AccessDenied"}


def test_a_bucket_that_vanished_is_left_out(good: Aws, send: Callable[..., Any]) -> None:
    good.fail("GetBucketLogging", "NoSuchBucket")
    assert rows(send) == []


@pytest.mark.parametrize(
    "statement",
    [
        DENY,
        DENY | {"Principal": {"AWS": "*"}},
        DENY | {"Principal": {"AWS": ["*"]}},
        DENY | {"Action": "*"},
        DENY | {"Action": ["s3:GetObject", "s3:*"]},
        DENY | {"Condition": {"Bool": {"AWS:securetransport": ["false"]}}},
        DENY | {"Condition": {"Bool": {"aws:SecureTransport": False}}},
    ],
)
def test_policies_that_enforce_tls(statement: dict[str, Any]) -> None:
    allow = {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject"}
    assert enforces_tls(policy(allow, statement))
    assert enforces_tls(json.dumps({"Statement": statement}))


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "no JSON",
        "[]",
        '"x"',
        policy(),
        policy("x"),
        policy(DENY | {"Effect": "Allow"}),
        policy(DENY | {"Principal": {"AWS": "arn:aws:iam::1:root"}}),
        policy(DENY | {"Principal": {"Service": "*"}}),
        policy(DENY | {"Action": "s3:GetObject"}),
        policy(DENY | {"Condition": {"Bool": {"aws:SecureTransport": "true"}}}),
        policy(DENY | {"Condition": {"Bool": "x"}}),
        policy({key: value for key, value in DENY.items() if key != "Condition"}),
    ],
)
def test_policies_that_do_not(text: str | None) -> None:
    assert not enforces_tls(text)

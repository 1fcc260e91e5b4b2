"""What the cases find in S3: a few buckets with odd contents, the same for every lab."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.contract import trouble
from workshop.target import Cloud

PLAIN = "contract-plain"
FULL = "contract-full-eu"
EMPTY = "contract-empty"
LARGE = "contract-large"
VERSIONED = "contract-versioned"
MISSING = "contract-no-such-bucket"
LARGE_OBJECTS = 2_100

# Names that break careless encoding, ordering or splitting.
ODD_KEYS = [
    "readme.txt",
    "a/b/c/d.txt",
    "a/b/e.txt",
    "a/f.txt",
    "a//double.txt",
    "/leading.txt",
    "trailing/",
    "plus+and space.txt",
    "per%cent/100%25.txt",
    "que?ry/&=#.txt",
    "ünï/cödé/💾.txt",
    "ünï/日本語.txt",
    "quote'\"<tag>&amp;.txt",
    "back\\slash.txt",
    "dots/../up.txt",
    "~tilde/(paren)!*.txt",
]


def make(cloud: Cloud) -> None:
    """Make what is missing; can be called again."""
    s3 = cloud.client("s3")
    there = {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}
    for name, region in [(PLAIN, None), (FULL, "eu-west-1"), (EMPTY, None), (LARGE, None), (VERSIONED, None)]:
        if name not in there:
            _create(s3, name, region)
    for name in set(trouble.BUCKETS.values()) - there:
        _create(s3, name, None)
    _fill_plain(s3)
    _configure(s3)
    _fill_versioned(s3)
    _fill_large(s3)


def _create(s3: Any, name: str, region: str | None) -> None:
    location = {"CreateBucketConfiguration": {"LocationConstraint": region}} if region else {}
    s3.create_bucket(Bucket=name, **location)


def _fill_plain(s3: Any) -> None:
    for number, key in enumerate(ODD_KEYS):
        s3.put_object(Bucket=PLAIN, Key=key, Body=b"x" * (number % 5) ** 3, ContentType="text/plain")
    s3.put_object(
        Bucket=PLAIN,
        Key="tagged.txt",
        Body=b"tagged",
        StorageClass="STANDARD_IA",
        Tagging="team=finance&empty=",
        Metadata={"author": "ada"},
    )


def _configure(s3: Any) -> None:
    s3.put_bucket_versioning(Bucket=FULL, VersioningConfiguration={"Status": "Suspended"})
    s3.put_bucket_tagging(Bucket=FULL, Tagging={"TagSet": [{"Key": "team", "Value": "finance ä"}]})
    s3.put_bucket_encryption(
        Bucket=FULL,
        ServerSideEncryptionConfiguration={
            "Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}]
        },
    )
    s3.put_public_access_block(
        Bucket=FULL,
        PublicAccessBlockConfiguration={
            "BlockPublicAcls": True,
            "IgnorePublicAcls": False,
            "BlockPublicPolicy": False,
            "RestrictPublicBuckets": False,
        },
    )
    statements = [
        {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", "Resource": f"arn:aws:s3:::{FULL}/public/*"},
        {
            "Effect": "Deny",
            "Principal": {"AWS": "*"},
            "Action": ["s3:*"],
            "Resource": f"arn:aws:s3:::{FULL}/secret/*",
            "Condition": {"Bool": {"aws:SecureTransport": "false"}},
        },
    ]
    s3.put_bucket_policy(Bucket=FULL, Policy=json.dumps({"Version": "2012-10-17", "Statement": statements}))
    rule = {"ID": "old", "Status": "Enabled", "Filter": {"Prefix": ""}, "Expiration": {"Days": 30}}
    s3.put_bucket_lifecycle_configuration(Bucket=FULL, LifecycleConfiguration={"Rules": [rule]})


def _fill_versioned(s3: Any) -> None:
    s3.put_bucket_versioning(Bucket=VERSIONED, VersioningConfiguration={"Status": "Enabled"})
    for key in ("kept", "deleted"):
        s3.put_object(Bucket=VERSIONED, Key=key, Body=b"1")
    s3.delete_object(Bucket=VERSIONED, Key="deleted")


def _fill_large(s3: Any) -> None:
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=LARGE)
    if sum(page["KeyCount"] for page in pages) == LARGE_OBJECTS:
        return

    def put(number: int) -> None:
        s3.put_object(Bucket=LARGE, Key=f"day-{number % 7}/{number:05}.log", Body=b"x" * (number % 300))

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(put, range(LARGE_OBJECTS)))

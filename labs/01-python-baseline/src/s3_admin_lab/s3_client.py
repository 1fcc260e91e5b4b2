"""The S3 clients of this execution environment."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import cache
from typing import Any

from botocore.config import Config

from s3_admin_lab import aws

# Presigned URLs would else have the old signature where a region still takes it.
_CONFIG = Config(signature_version="s3v4")

s3 = aws.client("s3", config=_CONFIG)

# GetBucketLocation's answers from before regions had names.
_OLD_LOCATIONS = {None: "us-east-1", "": "us-east-1", "EU": "eu-west-1"}


def own_region() -> str:
    """The region of `s3`."""
    return str(s3.meta.region_name)


@cache
def in_region(region: str) -> Any:
    """A client of one region: `s3` itself, or one that is made when it is first needed, which is rare."""
    return s3 if region == own_region() else new_client(region)


def new_client(region: str) -> Any:
    """A client that does not remember in which region a bucket was.

    botocore keeps what S3's redirects told it, by the bucket's name: for a bucket that was deleted and is made again
    elsewhere, a client that knew the old one would send CreateBucket to the old region.
    """
    return aws.client("s3", region=region, config=_CONFIG)


def calling_s3() -> AbstractContextManager[None]:
    """Turns failures of S3 calls into ServiceError."""
    return aws.calling("S3")


def region_of(bucket: str) -> str:
    """The region a bucket is in. Raises ServiceError."""
    with calling_s3():
        location = s3.get_bucket_location(Bucket=bucket).get("LocationConstraint")
    return _OLD_LOCATIONS.get(location) or str(location)

"""Making and deleting buckets."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from s3_admin_lab.bucket_path import bucket_problem
from s3_admin_lab.new_bucket import NewBucket, no_region
from s3_admin_lab.problem import Problem
from s3_admin_lab.s3_client import calling_s3, in_region, new_client, own_region, region_of
from s3_admin_lab.service_error import UNREACHABLE, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

logger = logging.getLogger("s3_admin")

_EXISTS = ("BucketAlreadyExists", "BucketAlreadyOwnedByYou")
_NO_REGION = ("InvalidLocationConstraint", "IllegalLocationConstraintException")
_PRIVATE = {
    "BlockPublicAcls": True,
    "IgnorePublicAcls": True,
    "BlockPublicPolicy": True,
    "RestrictPublicBuckets": True,
}
_ENCRYPTED = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}, "BucketKeyEnabled": True}]}


def create(new: NewBucket) -> None:
    """Make a bucket, private and encrypted, or leave none behind. Raises Problem or ServiceError."""
    _refuse_existing(new.name)
    region = new.region or own_region()
    client = new_client(region)
    _create(client, new.name, region)
    try:
        for step in _steps(client, new):
            with calling_s3():
                step()
    except ServiceError:
        _undo(client, new.name)
        raise


def delete(bucket: str) -> None:
    """Delete an empty bucket. Raises Problem or ServiceError."""
    try:
        # S3 answers in the bucket's own region only; the client would follow, but here the region is cheap to know.
        client = in_region(region_of(bucket))
        with calling_s3():
            client.delete_bucket(Bucket=bucket)
    except ServiceError as error:
        if error.code == "BucketNotEmpty":
            raise Problem(409, f"bucket '{bucket}' is not empty") from error
        raise bucket_problem(error, bucket) from error


def _refuse_existing(name: str) -> None:
    """In us-east-1 CreateBucket of a bucket of one's own succeeds and changes nothing, so that it must be asked."""
    try:
        region_of(name)
    except ServiceError as error:
        if error.code == "NoSuchBucket":
            return
        if not error.code.startswith("AccessDenied"):  # someone else's
            raise
    raise _exists(name)


def _exists(name: str) -> Problem:
    return Problem(409, f"bucket '{name}' exists already")


def _create(client: Any, name: str, region: str) -> None:
    location = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    try:
        with calling_s3():
            client.create_bucket(Bucket=name, **location)
    except ServiceError as error:
        if error.code in _EXISTS:
            raise _exists(name) from error
        # S3 has just answered here: an endpoint that cannot be reached is that of a region that is none.
        if error.code in _NO_REGION or (error.code == UNREACHABLE and region != own_region()):
            raise no_region(region) from error
        raise


def _steps(client: Any, new: NewBucket) -> Iterator[Any]:
    """One after the other: S3 refuses changes of one bucket that overlap."""
    bucket = {"Bucket": new.name}
    yield lambda: client.put_public_access_block(**bucket, PublicAccessBlockConfiguration=_PRIVATE)
    yield lambda: client.put_bucket_encryption(**bucket, ServerSideEncryptionConfiguration=_ENCRYPTED)
    if new.versioning:
        yield lambda: client.put_bucket_versioning(**bucket, VersioningConfiguration={"Status": "Enabled"})
    if new.tags:
        tags = [{"Key": key, "Value": value} for key, value in new.tags.items()]
        yield lambda: client.put_bucket_tagging(**bucket, Tagging={"TagSet": tags})


def _undo(client: Any, bucket: str) -> None:
    try:
        with calling_s3():
            client.delete_bucket(Bucket=bucket)
    except ServiceError as error:
        logger.error("a half-made bucket is left", extra={"bucket": bucket, "code": error.code})

"""Look-ups of one setting of a bucket. Each gives None for a setting that the bucket does not have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from s3_admin_lab.s3_client import calling_s3, region_of, s3
from s3_admin_lab.service_error import GARBLED, ServiceError

if TYPE_CHECKING:
    from collections.abc import Callable

PUBLIC_ACCESS_SWITCHES = {
    "block_public_acls": "BlockPublicAcls",
    "ignore_public_acls": "IgnorePublicAcls",
    "block_public_policy": "BlockPublicPolicy",
    "restrict_public_buckets": "RestrictPublicBuckets",
}


def _read(operation: Callable[..., Any], bucket: str, missing: str = "") -> dict[str, Any] | None:
    """The answer of `operation`; None when it fails with the code `missing`."""
    try:
        with calling_s3():
            answer: dict[str, Any] = operation(Bucket=bucket)
            return answer
    except ServiceError as error:
        if missing and error.code == missing:
            return None
        raise


def versioning(bucket: str) -> str | None:
    """`Enabled`, `Suspended`, or None when it was never set."""
    return (_read(s3.get_bucket_versioning, bucket) or {}).get("Status")


def encryption(bucket: str) -> dict[str, Any] | None:
    """The default encryption."""
    answer = _read(s3.get_bucket_encryption, bucket, "ServerSideEncryptionConfigurationNotFoundError")
    rules = (answer or {}).get("ServerSideEncryptionConfiguration", {}).get("Rules", [])
    if not rules:
        return None
    return {
        "algorithm": rules[0].get("ApplyServerSideEncryptionByDefault", {}).get("SSEAlgorithm", "AES256"),
        "bucket_key": rules[0].get("BucketKeyEnabled", False),
    }


def public_access_block(bucket: str) -> dict[str, bool] | None:
    """Block public access: four switches."""
    answer = _read(s3.get_public_access_block, bucket, "NoSuchPublicAccessBlockConfiguration")
    if answer is None:
        return None
    switches = answer.get("PublicAccessBlockConfiguration", {})
    return {name: switches.get(switch, False) for name, switch in PUBLIC_ACCESS_SWITCHES.items()}


def policy_status(bucket: str) -> dict[str, bool] | None:
    """Whether the bucket policy makes the bucket public."""
    answer = _read(s3.get_bucket_policy_status, bucket, "NoSuchBucketPolicy")
    if answer is None:
        return None
    if "PolicyStatus" not in answer:  # whether a bucket is public is not to be guessed
        raise ServiceError("S3", GARBLED)
    return {"is_public": answer["PolicyStatus"].get("IsPublic", False)}


def object_lock(bucket: str) -> dict[str, Any] | None:
    """Object lock and its default retention."""
    answer = _read(s3.get_object_lock_configuration, bucket, "ObjectLockConfigurationNotFoundError")
    if answer is None:
        return None
    configuration = answer.get("ObjectLockConfiguration", {})
    retention = configuration.get("Rule", {}).get("DefaultRetention", {})
    return {
        "enabled": configuration.get("ObjectLockEnabled") == "Enabled",
        "mode": retention.get("Mode"),
        "days": retention.get("Days"),
        "years": retention.get("Years"),
    }


def tags(bucket: str) -> dict[str, str] | None:
    """The bucket's tags."""
    answer = _read(s3.get_bucket_tagging, bucket, "NoSuchTagSet")
    return None if answer is None else {tag["Key"]: tag["Value"] for tag in answer.get("TagSet", [])}


def lifecycle_rules(bucket: str) -> int | None:
    """The number of lifecycle rules."""
    answer = _read(s3.get_bucket_lifecycle_configuration, bucket, "NoSuchLifecycleConfiguration")
    return None if answer is None else len(answer.get("Rules", []))


def access_logging(bucket: str) -> bool:
    """Whether server access logs are written."""
    return "LoggingEnabled" in (_read(s3.get_bucket_logging, bucket) or {})


def policy(bucket: str) -> str | None:
    """The bucket policy, JSON."""
    answer = _read(s3.get_bucket_policy, bucket, "NoSuchBucketPolicy")
    return None if answer is None else answer.get("Policy")


# What `GET /buckets/{bucket}` shows, in its order.
LOOK_UPS: dict[str, Callable[[str], Any]] = {
    "region": region_of,
    "versioning": versioning,
    "encryption": encryption,
    "public_access_block": public_access_block,
    "policy_status": policy_status,
    "object_lock": object_lock,
    "tags": tags,
    "lifecycle_rules": lifecycle_rules,
}

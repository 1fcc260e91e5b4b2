"""The twelve buckets of the demo company and their settings, good and bad, so that an audit finds something."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

from workshop.labs.errors import aws_errors
from workshop.target import Cloud

BIG_BUCKET = "acme-data-lake"
ODD_KEYS_BUCKET = "acme-customer-uploads"
LOGS_BUCKET = "acme-access-logs"


@dataclass(frozen=True)
class Bucket:
    """One bucket: its region, how many objects it gets, and its settings.

    `region` None is the target's own. `lifecycle` holds the days after which objects expire, rule by rule.
    `logs_access` goes with the target's own region: S3 wants the bucket that takes the logs to be in the same.
    """

    name: str
    region: str | None = None
    objects: int = 0
    tags: dict[str, str] = field(default_factory=dict)
    versioning: str | None = None
    encryption: str | None = None
    blocks_public_access: bool = True
    object_lock: bool = False
    policy: str | None = None
    lifecycle: tuple[int, ...] = ()
    logs_access: bool = False


BUCKETS: tuple[Bucket, ...] = (
    Bucket(LOGS_BUCKET, None, 60, {"team": "platform"}, None, "AES256", lifecycle=(90,)),
    Bucket("acme-billing-exports", "eu-west-1", 40, {"team": "finance", "cost-center": "4200"}, "Enabled", "aws:kms",
           policy="tls", lifecycle=(365, 30)),
    Bucket("acme-build-artifacts", "us-west-2", 80, {"team": "platform", "env": "ci"}, None, "AES256", lifecycle=(14,)),
    Bucket("acme-compliance-archive", "eu-central-1", 24, {"team": "legal", "retention": "7y"}, "Enabled", "aws:kms",
           object_lock=True, policy="tls"),
    Bucket(ODD_KEYS_BUCKET, "eu-west-1", 120, {"team": "product", "env": "prod", "pii": "yes"}, "Enabled", "AES256"),
    Bucket(BIG_BUCKET, None, 0, {"team": "analytics", "env": "prod"}, None, "AES256", logs_access=True),
    Bucket("acme-empty-sandbox", "us-east-2", 0),
    Bucket("acme-ml-training-sets", "us-west-2", 50, {"team": "research"}, "Suspended", "AES256",
           blocks_public_access=False),
    Bucket("acme-mobile-backups", "ap-southeast-2", 30, {"team": "mobile"}, "Enabled", None, lifecycle=(180,)),
    Bucket("acme-terraform-state", None, 6, {"team": "platform", "env": "prod"}, "Enabled", "aws:kms", policy="tls",
           logs_access=True),
    Bucket("acme-web-assets", "ap-northeast-1", 90, {"team": "web", "env": "prod"}, None, "AES256",
           blocks_public_access=False, policy="public"),
    Bucket("acme-wiki-attachments", "eu-north-1", 35, {}, None, None, blocks_public_access=False),
)  # fmt: skip


def bucket_name(cloud: Cloud, name: str) -> str:
    """A demo bucket's name at a target: as it is locally; on AWS, whose names are shared by all, with the account."""
    if cloud.name == "local":
        return name
    with aws_errors("asking for the account's number"):
        return f"{name}-{cloud.client('sts').get_caller_identity()['Account']}"


def create(client: Any, bucket: Bucket, name: str, region: str) -> None:
    """Make the bucket; `client` is an S3 client of its region. One that is ours already is no error."""
    options: dict[str, Any] = {"ObjectLockEnabledForBucket": True} if bucket.object_lock else {}
    # us-east-1 is the one region that may not be named.
    if region != "us-east-1":
        options["CreateBucketConfiguration"] = {"LocationConstraint": region}
    client.create_bucket(Bucket=name, **options)


def configure(client: Any, bucket: Bucket, name: str, *, logs_bucket: str, may_be_public: bool) -> None:
    """Bring the settings to what they should be.

    `logs_bucket` is the name of the one that takes access logs. `may_be_public` false leaves out what would
    open the bucket to the world.
    """
    if bucket.versioning:
        client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": bucket.versioning})
    if bucket.encryption:
        rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": bucket.encryption}}
        client.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration={"Rules": [rule]})
    _configure_access(client, bucket, name, may_be_public=may_be_public)
    if bucket.lifecycle:
        rules = [_expiry(number, days) for number, days in enumerate(bucket.lifecycle, start=1)]
        client.put_bucket_lifecycle_configuration(Bucket=name, LifecycleConfiguration={"Rules": rules})
    if bucket.logs_access:
        target = {"TargetBucket": logs_bucket, "TargetPrefix": f"{name}/"}
        client.put_bucket_logging(Bucket=name, BucketLoggingStatus={"LoggingEnabled": target})


def _configure_access(client: Any, bucket: Bucket, name: str, *, may_be_public: bool) -> None:
    block = bucket.blocks_public_access or not may_be_public
    if block:
        names = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        client.put_public_access_block(
            Bucket=name, PublicAccessBlockConfiguration=dict.fromkeys(names, True)
        )  # fmt: skip
    else:
        # AWS sets it on every new bucket.
        client.delete_public_access_block(Bucket=name)
    if bucket.policy == "tls":
        client.put_bucket_policy(Bucket=name, Policy=json.dumps(_tls_only(name)))
    elif bucket.policy == "public" and not block:
        client.put_bucket_policy(Bucket=name, Policy=json.dumps(_public_read(name)))


def _expiry(number: int, days: int) -> dict[str, Any]:
    prefix = "" if number == 1 else "tmp/"
    return {"ID": f"expire-{number}", "Status": "Enabled", "Filter": {"Prefix": prefix}, "Expiration": {"Days": days}}


def _tls_only(name: str) -> dict[str, Any]:
    resources = [f"arn:aws:s3:::{name}", f"arn:aws:s3:::{name}/*"]
    statement = {"Sid": "TlsOnly", "Effect": "Deny", "Principal": "*", "Action": "s3:*", "Resource": resources,
                 "Condition": {"Bool": {"aws:SecureTransport": "false"}}}  # fmt: skip
    return {"Version": "2012-10-17", "Statement": [statement]}


def _public_read(name: str) -> dict[str, Any]:
    statement = {"Sid": "PublicRead", "Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                 "Resource": f"arn:aws:s3:::{name}/*"}  # fmt: skip
    return {"Version": "2012-10-17", "Statement": [statement]}

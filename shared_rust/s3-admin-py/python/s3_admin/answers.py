"""The shapes of answers, for type checkers; the keys are those of the HTTP API."""

from __future__ import annotations

from typing import NotRequired, TypedDict


class ErrorCode(TypedDict):
    """Why a part of an answer is missing."""

    code: str


class ListedBucket(TypedDict):
    """One bucket of the list."""

    name: str
    region: str | None
    created_at: str | None
    error: NotRequired[ErrorCode]


class Finding(TypedDict):
    """A rule that a bucket breaks."""

    rule: str
    severity: str
    detail: str


class AuditedBucket(TypedDict):
    """What was found in one bucket; `errors` has a code for each rule that could not be checked."""

    name: str
    region: str | None
    findings: list[Finding]
    errors: dict[str, str]


class Encryption(TypedDict):
    """Default encryption."""

    algorithm: str
    bucket_key: bool


class PublicAccessBlock(TypedDict):
    """The four switches of block public access."""

    block_public_acls: bool
    ignore_public_acls: bool
    block_public_policy: bool
    restrict_public_buckets: bool


class PolicyStatus(TypedDict):
    """Whether the bucket's policy makes it public."""

    is_public: bool


class ObjectLock(TypedDict):
    """Object lock and its default retention."""

    enabled: bool
    mode: str | None
    days: int | None
    years: int | None


class BucketDetails(TypedDict):
    """A bucket and its settings; `errors` has a code for each that could not be read."""

    name: str
    region: str | None
    created_at: str | None
    versioning: str | None
    encryption: Encryption | None
    public_access_block: PublicAccessBlock | None
    policy_status: PolicyStatus | None
    object_lock: ObjectLock | None
    tags: dict[str, str] | None
    lifecycle_rules: int | None
    errors: dict[str, str]


class Totals(TypedDict):
    """How many objects, and how many bytes they hold together."""

    objects: int
    bytes: int


class PrefixUsage(Totals):
    """What lies under one prefix."""

    prefix: str


class StorageClassUsage(Totals):
    """What is in one storage class."""

    storage_class: str


class AgeBucket(Totals):
    """Objects last modified within one span of days."""

    bucket: str


class SizeBucket(Totals):
    """Objects of at most `le_bytes` bytes."""

    le_bytes: int


class LargeObject(TypedDict):
    """One of the largest objects; `size` in bytes."""

    key: str
    size: int
    storage_class: str
    last_modified: str


class Duplicates(TypedDict):
    """What could be saved by keeping one copy of each; a lower bound when not `complete`."""

    groups: int
    wasted_bytes: int
    complete: bool


class UsageReport(Totals):
    """What one walk scanned."""

    by_prefix: list[PrefixUsage]
    by_storage_class: list[StorageClassUsage]
    by_age: list[AgeBucket]
    size_histogram: list[SizeBucket]
    largest: list[LargeObject]
    duplicates: Duplicates
    scanned_pages: int
    truncated: bool
    cursor: str | None

from typing import NotRequired, TypedDict

class ErrorCode(TypedDict):
    code: str

class ListedBucket(TypedDict):
    name: str
    region: str | None
    created_at: str | None
    error: NotRequired[ErrorCode]

class Encryption(TypedDict):
    algorithm: str
    bucket_key: bool

class PublicAccessBlock(TypedDict):
    block_public_acls: bool
    ignore_public_acls: bool
    block_public_policy: bool
    restrict_public_buckets: bool

class PolicyStatus(TypedDict):
    is_public: bool

class ObjectLock(TypedDict):
    enabled: bool
    mode: str | None
    days: int | None
    years: int | None

class BucketDetails(TypedDict):
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
    objects: int
    bytes: int

class PrefixUsage(Totals):
    prefix: str

class StorageClassUsage(Totals):
    storage_class: str

class AgeBucket(Totals):
    bucket: str

class SizeBucket(Totals):
    le_bytes: int

class LargeObject(TypedDict):
    key: str
    size: int
    storage_class: str
    last_modified: str

class Duplicates(TypedDict):
    groups: int
    wasted_bytes: int
    complete: bool

class UsageReport(Totals):
    by_prefix: list[PrefixUsage]
    by_storage_class: list[StorageClassUsage]
    by_age: list[AgeBucket]
    size_histogram: list[SizeBucket]
    largest: list[LargeObject]
    duplicates: Duplicates
    scanned_pages: int
    truncated: bool
    cursor: str | None

def warm_up() -> None:
    """Make the S3 client, so that the first call does not pay for it. It makes no call to AWS."""

def list_buckets(*, timeout: float | None = None) -> list[ListedBucket]:
    """All buckets by name, each with its region; at most 16 look-ups at once.

    A bucket whose region could not be looked up has `region` None and `error`.
    `timeout`: seconds after which `TimedOut` is raised; without it, the SDK's own time-outs hold.
    """

def bucket_details(bucket: str, *, timeout: float | None = None) -> BucketDetails:
    """A bucket and its settings, looked up side by side.

    A setting that the bucket does not have is None, and so is one that could not be read: `errors` has its code.
    Raises `NotFound` when there is no such bucket.
    """

def usage(
    bucket: str,
    *,
    prefix: str = "",
    depth: int = 1,
    top: int = 10,
    delimiter: str = "/",
    after: str | None = None,
    cursor: str | None = None,
    timeout: float | None = None,
) -> UsageReport:
    """Walk over every key that begins with `prefix`; memory does not grow with their number.

    `depth` (1 to 8) segments of a key, separated by `delimiter`, make up the entries of `by_prefix`; `largest` has
    `top` (0 to 100) entries. Sizes are in bytes.

    The walk stops 3 s before `timeout` (seconds) is over, with `truncated` True and a `cursor`; give that as `cursor`
    to go on, and add the parts up. `after` goes on after a key instead.
    """

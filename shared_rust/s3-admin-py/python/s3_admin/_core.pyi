from s3_admin.answers import AuditedBucket, BucketDetails, ListedBucket, UsageReport

__all__ = ["audit_buckets", "bucket_details", "list_buckets", "usage", "warm_up"]

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

def audit_buckets(*, timeout: float | None = None) -> list[AuditedBucket]:
    """What is amiss with each bucket's settings, by name; at most 16 look-ups at once.

    `errors` has the error code for each rule that could not be checked, and for `region`.
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

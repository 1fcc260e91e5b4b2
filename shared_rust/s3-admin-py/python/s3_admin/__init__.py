"""The S3 admin system's heavy work in Rust.

Each function blocks until its answer is there, with the GIL released: other Python threads run on, and Ctrl-C
works. All calls of a process share one async runtime and one pool of connections; region, credentials and endpoint
come from the environment, as in every AWS SDK.

Answers are dicts and lists, ready for `json.dumps`; failures are subclasses of `S3AdminError`.
"""

from __future__ import annotations

from s3_admin._core import audit_buckets, bucket_details, list_buckets, usage, warm_up
from s3_admin.errors import (
    AccessDenied,
    InvalidInput,
    NotFound,
    S3AdminError,
    Throttled,
    TimedOut,
    UnexpectedAnswer,
    Unreachable,
)

__all__ = [
    "AccessDenied",
    "InvalidInput",
    "NotFound",
    "S3AdminError",
    "Throttled",
    "TimedOut",
    "UnexpectedAnswer",
    "Unreachable",
    "audit_buckets",
    "bucket_details",
    "list_buckets",
    "usage",
    "warm_up",
]

"""The bucket that a path names."""

from __future__ import annotations

import re

from s3_admin_lab.problem import Problem
from s3_admin_lab.service_error import ServiceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from s3_admin_lab.web import Request

# Wider than S3's rules for new buckets, since old ones have odd names; narrow enough to keep ARNs out, which SDKs
# would take for an access point.
_POSSIBLE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{2,254}")


def bucket_of(request: Request) -> str:
    """The path's `bucket`. Raises Problem 404 when no bucket can have that name."""
    name = request.path_parameter("bucket")
    if not _POSSIBLE.fullmatch(name):
        raise Problem(404, "no bucket can have this name")
    return name


def no_bucket(name: str) -> Problem:
    """A 404."""
    return Problem(404, f"no bucket '{name}'")


def bucket_problem(error: ServiceError, bucket: str) -> Problem:
    """The problem that a failed call on `bucket` stands for."""
    return no_bucket(bucket) if error.code == "NoSuchBucket" else error.problem()

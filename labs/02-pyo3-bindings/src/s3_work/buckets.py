"""Buckets, their regions and their settings: many small calls side by side, on one thread."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import s3_admin
from s3_work.errors import calling_s3

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


def list_buckets() -> Sequence[Mapping[str, Any]]:
    """All buckets, sorted by name: `name`, `region`, `created_at`, and `error` where the region is not known.

    Raises ServiceError when the list itself cannot be had.
    """
    with calling_s3():
        return s3_admin.list_buckets()


def bucket_details(bucket: str) -> Mapping[str, Any]:
    """`name`, every setting, `created_at`, and `errors` (setting → code).

    Raises ServiceError when there is no such bucket, or nothing about it may be read.
    """
    with calling_s3():
        return s3_admin.bucket_details(bucket)

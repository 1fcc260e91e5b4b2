"""What S3's API cannot do: set an object's age, which demo data needs, and make very many objects in seconds."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from ministack.core import responses
from ministack.services import s3


def backdate(account: str, bucket: str, modified: dict[str, float]) -> int:
    """Set the last-modified time (seconds since the epoch) of keys; answers how many there were.

    Raises KeyError for a bucket that does not exist.
    """
    token = responses._request_account_id.set(account)
    try:
        objects = s3._buckets[bucket]["objects"]
        found = [key for key in modified if key in objects]
        for key in found:
            objects[key]["last_modified"] = _iso(modified[key])
    finally:
        responses._request_account_id.reset(token)
    return len(found)


def put_keys(account: str, bucket: str, keys: Sequence[str]) -> int:
    """Make objects whose content is their own key; answers how many were new.

    For benchmarks of listings: a PUT costs 2 ms, this a few µs. Events, versions and quotas are passed over.
    Raises KeyError for a bucket that does not exist.
    """
    token = responses._request_account_id.set(account)
    try:
        objects = s3._buckets[bucket]["objects"]
        before = len(objects)
        objects.update({key: s3._build_object_record(key.encode(), {}) for key in keys})
        return len(objects) - before
    finally:
        responses._request_account_id.reset(token)


def empty(account: str, bucket: str) -> int:
    """Forget a bucket's objects, versions aside; answers how many there were. Raises KeyError like the others."""
    token = responses._request_account_id.set(account)
    try:
        objects = s3._buckets[bucket]["objects"]
        before = len(objects)
        objects.clear()
        return before
    finally:
        responses._request_account_id.reset(token)


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

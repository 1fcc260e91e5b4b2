"""What S3's API cannot set: the age of an object. Demo data needs objects of many ages."""

from __future__ import annotations

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


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S.000Z")

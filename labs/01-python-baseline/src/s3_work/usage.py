"""The usage walk: every key of a bucket, one page at a time."""

from __future__ import annotations

import time
from typing import Any

from s3_admin_lab import cursor
from s3_admin_lab.s3_client import calling_s3, s3
from s3_work.usage_summary import UsageSummary

# The answer must still be written and sent.
STOP_BEFORE_DEADLINE_SECONDS = 3.0


def walk_usage(
    bucket: str, *, prefix: str, depth: int, top: int, delimiter: str, after: str | None, seconds_left: float
) -> dict[str, Any]:
    """The usage report of the keys that begin with `prefix`, and come after `after` if that is given.

    Reads at least one page, and stops 3 s before `seconds_left` are over, `truncated` and with a cursor.
    Raises ServiceError.
    """
    stop_at = time.monotonic() + seconds_left - STOP_BEFORE_DEADLINE_SECONDS
    summary = UsageSummary(delimiter, depth, top)
    request: dict[str, Any] = {"Bucket": bucket, "Prefix": prefix}
    if after is not None:
        request["StartAfter"] = after
    pages = 0
    last_key = after or ""
    while True:
        with calling_s3():
            page = s3.list_objects_v2(**request)
        pages += 1
        contents = page.get("Contents", [])
        summary.add(contents)
        last_key = contents[-1]["Key"] if contents else last_key
        token = page.get("NextContinuationToken") if page.get("IsTruncated") else None
        if token is None or time.monotonic() >= stop_at:
            break
        request["ContinuationToken"] = token
    next_cursor = cursor.encode({"after": last_key, "prefix": prefix}) if token else None
    return summary.report() | {"scanned_pages": pages, "truncated": token is not None, "cursor": next_cursor}

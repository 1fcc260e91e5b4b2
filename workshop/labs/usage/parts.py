"""How a bucket is divided, so that several functions can walk it at the same time."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from workshop.labs.usage.calls import Calls

_ENTRIES = 1_000


@dataclass(frozen=True)
class Parts:
    """`prefixes` to be walked, and the `objects` (rows of the listing) that lie under none of them."""

    prefixes: list[str]
    objects: list[dict[str, Any]] = field(default_factory=list)


def divide(calls: Calls, bucket: str, prefix: str, delimiter: str) -> Parts:
    """The folders below `prefix` and the objects beside them; a single folder is divided again.

    A level that one page of the listing does not show whole is one part: nothing is gained from thousands of them.
    """
    query = {"prefix": prefix, "delimiter": delimiter, "limit": str(_ENTRIES)}
    page = calls.get(f"/buckets/{bucket}/objects", query)
    folders = [str(folder) for folder in page["prefixes"]]
    if page["cursor"] is not None or not folders:
        return Parts([prefix])
    if len(folders) == 1 and not page["objects"] and folders[0] != prefix:
        return divide(calls, bucket, folders[0], delimiter)
    return Parts(folders, page["objects"])

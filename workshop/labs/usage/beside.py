"""A usage report of a few listed objects: those beside the folders, which no call of `usage` counts alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import Any

# Upper limits in whole days, as in labs/README.md.
_AGES = {"<7d": 7, "<30d": 30, "<90d": 90, "<365d": 365}
_OLDEST = ">=365d"


def report(objects: list[dict[str, Any]], *, delimiter: str, depth: int, now: datetime | None = None) -> dict[str, Any]:
    """Of rows of `GET /buckets/{bucket}/objects` (key, size, etag, storage_class, last_modified), all pages read."""
    now = now or datetime.now(UTC)
    copies = Counter((row["etag"], row["size"]) for row in objects if row["size"])
    again = {pair: count for pair, count in copies.items() if count > 1}
    ages = _rows("bucket", objects, lambda row: _age(row, now))
    return {
        "objects": len(objects),
        "bytes": sum(row["size"] for row in objects),
        "by_prefix": _rows("prefix", objects, lambda row: _folder(row["key"], delimiter, depth)),
        "by_storage_class": _rows("storage_class", objects, lambda row: row["storage_class"]),
        "by_age": [_row_of_age(ages, label) for label in (*_AGES, _OLDEST)],
        "size_histogram": _rows("le_bytes", objects, lambda row: _power_of_four(row["size"])),
        "largest": [{name: row[name] for name in ("key", "size", "storage_class", "last_modified")} for row in objects],
        "duplicates": {
            "groups": len(again),
            "wasted_bytes": sum(size * (count - 1) for (_, size), count in again.items()),
            "complete": True,
        },
        "scanned_pages": 0,
    }


def _row_of_age(rows: list[dict[str, Any]], label: str) -> dict[str, Any]:
    return next((row for row in rows if row["bucket"] == label), {"bucket": label, "objects": 0, "bytes": 0})


def _rows(
    name: str, objects: Iterable[dict[str, Any]], label_of: Callable[[dict[str, Any]], Any]
) -> list[dict[str, Any]]:
    totals: dict[Any, dict[str, Any]] = {}
    for row in objects:
        label = label_of(row)
        total = totals.setdefault(label, {name: label, "objects": 0, "bytes": 0})
        total["objects"] += 1
        total["bytes"] += row["size"]
    return list(totals.values())


def _age(row: dict[str, Any], now: datetime) -> str:
    days = (now - datetime.fromisoformat(row["last_modified"])).days
    return next((label for label, limit in _AGES.items() if days < limit), _OLDEST)


def _folder(key: str, delimiter: str, depth: int) -> str:
    segments = key.split(delimiter, depth)[:-1]
    return "".join(segment + delimiter for segment in segments)


def _power_of_four(size: int) -> int:
    limit = 1
    while limit < size:
        limit *= 4
    return limit

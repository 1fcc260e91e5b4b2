"""What a usage walk sums up, in bounded memory. labs/README.md has the meaning of each figure."""

from __future__ import annotations

import heapq
from bisect import bisect_left
from datetime import UTC, datetime, timedelta
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from s3_admin_lab.timestamps import rfc3339

if TYPE_CHECKING:
    from collections.abc import Iterable

MAX_PREFIXES = 1_000
MAX_TRACKED_DUPLICATES = 50_000
# Prefixes in memory before those that can no longer make it into the report are dropped.
_MAX_OPEN_PREFIXES = 20_000

_AGES = ("<7d", "<30d", "<90d", "<365d", ">=365d")
_AGE_DAYS = (7, 30, 90, 365)
# 4^21 bytes are 4 TiB, 4^22 hold the largest object that S3 takes.
_SIZES = [4**power for power in range(32)]


class UsageSummary:
    """Sums up objects that come in the order of their keys."""

    def __init__(self, delimiter: str, depth: int, top: int) -> None:
        now = datetime.now(UTC)
        self._delimiter = delimiter
        self._depth = depth
        self._top = top
        # Oldest first: an object is younger than as many of these as come before its date.
        self._age_limits = [now - timedelta(days=days) for days in reversed(_AGE_DAYS)]
        self._by_age = [[0, 0] for _ in _AGES]
        self._by_size = [[0, 0] for _ in _SIZES]
        self._by_class: dict[str, list[int]] = {}
        self._by_prefix: dict[str, list[int]] = {}
        self._largest: list[dict[str, Any]] = []
        self._seen: dict[tuple[str, int], int] = {}
        self._all_tracked = True

    def add(self, contents: list[dict[str, Any]]) -> None:
        """Adds one page of ListObjectsV2's `Contents`."""
        for item in contents:
            key, size = item["Key"], item["Size"]
            _count(self._by_prefix.setdefault(self._prefix_of(key), [0, 0]), size)
            _count(self._by_class.setdefault(item.get("StorageClass", "STANDARD"), [0, 0]), size)
            _count(self._by_age[-1 - bisect_left(self._age_limits, item["LastModified"])], size)
            _count(self._by_size[bisect_left(_SIZES, size)], size)
            if size:
                self._track((item["ETag"], size))
        self._keep_largest(contents)
        if len(self._by_prefix) > _MAX_OPEN_PREFIXES:
            self._drop_small_prefixes(contents[-1]["Key"])

    def _prefix_of(self, key: str) -> str:
        directories = key.split(self._delimiter, self._depth)[:-1]
        return self._delimiter.join(directories) + self._delimiter if directories else ""

    def _track(self, pair: tuple[str, int]) -> None:
        copies = self._seen.get(pair)
        if copies is not None:
            self._seen[pair] = copies + 1
        elif len(self._seen) < MAX_TRACKED_DUPLICATES:
            self._seen[pair] = 1
        else:
            self._all_tracked = False

    def _keep_largest(self, contents: list[dict[str, Any]]) -> None:
        # Keys come in ascending order and nlargest is stable, so of equal sizes the first keys stay.
        self._largest = heapq.nlargest(self._top, chain(self._largest, contents), key=itemgetter("Size"))

    def _drop_small_prefixes(self, last_key: str) -> None:
        """A prefix that the last key does not begin with is final: S3 lists keys in the order of their bytes."""
        final = [entry for entry in self._by_prefix.items() if not last_key.startswith(entry[0])]
        kept = heapq.nsmallest(MAX_PREFIXES, final, key=_most_bytes_first)
        growing = {prefix: totals for prefix, totals in self._by_prefix.items() if last_key.startswith(prefix)}
        self._by_prefix = growing | dict(kept)

    def report(self) -> dict[str, Any]:
        """The report, without what is known of the walk itself."""
        prefixes = heapq.nsmallest(MAX_PREFIXES, self._by_prefix.items(), key=_most_bytes_first)
        again = [(size, copies) for (_, size), copies in self._seen.items() if copies > 1]
        return {
            "objects": sum(objects for objects, _ in self._by_age),
            "bytes": sum(size for _, size in self._by_age),
            "by_prefix": _rows("prefix", prefixes),
            "by_storage_class": _rows("storage_class", sorted(self._by_class.items())),
            "by_age": _rows("bucket", zip(_AGES, self._by_age, strict=True)),
            "size_histogram": [
                row for row in _rows("le_bytes", zip(_SIZES, self._by_size, strict=True)) if row["objects"]
            ],
            "largest": [_large(item) for item in self._largest],
            "duplicates": {
                "groups": len(again),
                "wasted_bytes": sum(size * (copies - 1) for size, copies in again),
                "complete": self._all_tracked,
            },
        }


def _count(totals: list[int], size: int) -> None:
    totals[0] += 1
    totals[1] += size


def _most_bytes_first(entry: tuple[str, list[int]]) -> tuple[int, str]:
    prefix, (_, size) = entry
    return -size, prefix


def _rows(name: str, totals: Iterable[tuple[Any, list[int]]]) -> list[dict[str, Any]]:
    return [{name: label, "objects": objects, "bytes": size} for label, (objects, size) in totals]


def _large(item: dict[str, Any]) -> dict[str, Any]:
    return {
        "key": item["Key"],
        "size": item["Size"],
        "storage_class": item.get("StorageClass", "STANDARD"),
        "last_modified": rfc3339(item["LastModified"]),
    }

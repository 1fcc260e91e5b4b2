"""Adds usage reports up. Their shape is `Usage` of labs/openapi.yaml; a report's `cursor` has no meaning in a sum."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

Report = dict[str, Any]
_PREFIXES_IN_A_REPORT = 1_000


def merge(reports: Sequence[Report], top: int) -> Report:
    """One report of several that counted different keys of one bucket.

    What was exact in each part and is not in the sum says so: `by_prefix_complete` is false when a part's list was
    full, `duplicates.complete` when there was more than one part, since copies in two parts meet in neither.
    """
    scanned = [report for report in reports if report["objects"]]
    return {
        "objects": sum(report["objects"] for report in reports),
        "bytes": sum(report["bytes"] for report in reports),
        "by_prefix": sorted(_summed(reports, "by_prefix", "prefix"), key=lambda row: (-row["bytes"], row["prefix"])),
        "by_prefix_complete": all(len(report["by_prefix"]) < _PREFIXES_IN_A_REPORT for report in reports),
        "by_storage_class": sorted(
            _summed(reports, "by_storage_class", "storage_class"), key=lambda row: str(row["storage_class"])
        ),
        "by_age": _summed(reports, "by_age", "bucket"),
        "size_histogram": sorted(_summed(reports, "size_histogram", "le_bytes"), key=lambda row: int(row["le_bytes"])),
        "largest": _largest(chain.from_iterable(report["largest"] for report in reports), top),
        "duplicates": {
            "groups": sum(report["duplicates"]["groups"] for report in reports),
            "wasted_bytes": sum(report["duplicates"]["wasted_bytes"] for report in reports),
            "complete": len(scanned) <= 1 and all(report["duplicates"]["complete"] for report in reports),
        },
        "scanned_pages": sum(report["scanned_pages"] for report in reports),
    }


def _summed(reports: Iterable[Report], field: str, label: str) -> list[dict[str, Any]]:
    """Rows with the same label added up, in the order in which the labels were first met."""
    totals: dict[Any, dict[str, Any]] = {}
    for row in chain.from_iterable(report[field] for report in reports):
        total = totals.setdefault(row[label], {label: row[label], "objects": 0, "bytes": 0})
        total["objects"] += row["objects"]
        total["bytes"] += row["bytes"]
    return list(totals.values())


def _largest(rows: Iterable[dict[str, Any]], top: int) -> list[dict[str, Any]]:
    return sorted(rows, key=lambda row: (-row["size"], row["key"]))[:top]

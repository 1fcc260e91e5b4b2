"""A usage report as tables for people."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich.console import Console
from rich.filesize import decimal
from rich.markup import escape
from rich.table import Table

_PREFIXES_SHOWN = 20


def show(report: dict[str, Any], console: Console) -> None:
    """Totals, then where the bytes are."""
    pages = f"{report['scanned_pages']:,} pages in {report['parts']:,} parts"
    console.print(f"{report['objects']:,} objects, {decimal(report['bytes'])} ({pages})", highlight=False)
    prefixes = report["by_prefix"]
    title = (
        f"by prefix (the {_PREFIXES_SHOWN} largest of {len(prefixes):,})" if prefixes[_PREFIXES_SHOWN:] else "by prefix"
    )
    if not report["by_prefix_complete"]:
        title += ", incomplete: some part has more than the API lists"
    _table(console, title, "prefix", prefixes[:_PREFIXES_SHOWN])
    _table(console, "by storage class", "storage_class", report["by_storage_class"])
    _table(console, "by age", "bucket", report["by_age"])
    largest = Table("largest", "size", "last modified", box=None)
    for row in report["largest"]:
        largest.add_row(escape(row["key"]), decimal(row["size"]), row["last_modified"])
    console.print(largest)
    duplicates = report["duplicates"]
    at_least = "" if duplicates["complete"] else "at least "
    console.print(
        f"duplicates: {at_least}{duplicates['groups']:,} groups, {decimal(duplicates['wasted_bytes'])} wasted",
        highlight=False,
    )


def _table(console: Console, title: str, label: str, rows: Iterable[dict[str, Any]]) -> None:
    table = Table(title, "objects", "bytes", box=None)
    for row in rows:
        table.add_row(escape(str(row[label])) or "(none)", f"{row['objects']:,}", decimal(row["bytes"]))
    console.print(table)

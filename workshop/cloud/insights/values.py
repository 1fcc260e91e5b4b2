"""Values of fields: text, numbers, points in time, or missing (None)."""

from __future__ import annotations

import math
import re
from datetime import UTC, datetime

_NUMERIC = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?\s*", re.ASCII)
# Squares of larger numbers would not fit a double any more: these are texts.
_LARGEST = 1e150


class Timestamp(int):
    """Milliseconds since the epoch: a number that is shown as a date."""


Value = str | int | float | None


def number(value: Value) -> float | None:
    """A value as a number; None if it is missing or no number."""
    if isinstance(value, str) and not _NUMERIC.fullmatch(value):
        return None
    if value is None:
        return None
    try:
        found = float(value)
    except OverflowError:
        return None
    return found if math.isfinite(found) and abs(found) <= _LARGEST else None


def text(value: Value) -> str:
    """A value as results show it."""
    if isinstance(value, Timestamp):
        return _date(value)
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.12g}"
    return "" if value is None else str(value)


def compare(left: Value, right: Value) -> int | None:
    """-1, 0 or 1; numbers by size where both are some, texts otherwise; None if one is missing."""
    if left is None or right is None:
        return None
    one, other = number(left), number(right)
    if one is not None and other is not None:
        return (one > other) - (one < other)
    a, b = text(left), text(right)
    return (a > b) - (a < b)


def sort_key(value: Value) -> tuple[int, float, str]:
    """Ascending order as Insights documents it: texts before numbers."""
    found = number(value)
    return (0, 0.0, text(value)) if found is None else (1, found, "")


def _date(milliseconds: int) -> str:
    try:
        moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    except (ValueError, OverflowError, OSError):  # outside of years 1 to 9999
        return str(int(milliseconds))
    return f"{moment:%Y-%m-%d %H:%M:%S}.{int(milliseconds) % 1000:03d}"

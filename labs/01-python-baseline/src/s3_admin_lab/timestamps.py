"""RFC 3339 timestamps in UTC, to the second."""

from __future__ import annotations

from datetime import UTC, datetime


def rfc3339(moment: datetime) -> str:
    """`2026-01-31T12:00:00Z`; fractions of a second are cut off."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def rfc3339_of_epoch(seconds: int) -> str:
    """The same for seconds since 1970."""
    return rfc3339(datetime.fromtimestamp(seconds, UTC))

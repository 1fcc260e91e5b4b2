"""GET /analytics, which lab 04 serves. What it counts is test_analytics.py's."""

from __future__ import annotations

from typing import Any

from tests.contract.case import Case, nobody, viewer

FROM, TO = ("from", "2026-01-30"), ("to", "2026-01-31")
NO_DATE = "must be a date such as 2030-01-31"


def _get(name: str, query: list[tuple[str, str]], status: int, detail: str | None = None, **options: Any) -> Case:
    return Case(f"analytics: {name}", "getAnalytics", "/analytics", status, detail, query=query, **options)


CASES = [
    # Before anybody used the system.
    _get("nothing", [("from", "1970-01-01"), ("to", "1970-01-02")], 200,
         body={"from": "1970-01-01", "to": "1970-01-02", "by": "day", "groups": []}),
    _get("one day, by user", [("from", "1970-01-01"), ("to", "1970-01-01"), ("by", "user")], 200,
         body={"by": "user", "groups": []}),
    _get("92 days", [("from", "1999-12-01"), ("to", "2000-03-01")], 200, body={"groups": []}),
    _get("93 days", [("from", "1999-12-01"), ("to", "2000-03-02")], 400, "'from' to 'to' must be at most 92 days"),
    _get("nobody", [FROM, TO], 401, "sign in first", credentials=nobody),
    _get("viewer", [FROM, TO], 403, "your role does not allow this", credentials=viewer),
    _get("viewer before query", [("x", "")], 403, "your role does not allow this", credentials=viewer),
    _get("unknown parameter", [("b", "1"), FROM, ("a", "1")], 400, "unknown query parameter 'a'"),
    _get("twice", [FROM, TO, TO], 400, "query parameter 'to' is given more than once"),
    _get("no from", [TO], 400, "'from' is required"),
    _get("empty from", [("from", ""), TO], 400, "'from' is required"),
    _get("no to", [FROM], 400, "'to' is required"),
    _get("from before to", [("from", "yesterday"), ("to", "today")], 400, f"'from' {NO_DATE}"),
    _get("no such day", [FROM, ("to", "2026-02-29")], 400, f"'to' {NO_DATE}"),
    _get("leap day", [("from", "2024-02-29"), ("to", "2024-02-29")], 200, body={"groups": []}),
    _get("before 1970", [("from", "1969-12-31"), TO], 400, f"'from' {NO_DATE}"),
    _get("other digits", [("from", "٢٠٢٦-01-30"), TO], 400, f"'from' {NO_DATE}"),
    _get("a time", [("from", "2026-01-30T00:00:00Z"), TO], 400, f"'from' {NO_DATE}"),
    _get("backwards", [("from", "2026-01-31"), ("to", "2026-01-30")], 400, "'to' must not be before 'from'"),
    _get("by nothing", [FROM, TO, ("by", "")], 400, "'by' must be user, bucket, action or day"),
    _get("by in capitals", [FROM, TO, ("by", "USER")], 400, "'by' must be user, bucket, action or day"),
    _get("dates before by", [FROM, ("by", "role")], 400, "'to' is required"),
]  # fmt: skip

"""Requests to every function of the fleet: cheap ones, and as many that are refused as are served.

No two have the same operation and status, so that a log line tells which of them it is about.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from tests.contract.openapi import operations
from tests.contract.world import EMPTY, FULL, MISSING, PLAIN


@dataclass(frozen=True)
class Route:
    """A request, the status that answers it, and the bucket that its event names."""

    operation: str
    path: str
    status: int
    bucket: str | None = None
    query: dict[str, str] = field(default_factory=dict)
    body: Any = None

    @property
    def method(self) -> str:
        """As labs/openapi.yaml has it."""
        return operations()[self.operation].method

    @property
    def function(self) -> str:
        """The function that serves it."""
        return operations()[self.operation].function

    @property
    def logged(self) -> tuple[str, int]:
        """Route and status, as the function's log has them."""
        return f"{self.method} {operations()[self.operation].path}", self.status

    @property
    def signed_in(self) -> bool:
        """Whether somebody has to be signed in."""
        return operations()[self.operation].signed_in


def _of(bucket: str, operation: str, below: str, status: int, **options: Any) -> Route:
    return Route(operation, f"/buckets/{bucket}{below}", status, bucket, **options)


ROUTES = [
    Route("listBuckets", "/buckets", 400, query={"x": ""}),
    Route("createBucket", "/buckets", 400, body=[1]),
    _of(EMPTY, "getBucket", "", 200),
    _of(MISSING, "deleteBucket", "", 404),
    _of(FULL, "listObjects", "/objects", 200),
    _of(MISSING, "listObjects", "/objects", 404),
    _of(PLAIN, "getObject", "/object", 200, query={"key": "tagged.txt"}),
    _of(PLAIN, "getObject", "/object", 400),
    _of(PLAIN, "getUsage", "/usage", 200),
    _of(MISSING, "getUsage", "/usage", 404),
    _of(FULL, "getUsage", "/usage", 400, query={"depth": "0"}),
    Route("audit", "/audit", 400, query={"bucket": PLAIN}),
    _of(FULL, "getLifecycle", "/lifecycle", 200),
    _of(MISSING, "getLifecycle", "/lifecycle", 404),
    _of(FULL, "getTags", "/tags", 200),
    _of(MISSING, "getTags", "/tags", 404),
    Route("getAnalytics", "/analytics", 200, query={"from": "1970-01-01", "to": "1970-01-02"}),
    Route("getAnalytics", "/analytics", 400),
    Route("signIn", "/sessions", 400, body={}),
]

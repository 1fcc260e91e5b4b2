"""GET, PUT and DELETE /buckets/{bucket}/tags, as far as nothing changes."""

from __future__ import annotations

from typing import Any

from tests.contract.case import Case, viewer
from tests.contract.world import EMPTY, FULL, MISSING

_ALLOWED = "only letters, digits, spaces and _ . : / = + - @ are allowed"


def _get(name: str, bucket: str, status: int, detail: str | None = None, **options: Any) -> Case:
    return Case(f"tags: {name}", "getTags", f"/buckets/{bucket}/tags", status, detail, **options)


def _put(name: str, status: int, detail: str, body: Any = None, **options: Any) -> Case:
    bucket = options.pop("bucket", MISSING)
    path = f"/buckets/{bucket}/tags"
    return Case(f"put tags: {name}", "putTags", path, status, detail, "PUT", json=body, **options)


CASES = [
    _get("some", FULL, 200, body={"team": "finance ä"}, credentials=viewer),
    _get("none", EMPTY, 200, body={}),
    _get("missing bucket", MISSING, 404, f"no bucket '{MISSING}'"),
    _get("impossible bucket", "ab", 404, "no bucket can have this name"),
    _get("parameter", EMPTY, 400, "unknown query parameter 'a'", query=[("b", "1"), ("a", "1")]),
    _put("missing bucket", 404, f"no bucket '{MISSING}'", {"a": "b"}),
    _put("none, missing bucket", 404, f"no bucket '{MISSING}'", {}),
    _put("limits before the bucket", 422, f"tag 'k': {_ALLOWED}", {"k": "#"}, bucket="ab"),
    _put("viewer", 403, "your role does not allow this", {}, credentials=viewer),
    _put("no body", 400, "body is not valid JSON"),
    _put("an array", 400, "body must be a JSON object", ["a"]),
    _put("lone surrogate", 400, "body is not valid JSON", content=rb'{"a": "\ud800"}'),
    _put("too large", 413, "body must be at most 65536 bytes", {"a": "x" * 65_536}),
    _put("parameter before body", 400, "unknown query parameter 'x'", query=[("x", "")]),
    _put("a number in it", 400, "'tags' must be an object of strings", {"a": "b", "c": 1}),
    _put("null in it", 400, "'tags' must be an object of strings", {"a": None}),
    _put("too many", 422, "'tags' must be at most 50 tags", {str(number): "" for number in range(51)}),
    _put("empty key", 422, "tag '': the key must be 1 to 128 characters", {"": "x"}),
    _put("long key", 422, f"tag '{'💾' * 129}': the key must be 1 to 128 characters", {"💾" * 129: "x"}),
    _put("reserved", 422, "tag 'Aws:x': the key must not begin with 'aws:'", {"Aws:x": "x", "b": "#"}),
    _put("long value", 422, "tag 'k': the value must be at most 256 characters", {"k": "x" * 257}),
    _put("the first in order", 422, f"tag '\uff21#': {_ALLOWED}", {"𝒜": "#", "\uff21#": ""}),
    Case("delete tags: missing", "deleteTags", f"/buckets/{MISSING}/tags", 404, f"no bucket '{MISSING}'", "DELETE"),
]

"""GET, PUT and DELETE /buckets/{bucket}/lifecycle, as far as nothing changes."""

from __future__ import annotations

from typing import Any

from tests.contract.case import Case, viewer
from tests.contract.world import EMPTY, FULL, MISSING

_NOT_JSON = "body is not valid JSON"
_CLASSES = "STANDARD_IA, ONEZONE_IA, INTELLIGENT_TIERING, GLACIER_IR, GLACIER, DEEP_ARCHIVE"
_EXPIRE = {"days": 1}


def _get(name: str, bucket: str, status: int, detail: str | None = None, **options: Any) -> Case:
    return Case(f"lifecycle: {name}", "getLifecycle", f"/buckets/{bucket}/lifecycle", status, detail, **options)


def _put(name: str, status: int, detail: str, body: Any = None, **options: Any) -> Case:
    bucket = options.pop("bucket", MISSING)
    path = f"/buckets/{bucket}/lifecycle"
    return Case(f"put lifecycle: {name}", "putLifecycle", path, status, detail, "PUT", json=body, **options)


def rule(**changes: Any) -> dict[str, Any]:
    """A good rule, with some members changed; those changed to None are left out."""
    members = {"id": "a", "enabled": True, "expiration": _EXPIRE} | changes
    return {name: value for name, value in members.items() if value is not None}


def _bad(below: str, **changes: Any) -> Case:
    return _put(f"{below[:60]} {str(changes)[:40]}", 400, f"/rules/0{below}", {"rules": [rule(**changes)]})


def _days(low: int) -> str:
    return f"must be a whole number from {low} to 2147483647"


def _moves(**members: Any) -> list[dict[str, Any]]:
    return [{"days": 1, "storage_class": "GLACIER"} | members]


_ONE = "must have exactly one of days, date, expired_object_delete_marker"
_DATE = "must be a date such as 2030-01-31"
_SIZE = "must be a whole number from 1 to 9007199254740991"

CASES = [
    _get(
        "some",
        FULL,
        200,
        body={"rules": [{"id": "old", "enabled": True, "filter": {}, "expiration": {"days": 30}}]},
        credentials=viewer,
    ),
    _get("none", EMPTY, 200, body={"rules": []}),
    _get("missing bucket", MISSING, 404, f"no bucket '{MISSING}'"),
    _get("impossible bucket", "ab", 404, "no bucket can have this name"),
    _get("parameter", EMPTY, 400, "unknown query parameter 'a'", query=[("b", "1"), ("a", "1")]),
    _put("missing bucket", 404, f"no bucket '{MISSING}'", {"rules": [rule()]}),
    _put("none, missing bucket", 404, f"no bucket '{MISSING}'", {"rules": []}),
    _put("rules before the bucket", 400, "/rules must be an array", {"rules": None}, bucket="ab"),
    _put("viewer", 403, "your role does not allow this", {"rules": []}, credentials=viewer),
    _put("no body", 400, _NOT_JSON),
    _put("lone surrogate", 400, _NOT_JSON, content=rb'{"rules": [{"id": "\udfff"}]}'),
    _put("comment", 400, _NOT_JSON, content=b'{"rules": [] /* none */}'),
    _put("byte order mark", 400, _NOT_JSON, content=b'\xef\xbb\xbf{"rules": []}'),
    _put("nested deep", 400, _NOT_JSON, content=b"[" * 20_000),
    _put("infinite", 400, _NOT_JSON, content=b'{"rules": [1e999]}'),
    _put("an array", 400, "body must be a JSON object", [rule()]),
    _put("too large", 413, "body must be at most 65536 bytes", {"rules": "x" * 65_536}),
    _put("parameter before body", 400, "unknown query parameter 'x'", query=[("x", "")]),
    _put("no rules", 400, "'rules' is required", {}),
    _put("unknown field", 400, "unknown field 'Rules'", {"Rules": [], "x": 1}),
    _put("too many", 400, "/rules must be at most 1000 rules", {"rules": [1] * 1_001}),
    _put("a rule of another type", 400, "/rules/1 must be an object", {"rules": [rule(), 1]}),
    _put("id twice", 400, "/rules/2/id must differ from /rules/0/id", {"rules": [rule(), rule(id="b"), rule()]}),
    _put("the second rule", 400, "/rules/1/enabled is required", {"rules": [rule(), rule(id="b", enabled=None)]}),
    _bad("/x~1~0 is unknown", **{"x/~": 1}),
    _bad("/id is required", id=None),
    _bad("/id must be a string", id=7),
    _bad("/id must be 1 to 255 characters", id=""),
    _bad("/id must be 1 to 255 characters", id="💾" * 256),
    _bad("/id must not hold control characters", id="a\u0085"),
    _bad("/enabled must be true or false", enabled="Enabled"),
    _bad("/filter must be an object", filter=[]),
    _bad("/filter/Prefix is unknown", filter={"Prefix": ""}),
    _bad("/filter/prefix must be at most 1024 bytes", filter={"prefix": "ä" * 513}),
    _bad("/filter/prefix must not hold control characters", filter={"prefix": "\0"}),
    _bad("/filter/tags must be an object of strings", filter={"tags": {"a": 1}}),
    _bad("/filter/tags tag '': the key must be 1 to 128 characters", filter={"tags": {"": "", "b": "#"}}),
    *(
        _bad(f"/filter/size_less_than {_SIZE}", filter={"size_less_than": size})
        for size in (0, -1, 1.5, "1", 2**53, 10**30)
    ),
    _bad(
        "/filter/size_less_than must be more than size_greater_than",
        filter={"size_less_than": 5, "size_greater_than": 5},
    ),
    _bad("/expiration must be an object", expiration=1),
    _bad(f"/expiration {_ONE}", expiration={}),
    _bad(f"/expiration {_ONE}", expiration={"days": 1, "date": "2030-01-31"}),
    *(_bad(f"/expiration/days {_days(1)}", expiration={"days": days}) for days in (0, 2**31, 1.0, "1", True)),
    *(
        _bad(f"/expiration/date {_DATE}", expiration={"date": date})
        for date in ("2030-02-30", "2030-1-31", "1969-12-31", "2030-01-31T00:00:00Z", "٢٠٣٠-01-31", "")
    ),
    _bad(
        "/expiration/expired_object_delete_marker must be true",
        expiration={"expired_object_delete_marker": False},
    ),
    _bad("/noncurrent_expiration/days is required", noncurrent_expiration={}),
    _bad(
        "/noncurrent_expiration/newer_versions must be a whole number from 1 to 100",
        noncurrent_expiration={"days": 1, "newer_versions": 101},
    ),
    _bad("/transitions must be an array", transitions={}),
    _bad("/transitions/0 must have exactly one of days, date", transitions=[{"storage_class": "GLACIER"}]),
    _bad(f"/transitions/0/days {_days(0)}", transitions=_moves(days=-1)),
    _bad(f"/transitions/0/storage_class must be one of {_CLASSES}", transitions=_moves(storage_class="glacier")),
    _bad(
        "/transitions/0/days must be at least 30 for ONEZONE_IA",
        transitions=_moves(days=29, storage_class="ONEZONE_IA"),
    ),
    _bad("/noncurrent_transitions/0/days is required", noncurrent_transitions=[{"storage_class": "GLACIER"}]),
    _bad(f"/abort_incomplete_upload_days {_days(1)}", abort_incomplete_upload_days=0),
    _bad(" must have at least one action", expiration=None, transitions=[]),
    _bad(
        "/expiration must not remove delete markers by tags",
        filter={"tags": {"a": "b"}},
        expiration={"expired_object_delete_marker": True},
    ),
    _bad(
        "/abort_incomplete_upload_days must not go with a filter by tags or size",
        filter={"size_less_than": 1},
        abort_incomplete_upload_days=1,
    ),
    Case(
        "delete lifecycle: missing",
        "deleteLifecycle",
        f"/buckets/{MISSING}/lifecycle",
        404,
        f"no bucket '{MISSING}'",
        "DELETE",
    ),
]

"""The routes of objects, but for those that change something (test_changes.py)."""

from __future__ import annotations

from typing import Any

from tests.contract.case import Case, viewer
from tests.contract.cases.usage import cursor
from tests.contract.world import EMPTY, FULL, LARGE, MISSING, ODD_KEYS, PLAIN, VERSIONED


def _list(name: str, bucket: str, status: int, detail: str | None = None, **options: Any) -> Case:
    query = list(options.pop("query", {}).items())
    return Case(f"objects: {name}", "listObjects", f"/buckets/{bucket}/objects", status, detail, query=query, **options)


def _object(name: str, bucket: str, query: dict[str, str], status: int, detail: str | None = None, **more: Any) -> Case:
    path = f"/buckets/{bucket}/object"
    return Case(f"object: {name}", "getObject", path, status, detail, query=list(query.items()), **more)


def _url(name: str, bucket: str, query: dict[str, str], status: int, detail: str | None = None, **more: Any) -> Case:
    path = f"/buckets/{bucket}/object-url"
    return Case(f"url: {name}", "presignObject", path, status, detail, "POST", query=list(query.items()), **more)


def _bad(name: str, value: str, detail: str) -> Case:
    return _list(f"{name}={value[:20]!r}", PLAIN, 400, detail, query={name: value})


_LIMIT = "'limit' must be a whole number from 1 to 1000"
_EXPIRES = "'expires' must be a whole number from 1 to 3600"
_METHOD = "'method' must be GET or PUT"
_CURSOR = "'cursor' is not valid"
_USAGES = cursor({"after": "a", "prefix": ""})
_NO_DELIMITER = cursor({"token": "x", "prefix": "", "delimiter": None})

CASES = [
    _list("all", PLAIN, 200, body={"prefixes": [], "cursor": None}),
    _list("by directory", PLAIN, 200, query={"delimiter": "/"}),
    _list(
        "below a directory", PLAIN, 200, query={"delimiter": "/", "prefix": "a/"}, body={"prefixes": ["a//", "a/b/"]}
    ),
    _list("by another delimiter", PLAIN, 200, query={"delimiter": "ö"}),
    _list("first thousand", LARGE, 200, query={"limit": "1000", "prefix": "day-1"}),
    _list("empty, by a viewer", EMPTY, 200, credentials=viewer, body={"objects": [], "prefixes": [], "cursor": None}),
    _list("another region", FULL, 200),
    _list("deleted ones are gone", VERSIONED, 200),
    _list("missing bucket", MISSING, 404, f"no bucket '{MISSING}'"),
    *(_bad("limit", text, _LIMIT) for text in ("0", "1001", "", "ten")),
    _bad("delimiter", "", "'delimiter' must be 1 to 16 characters"),
    _bad("prefix", "ä" * 513, "'prefix' must be at most 1024 bytes"),
    _bad("cursor", "x", _CURSOR),
    _bad("cursor", _USAGES, _CURSOR),
    _list("cursor of another delimiter", PLAIN, 400, _CURSOR, query={"cursor": _NO_DELIMITER, "delimiter": "/"}),
    _bad("depth", "1", "unknown query parameter 'depth'"),
    *(
        _object(key, PLAIN, {"key": key}, 200, body={"key": key, "errors": {}})
        for key in ODD_KEYS
        if key != "trailing/"
    ),
    _object(
        "tagged",
        PLAIN,
        {"key": "tagged.txt"},
        200,
        credentials=viewer,
        body={
            "size": 6,
            "storage_class": "STANDARD_IA",
            "tags": {"team": "finance", "empty": ""},
            "metadata": {"author": "ada"},
            "version_id": None,
        },
    ),
    _object("missing", PLAIN, {"key": "no such/ünï"}, 404, f"no object 'no such/ünï' in bucket '{PLAIN}'"),
    _object("deleted", VERSIONED, {"key": "deleted"}, 404, f"no object 'deleted' in bucket '{VERSIONED}'"),
    _object("missing bucket", MISSING, {"key": "k"}, 404, f"no bucket '{MISSING}'"),
    _object("no key", PLAIN, {}, 400, "'key' is required"),
    _object("empty key", PLAIN, {"key": ""}, 400, "'key' is required"),
    _object("long key", PLAIN, {"key": "ä" * 513}, 400, "'key' must be at most 1024 bytes"),
    _object("U+0000", PLAIN, {"key": "a\0"}, 400, "'key' must not hold U+0000"),
    _object("unknown parameter", PLAIN, {"key": "a", "version_id": "x"}, 400, "unknown query parameter 'version_id'"),
    _url("to read", PLAIN, {"key": "readme.txt"}, 201, credentials=viewer),
    _url("of another region", FULL, {"key": "k", "method": "PUT", "expires": "3600"}, 201),
    _url("missing bucket", MISSING, {"key": "k"}, 404, f"no bucket '{MISSING}'"),
    _url("no key", PLAIN, {}, 400, "'key' is required"),
    *(_url(f"method {text}", PLAIN, {"key": "k", "method": text}, 400, _METHOD) for text in ("get", "DELETE", "")),
    *(_url(f"expires {text}", PLAIN, {"key": "k", "expires": text}, 400, _EXPIRES) for text in ("0", "3601", "", "1h")),
    Case("audit", "audit", "/audit", 200),
    Case("audit: parameter", "audit", "/audit", 400, "unknown query parameter 'bucket'", query=[("bucket", PLAIN)]),
]

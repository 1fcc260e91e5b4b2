"""GET /buckets/{bucket}/usage."""

from __future__ import annotations

import base64
import hashlib
import json
from typing import Any

from tests.contract.case import Case, viewer
from tests.contract.world import EMPTY, FULL, LARGE, LARGE_OBJECTS, MISSING, ODD_KEYS, PLAIN, VERSIONED


def cursor(body: Any, *, checksum: bytes | None = None) -> str:
    """A cursor as labs/README.md has it, or one that is damaged."""
    content = body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    check = hashlib.sha256(content).digest()[:8] if checksum is None else checksum
    return base64.urlsafe_b64encode(check + content).rstrip(b"=").decode()


def _usage(name: str, bucket: str, status: int, detail: str | None = None, **options: Any) -> Case:
    query = options.pop("query", {})
    pairs = list(query.items()) if isinstance(query, dict) else query
    return Case(f"usage: {name}", "getUsage", f"/buckets/{bucket}/usage", status, detail, query=pairs, **options)


def _bad(name: str, value: str, detail: str) -> Case:
    return _usage(f"{name}={value[:20]!r}", PLAIN, 400, detail, query={name: value})


def _bad_cursor(name: str, text: str, **query: str) -> Case:
    return _usage(f"cursor {name}", PLAIN, 400, "'cursor' is not valid", query={"cursor": text, **query})


_DEPTH = "'depth' must be a whole number from 1 to 8"
_TOP = "'top' must be a whole number from 0 to 100"
_DELIMITER = "'delimiter' must be 1 to 16 characters"
_GOOD = cursor({"after": "a/f.txt", "prefix": ""})
_LAST = max(*ODD_KEYS, "tagged.txt", key=str.encode)

CASES = [
    _usage(
        "plain", PLAIN, 200, body={"objects": len(ODD_KEYS) + 1, "scanned_pages": 1, "truncated": False, "cursor": None}
    ),
    *(_usage(f"depth {depth}", PLAIN, 200, query={"depth": str(depth), "top": "100"}) for depth in (1, 2, 3, 8)),
    _usage("top 0", PLAIN, 200, query={"top": "0"}, body={"largest": []}),
    _usage("leading zeros", PLAIN, 200, query={"depth": "002"}),
    *(
        _usage(f"delimiter {text!r}", PLAIN, 200, query={"delimiter": text})
        for text in (".", "//", "%", "ö", "💾", "x" * 16)
    ),
    *(
        _usage(f"prefix {text!r}", PLAIN, 200, query={"prefix": text})
        for text in ("a/", "ünï/", "plus+", "per%", "no such", "")
    ),
    _usage(
        "viewer", EMPTY, 200, credentials=viewer, body={"objects": 0, "bytes": 0, "by_prefix": [], "scanned_pages": 1}
    ),
    _usage("another region", FULL, 200),
    _usage("deleted objects do not count", VERSIONED, 200, body={"objects": 1}),
    _usage("several pages", LARGE, 200, query={"depth": "2"}, body={"objects": LARGE_OBJECTS, "scanned_pages": 3}),
    _usage("missing bucket", MISSING, 404, f"no bucket '{MISSING}'"),
    _usage("impossible bucket", "ab", 404, "no bucket can have this name"),
    *(_bad("depth", text, _DEPTH) for text in ("0", "9", "", "-1", "1.0", "one", "+1", " 1", "1e0", "٣", "9" * 30)),
    *(_bad("top", text, _TOP) for text in ("101", "", "-1", "x")),
    *(_bad("delimiter", text, _DELIMITER) for text in ("", "x" * 17, "💾" * 17)),
    _bad("delimiter", "a\0", "'delimiter' must not hold U+0000"),
    _bad("prefix", "ä" * 513, "'prefix' must be at most 1024 bytes"),
    _bad("prefix", "a\0b", "'prefix' must not hold U+0000"),
    _bad("limit", "1", "unknown query parameter 'limit'"),
    _usage(
        "given twice",
        PLAIN,
        400,
        "query parameter 'depth' is given more than once",
        query=[("depth", "1"), ("depth", "1")],
    ),
    _usage(
        "unknown before twice",
        PLAIN,
        400,
        "unknown query parameter 'x'",
        query=[("depth", "1"), ("depth", "1"), ("x", "1")],
    ),
    _usage("prefix before depth", PLAIN, 400, "'prefix' must not hold U+0000", query={"depth": "0", "prefix": "\0"}),
    _usage("depth before bucket", "ab", 400, _DEPTH, query={"depth": "0"}),
    _usage("cursor", PLAIN, 200, query={"cursor": _GOOD}),
    _usage(
        "cursor at the end", PLAIN, 200, query={"cursor": cursor({"after": _LAST, "prefix": ""})}, body={"objects": 0}
    ),
    _usage(
        "cursor with prefix",
        PLAIN,
        200,
        query={"cursor": cursor({"after": "a/b/e.txt", "prefix": "a/"}), "prefix": "a/"},
    ),
    _bad_cursor("empty", ""),
    _bad_cursor("garbage", "garbage"),
    _bad_cursor("not base64", "!!!!"),
    _bad_cursor("not ASCII", "ä"),
    _bad_cursor("padded", _GOOD + "="),
    _bad_cursor("cut", _GOOD[:-2]),
    _bad_cursor("changed", _GOOD[:12] + ("A" if _GOOD[12] != "A" else "B") + _GOOD[13:]),
    _bad_cursor("wrong checksum", cursor({"after": "a", "prefix": ""}, checksum=b"12345678")),
    _bad_cursor("of another prefix", _GOOD, prefix="a/"),
    _bad_cursor("no JSON", cursor(b"no JSON")),
    _bad_cursor("not UTF-8", cursor(b'{"after":"\xff","prefix":""}')),
    _bad_cursor("an array", cursor([])),
    _bad_cursor("no key", cursor({"prefix": ""})),
    _bad_cursor("key of another type", cursor({"after": 1, "prefix": ""})),
    _bad_cursor("of objects", cursor({"token": "x", "prefix": "", "delimiter": None})),
    _bad_cursor("one field more", cursor({"after": "a", "prefix": "", "x": ""})),
]

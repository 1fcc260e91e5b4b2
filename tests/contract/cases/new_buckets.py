"""POST /buckets and DELETE requests that are refused, so that nothing changes."""

from __future__ import annotations

from typing import Any

from tests.contract.case import Case
from tests.contract.world import MISSING, PLAIN

_ALLOWED = "only letters, digits, spaces and _ . : / = + - @ are allowed"
_ENDS = "'name' must begin and end with a letter or a digit"


def _post(name: str, status: int, detail: str, body: Any = None, **options: Any) -> Case:
    return Case(f"new bucket: {name}", "createBucket", "/buckets", status, detail, "POST", json=body, **options)


def _name(name: object, detail: str) -> Case:
    return _post(f"name {str(name)[:20]!r}", 400, detail, {"name": name})


def _tags(name: str, tags: Any, detail: str, status: int = 422) -> Case:
    return _post(f"tags: {name}", status, detail, {"name": MISSING, "tags": tags})


CASES = [
    _post("exists", 409, f"bucket '{PLAIN}' exists already", {"name": PLAIN}),
    _post("no body", 400, "body is not valid JSON"),
    _post("an array", 400, "body must be a JSON object", [1]),
    _post("no name", 400, "'name' is required", {}),
    _post("unknown field", 400, "unknown field 'acl'", {"name": MISSING, "acl": "public-read"}),
    _post("parameter", 400, "unknown query parameter 'x'", {"name": MISSING}, query=[("x", "1")]),
    _name(None, "'name' must be a string"),
    _name("ab", "'name' must be 3 to 63 characters"),
    _name("a" * 64, "'name' must be 3 to 63 characters"),
    _name("UPPER", "'name' may hold only lower-case letters, digits, dots and hyphens"),
    _name("bücket", "'name' may hold only lower-case letters, digits, dots and hyphens"),
    _name("-abc", _ENDS),
    _name("abc.", _ENDS),
    _name("a..b", "'name' must not hold two dots in a row"),
    _name("10.0.0.1", "'name' must not look like an IP address"),
    _name("xn--abc", "'name' must not begin with 'xn--'"),
    _name("sthree-abc", "'name' must not begin with 'sthree-'"),
    _name("amzn-s3-demo-abc", "'name' must not begin with 'amzn-s3-demo-'"),
    _name("abc-s3alias", "'name' must not end with '-s3alias'"),
    _name("abc--ol-s3", "'name' must not end with '--ol-s3'"),
    _name("abc.mrap", "'name' must not end with '.mrap'"),
    _name("abc--x-s3", "'name' must not end with '--x-s3'"),
    _name("abc--table-s3", "'name' must not end with '--table-s3'"),
    _post("region a number", 400, "'region' must be a string", {"name": MISSING, "region": 1}),
    _post("region null", 400, "'region' must be a string", {"name": MISSING, "region": None}),
    _post("long region", 422, f"S3 has no region 'eu-{'x' * 60}-1'", {"name": MISSING, "region": f"eu-{'x' * 60}-1"}),
    _post("no region", 422, "S3 has no region 'Mars North'", {"name": MISSING, "region": "Mars North"}),
    _post("versioning", 400, "'versioning' must be true or false", {"name": MISSING, "versioning": "Enabled"}),
    _tags("an array", [], "'tags' must be an object of strings", 400),
    _tags("a number in it", {"a": 1}, "'tags' must be an object of strings", 400),
    _tags("too many", {str(number): "" for number in range(51)}, "'tags' must be at most 50 tags"),
    _tags("empty key", {"": "x"}, "tag '': the key must be 1 to 128 characters"),
    _tags("long key", {"k" * 129: "x"}, f"tag '{'k' * 129}': the key must be 1 to 128 characters"),
    _tags("reserved", {"Aws:x": "x"}, "tag 'Aws:x': the key must not begin with 'aws:'"),
    _tags("long value", {"k": "x" * 257}, "tag 'k': the value must be at most 256 characters"),
    _tags("odd character", {"ä ö": "ok", "k": "50 %"}, f"tag 'k': {_ALLOWED}"),
    Case("delete: missing", "deleteBucket", f"/buckets/{MISSING}", 404, f"no bucket '{MISSING}'", "DELETE"),
    Case("delete: not empty", "deleteBucket", f"/buckets/{PLAIN}", 409, f"bucket '{PLAIN}' is not empty", "DELETE"),
    Case("delete object: no key", "deleteObject", f"/buckets/{PLAIN}/object", 400, "'key' is required", "DELETE"),
    Case(
        "delete object: missing bucket",
        "deleteObject",
        f"/buckets/{MISSING}/object",
        404,
        f"no bucket '{MISSING}'",
        "DELETE",
        query=[("key", "k")],
    ),
]

"""Requests that Schemathesis makes of labs/openapi.yaml, good and bad, steered to where something can go wrong."""

from __future__ import annotations

import base64
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import quote, urlsplit

import requests
import schemathesis
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode

from tests.contract import openapi
from tests.contract.world import EMPTY, FULL, MISSING, ODD_KEYS, PLAIN, VERSIONED

SCRATCH = "contract-fuzz-scratch"
SCRATCH_VERSIONED = "contract-fuzz-versioned"
KEPT_KEY = "kept.txt"

# Shares of all cases. Signing in costs a scrypt; listing and audit have no parameters to vary.
SHARES = {
    "signIn": 3,
    "listBuckets": 4,
    "createBucket": 15,
    "getBucket": 8,
    "deleteBucket": 7,
    "listObjects": 17,
    "getObject": 13,
    "deleteObject": 11,
    "presignObject": 10,
    "getUsage": 10,
    "audit": 2,
    "getLifecycle": 2,
    "putLifecycle": 14,
    "deleteLifecycle": 2,
    "getAnalytics": 4,
}

_CHANGES = {"deleteBucket", "deleteObject", "putLifecycle", "deleteLifecycle"}
_STEM = "http://lab"
_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
_KEYS = st.one_of(
    st.sampled_from([*ODD_KEYS, KEPT_KEY, ".", "..", "/", "//", "a/../b", "./a", "%2e%2e/a", "\r\n", "\x01", "\ufffe"]),
    _TEXT,
    st.text("ä💾", min_size=250, max_size=600),
)
_PARAMETERS = {
    "key": _KEYS,
    "prefix": _KEYS,
    "delimiter": st.sampled_from(["/", "//", "a", ".", "💾", "%", "+", " ", "&", "\x01", "\0", "", "x" * 16, "x" * 17]),
    "limit": st.sampled_from(["1", "007", "1000", "1001", "0", "-1", "1e2", "٣", "", " 1", "9" * 9, "9" * 40]),
    "depth": st.sampled_from(["1", "8", "9", "02", "+2", "２", "null"]),
    "top": st.sampled_from(["0", "100", "101", "3.0", "0x10"]),
    "expires": st.sampled_from(["1", "3600", "3601", "0", "1_0"]),
    "method": st.sampled_from(["GET", "PUT", "get", "DELETE", ""]),
    "cursor": st.sampled_from(
        ["", "=", "VIcXlVs_yXp7ImFmdGVyIjoibG9ncy_DpC50eHQiLCJwcmVmaXgiOiJsb2dzLyJ9", "e30", "ä"]
    ),
    "from": st.sampled_from(
        ["1970-01-01", "1969-12-31", "2024-02-29", "2023-02-29", "2024-02-30", "2024-2-1", "٢٠24-01-01", ""]
    ),
    "to": st.sampled_from(
        ["1970-04-02", "1970-04-03", "2024-03-01", "0000-01-01", "9999-12-31", "+2024-03-01", "2024-03-01\n"]
    ),
    "by": st.sampled_from(["user", "bucket", "action", "day", "DAY", "role", "", "__proto__"]),
    "version_id": st.sampled_from(["", "null", "x", "0" * 32, "x" * 1024, "x" * 1025, "ä\0"]),
}


def generating(cases: int) -> settings:
    """The same cases in every run, each of them sent to labs, which takes the time that it takes."""
    return settings(
        max_examples=cases,
        phases=[Phase.generate],  # a case that failed is shown as it was sent: shrinking would send thousands more
        derandomize=True,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )


@dataclass(frozen=True)
class Request:
    """One request, the same for every lab. `authorization` is "admin" or "viewer" for their tokens, else the header."""

    operation: str
    method: str
    target: str
    authorization: str | None
    content: bytes

    def curl(self) -> str:
        """A command that sends it again, to the lab whose URL is in $LAB, with the token in $TOKEN."""
        header = {"admin": "Bearer $TOKEN", "viewer": "Bearer $TOKEN"}.get(self.authorization or "", "")
        header = f'"Authorization: {header}"' if header else shlex.quote(f"Authorization: {self.authorization}")
        parts = ["curl", "--globoff", "--path-as-is", "-X", self.method, f'"$LAB"{shlex.quote(self.target)}']
        parts += [] if self.authorization is None else ["-H", header]
        if not self.content:
            return " ".join(parts)
        return f"echo {base64.b64encode(self.content).decode()} | base64 -d | {' '.join(parts)} --data-binary @-"


def requests_of(operation: str) -> st.SearchStrategy[Request]:
    """Requests of one operation."""
    made = _operations()[operation]
    cases = st.one_of(
        made.as_strategy(generation_mode=mode) for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)
    )
    return _steered(operation, cases)


@cache
def _operations() -> dict[str, Any]:
    schema = schemathesis.openapi.from_path(openapi.FILE)
    found = (result.ok() for result in schema.get_all_operations())
    return {operation.definition.raw["operationId"]: operation for operation in found}


@st.composite
def _steered(draw: st.DrawFn, operation: str, cases: st.SearchStrategy[Any]) -> Request:
    """Most of what a schema alone makes is refused for its bucket: these have buckets, keys and callers that exist."""
    case = draw(cases)
    prepared = requests.Request(**case.as_transport_kwargs(base_url=_STEM)).prepare()
    parts = urlsplit(prepared.url or "")
    path = parts.path
    if "bucket" in case.path_parameters and draw(st.integers(0, 9)):
        path = openapi.operations()[operation].path.replace("{bucket}", draw(_buckets(operation)))
    query = "&".join(_pairs(draw, operation, parts.query))
    body = prepared.body or b""
    return Request(
        operation,
        case.method,
        path + (f"?{query}" if query else ""),
        None if operation == "signIn" else _authorization(draw, case.headers.get("Authorization")),
        _changed(draw, body.encode() if isinstance(body, str) else body),
    )


def _buckets(operation: str) -> st.SearchStrategy[str]:
    if operation in _CHANGES:  # never one that other tests need
        return st.sampled_from([SCRATCH, SCRATCH_VERSIONED, MISSING, "UPPER_case", "ab", "a%2Fb", "a%00b"])
    return st.sampled_from([PLAIN, FULL, EMPTY, VERSIONED, SCRATCH, MISSING, "UPPER_case", "ab", "a%2Fb", "a%00b"])


def _pairs(draw: st.DrawFn, operation: str, query: str) -> Iterator[str]:
    known = [name for name in _names(operation) if name in _PARAMETERS]
    kept = query.split("&") if query and draw(st.booleans()) else []
    yield from kept
    given = {pair.partition("=")[0] for pair in kept}
    for name in known:
        if name not in given and draw(st.integers(0, 1 if name == "key" else 2)):
            yield f"{name}={quote(draw(_PARAMETERS[name]), safe='')}"
    if draw(st.integers(0, 11)) == 0:  # unknown, repeated, or not even encoded well
        name = draw(st.sampled_from([*known, "x", "%C3%A9", "%00", "%FF", "a[]", ""]))
        yield f"{name}={draw(st.sampled_from(['', '1', '%', '%F', '%FF', '%ED%A0%80', ';', '+', '%2B']))}"


def _names(operation: str) -> list[str]:
    described = openapi.operations()[operation]
    item = openapi.document()["paths"][described.path][described.method.lower()]
    return [openapi.resolve(parameter)["name"] for parameter in item.get("parameters", [])]


def _authorization(draw: st.DrawFn, made: str | None) -> str | None:
    chosen = draw(st.sampled_from([*["admin"] * 12, "viewer", "made"]))
    return made if chosen == "made" else chosen


def _changed(draw: st.DrawFn, body: bytes) -> bytes:
    """A body in a form that no schema knows of, now and then."""
    if not body or draw(st.integers(0, 4)):
        return body
    member = draw(st.sampled_from(_MEMBERS))
    return body[:-1].rstrip() + (b"," if len(body) > 2 else b"") + member + b"}" if body.endswith(b"}") else member


# What parsers of JSON are at odds about.
_MEMBERS = [
    b'"x":1e400',
    b'"x":' + b"9" * 400,
    b'"x":' + b"9" * 5_000,
    b'"x":-0',
    b'"x":01',
    b'"x":' + b"[" * 200 + b"]" * 200,
    b'"x":' + b"[" * 120 + b"]" * 120,
    b'"x":' + b"[" * 3_000 + b"]" * 3_000,
    b'"x":"\\ud800"',
    b'"x":"\\ud83d\\ude00"',
    b'"x":"\\ud800","x":1',
    b'"x":"\\u0000"',
    b'"x":"\x01"',
    b'"x":"\x7f"',
    b'"x":"\xed\xa0\x80"',
    b'"x":"\xff"',
    b'"x":NaN',
    b'"x":1}//',
    b'"name":"abc","name":1',
    b'"name":[' + b"[" * 200 + b"]" * 200 + b"]",
    b'"versioning":1e400',
    b'"versioning":0.1e-999',
    b'"versioning":1e',
    b'"tags":{"\xc4\xb0":"\xf0\x9f\x92\xbe"}',
    b'"tags":{"\\u0000":""}',
    b'"x":"' + b"y" * 65_536 + b'"',
]

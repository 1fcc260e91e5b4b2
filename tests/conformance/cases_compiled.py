"""AWS's Rust and Java clients: one program each, which does what its event says."""

from __future__ import annotations

import json

from tests.conformance.case import CLIENT_CONTEXT, IDENTITY, TRACE_ID, Case, caller, events, late, too_large
from tests.conformance.clients import RUST, Client, java
from tests.conformance.function import Function, Request

_JAVA = java("App::handle")
_AS_IN_RUST = {"identityId": IDENTITY["cognitoIdentityId"], "identityPoolId": IDENTITY["cognitoIdentityPoolId"]}
_VALUES: tuple[object, ...] = ({"a": "é", "b": [1, 2.5]}, {}, {"deep": [[{"null": None}]], "crab": "🦀"})


def _context(name: str, client: Client) -> Case:
    event = json.dumps({"do": "context"}).encode()
    requests = (Request(event), Request(event, CLIENT_CONTEXT))
    return Case(name, Function(client), requests)


def _bad_json(name: str, client: Client) -> Case:
    return Case(name, Function(client), (Request(b"{bad"), Request(b""), Request(b'{"n": 1}')))


def _large(name: str, client: Client) -> Case:
    sizes = (5_900_000, 6_291_554, 6_291_555, 1)
    requests = ({"do": "repeat", "n": size} for size in sizes)
    return events(name, client, *requests, faults={2: too_large(6_291_557)})


RUST_CASES = (
    events("rust: values come back", RUST, *_VALUES, None, [], 0),
    _bad_json("rust: no event is made of bad JSON", RUST),
    _large("rust: large answers", RUST),
    _context("rust: the context", RUST),
    caller("rust: the caller", RUST, {"do": "caller"}, [TRACE_ID, _AS_IN_RUST]),
    events("rust: the handler fails", RUST, {"do": "fail"}, {"do": "parse"}, {}),
    events("rust: the handler panics", RUST, {"do": "panic"}, {}),
    events("rust: the process exits", RUST, {"do": "exit", "n": 3}, {}, {"do": "exit", "n": 0}),
    events("rust: the process aborts", RUST, {"do": "abort"}),
    late("rust: time is up", RUST, {"do": "sleep", "n": 5}),
)
JAVA_CASES = (
    events("java: values come back", _JAVA, *_VALUES),
    _bad_json("java: no event is made of bad JSON", _JAVA),
    _large("java: large answers", _JAVA),
    _context("java: the context", _JAVA),
    caller("java: the caller", _JAVA, {"do": "caller"}, [TRACE_ID, *IDENTITY.values()]),
    events("java: the handler throws", _JAVA, {"do": "fail"}, {"do": "fail from another"}, {}),
    events("java: the class is broken", java("Broken::handle"), {}),
    events("java: the class is missing", java("Nothing::handle"), {}),
    events("java: the process exits", _JAVA, {"do": "exit", "n": 3}, {}),
    late("java: time is up", _JAVA, {"do": "sleep", "n": 5}),
)

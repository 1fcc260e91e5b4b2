"""The Python wrapper: each request is told, and the function's answer stays as it is."""

from __future__ import annotations

import importlib
import re
import socket
import sys
import time
import types
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from conftest import ADA, CASES, WRAPPERS, Extension, request_event

ANSWER = {"statusCode": 200, "headers": {}, "isBase64Encoded": False, "body": '{"text":"ä"}'}


class Context:
    """What Lambda gives a handler beside the event."""

    aws_request_id = "lambda-id"


Wrap = Callable[[Callable[..., Any], int], Any]


@pytest.fixture
def wrap(monkeypatch: pytest.MonkeyPatch) -> Iterator[Wrap]:
    """Imports the wrapper afresh around a handler, as a cold start does."""

    def make(inner: Callable[..., Any], port: int) -> Any:
        functions = types.ModuleType("inner_functions")
        functions.handler = inner  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "inner_functions", functions)
        monkeypatch.setenv("ANALYTICS_HANDLER", "inner_functions.handler")
        monkeypatch.setenv("ANALYTICS_PORT", str(port))
        sys.modules.pop("analytics_wrapper", None)
        return importlib.import_module("analytics_wrapper")

    monkeypatch.syspath_prepend(str(WRAPPERS / "python"))
    yield make
    wrapper = sys.modules.pop("analytics_wrapper", None)
    if wrapper is not None and wrapper._kept:
        wrapper._kept.close()


@pytest.mark.parametrize("name", CASES)
def test_who_did_what_to_which_bucket(wrap: Wrap, extension: Extension, name: str) -> None:
    event, expected = CASES[name]
    wrapper = wrap(lambda *_: ANSWER, extension.server_port)
    assert wrapper.handler(event, Context()) is ANSWER
    told = extension.events[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told.pop("time"))
    assert 0 <= told.pop("duration_ms") < 60_000
    same = {"event_id": "lambda-id/0", "request_id": "lambda-id", "status": 200, "bytes": 13}
    assert told == {**same, **expected}


def test_an_exception_is_told_and_raised(wrap: Wrap, extension: Extension) -> None:
    def broken(*_: object) -> None:
        raise ValueError("told to")

    with pytest.raises(ValueError, match="told to"):
        wrap(broken, extension.server_port).handler(request_event("GET", "/audit", None, ADA), Context())
    assert (extension.events[0]["status"], extension.events[0]["bytes"]) == (502, 0)


def test_one_connection_is_kept(wrap: Wrap, extension: Extension) -> None:
    wrapper = wrap(lambda *_: ANSWER, extension.server_port)
    for _ in range(3):
        wrapper.handler({}, Context())
    assert (len(extension.events), extension.connections) == (3, 1)


def test_a_connection_that_was_closed_loses_no_event(wrap: Wrap, extension: Extension) -> None:
    extension.closes = True
    wrapper = wrap(lambda *_: ANSWER, extension.server_port)
    for _ in range(3):
        wrapper.handler({}, Context())
    assert (len(extension.events), extension.connections) == (3, 3)


def test_a_refusal_is_not_taken_for_the_next_answer(wrap: Wrap, extension: Extension) -> None:
    extension.refusal = b"not an event"
    wrapper = wrap(lambda *_: ANSWER, extension.server_port)
    for _ in range(3):
        assert wrapper.handler({}, Context()) is ANSWER
    assert (len(extension.events), extension.connections) == (3, 3)


def test_without_an_extension_the_function_answers(wrap: Wrap) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert wrap(lambda *_: ANSWER, port).handler({}, Context()) is ANSWER


def test_an_extension_that_hangs_is_not_waited_for(wrap: Wrap) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        wrapper = wrap(lambda *_: ANSWER, server.getsockname()[1])
        started = time.monotonic()
        assert wrapper.handler({}, Context()) is ANSWER
        assert 0.2 <= time.monotonic() - started < 20

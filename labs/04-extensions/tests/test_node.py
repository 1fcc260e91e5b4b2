"""The Node function and the Node wrapper; left out by name where there is no Node."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from conftest import ADA, CASES, Extension, request_event

NODE = shutil.which("node")
TESTS = Path(__file__).parent / "node"
ANSWER = {"statusCode": 200, "headers": {}, "isBase64Encoded": False, "body": '{"text":"ä"}'}
pytestmark = [pytest.mark.skipif(NODE is None, reason="Node is not installed"), pytest.mark.timeout(120)]


def call(port: int, *events: dict[str, Any]) -> list[Any]:
    """What the wrapped function answers to each event, in one process."""
    assert NODE
    variables = {"ANALYTICS_PORT": str(port), "ANALYTICS_HANDLER": "inner.handler", "LAMBDA_TASK_ROOT": str(TESTS)}
    command = [NODE, str(TESTS / "call.mjs")]
    done = subprocess.run(
        command, input=json.dumps(events), env=os.environ | variables, capture_output=True, text=True, check=True
    )
    answers: list[Any] = json.loads(done.stdout)
    return answers


def test_the_function() -> None:
    assert NODE
    done = subprocess.run([NODE, "--test", str(TESTS)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout
    passed = re.search(r"^# pass (\d+)$", done.stdout, re.MULTILINE)
    assert passed
    assert int(passed[1]) > 30


@pytest.mark.parametrize("name", CASES)
def test_who_did_what_to_which_bucket(extension: Extension, name: str) -> None:
    event, expected = CASES[name]
    assert call(extension.server_port, event) == [ANSWER]
    told = extension.events[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", told.pop("time"))
    assert 0 <= told.pop("duration_ms") < 60_000
    same = {"event_id": "lambda-id/0", "request_id": "lambda-id", "status": 200, "bytes": 13}
    assert told == {**same, **expected}


def test_an_exception_is_told_and_raised(extension: Extension) -> None:
    event = {**request_event("GET", "/audit", None, ADA), "body": "raise"}
    assert call(extension.server_port, event) == ["TypeError: told to"]
    assert (extension.events[0]["status"], extension.events[0]["bytes"]) == (502, 0)


@pytest.mark.parametrize(("closes", "connections"), [(False, 1), (True, 3)])
def test_no_event_is_lost(extension: Extension, closes: bool, connections: int) -> None:
    extension.closes = closes
    assert call(extension.server_port, {}, {}, {}) == [ANSWER] * 3
    assert (len(extension.events), extension.connections) == (3, connections)


def test_without_an_extension_the_function_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    assert call(port, {}) == [ANSWER]


def test_an_extension_that_hangs_is_not_waited_for() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        started = time.monotonic()
        assert call(server.getsockname()[1], {}) == [ANSWER]
        assert 0.2 <= time.monotonic() - started < 30

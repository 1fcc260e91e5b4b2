"""External extensions under AWS's emulator and under our execution environment: what they are told, and when."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import both
from tests.conformance.clients import Extension, python, python_extension, rust_extension
from tests.conformance.function import Function, Request, Run
from tests.conformance.programs import ASKING_EXTENSION, EXTENSION, TRACED

pytestmark = pytest.mark.slow
_REQUESTS = (Request(), Request())


def run(extension: Extension, directory: Path) -> tuple[Run, Run]:
    return both.run(Function(python(TRACED), extension), _REQUESTS, directory)


@pytest.mark.parametrize("extension", [python_extension(EXTENSION), rust_extension], ids=["python", "rust"])
def test_it_registers_and_is_told_of_each_invocation_and_of_the_end(extension: Extension, tmp_path: Path) -> None:
    for side in run(extension, tmp_path):
        first, second = (f" {json.loads(answer)}" for answer in side.answers)
        expected = [
            # An extension goes on from each step beside the function: what is in one line is in any order.
            {"extension registering"},
            {"extension registered", "function init"},
            {f"extension INVOKE{first}", f"function invoke{first}"},
            {f"extension INVOKE{second}", f"function invoke{second}"},
            {"extension SHUTDOWN"},
        ]
        assert in_groups(side, [len(group) for group in expected]) == expected


def test_its_events_have_the_same_fields(tmp_path: Path) -> None:
    reference, ours = run(python_extension(EXTENSION), tmp_path)
    assert bodies(ours, "registered") == bodies(reference, "registered")
    assert "accountId" not in bodies(ours, "registered")[0]
    for theirs, event in zip(bodies(reference, "INVOKE"), bodies(ours, "INVOKE"), strict=True):
        # AWS documents it; the emulator hands on no trace id.
        tracing = event.pop("tracing")
        assert (sorted(tracing), tracing["type"]) == (["type", "value"], "X-Amzn-Trace-Id")
        assert event.keys() == theirs.keys()
        assert event["invokedFunctionArn"] == theirs["invokedFunctionArn"]
    (theirs,), (event,) = bodies(reference, "SHUTDOWN"), bodies(ours, "SHUTDOWN")
    assert event.keys() == theirs.keys()
    # AWS documents spindown, timeout and failure; the emulator has a word of its own for its end.
    assert (theirs["shutdownReason"], event["shutdownReason"]) == ("SandboxTerminated", "spindown")


def test_one_that_asks_for_the_account_is_told(tmp_path: Path) -> None:
    reference, ours = run(python_extension(ASKING_EXTENSION), tmp_path)
    # The emulator knows no account of its function.
    assert bodies(ours, "registered") == [{**bodies(reference, "registered")[0], "accountId": "012345678912"}]


def test_rusts_client_takes_our_telemetry(tmp_path: Path) -> None:
    """The emulator has none: it accepts the subscription and delivers nothing."""
    reference, ours = run(rust_extension, tmp_path)
    assert not told(reference, "telemetry")
    identifier = json.loads(ours.answers[0])
    expected = [
        "platform.initStart",
        "platform.initReport",
        f"platform.start {identifier}",
        f"platform.runtimeDone {identifier}",
        f"platform.report {identifier}",
    ]
    lines = told(ours, "telemetry")
    assert [line for line in lines if line in expected] == expected, lines


def told(side: Run, who: str) -> list[str]:
    return [line.removeprefix(f"{who} ") for line in side.trace if line.startswith(f"{who} ")]


def bodies(side: Run, what: str) -> list[dict[str, Any]]:
    """The documents that the Python extension was given."""
    return [json.loads(line.removeprefix(what)) for line in told(side, "extension") if line.startswith(f"{what} ")]


def in_groups(side: Run, sizes: list[int]) -> list[set[str]]:
    """What extension and function noted, in groups of these sizes. Of a document, only the request id."""
    lines = [plain(line) for line in side.trace if not line.startswith("telemetry ")]
    assert len(lines) == sum(sizes), lines
    rest = iter(lines)
    return [{next(rest) for _ in range(size)} for size in sizes]


def plain(line: str) -> str:
    who, what, *rest = line.split(" ", 2)
    document = json.loads(rest[0]) if rest and rest[0].startswith("{") else {}
    identifier = document.get("requestId") if document else rest[0] if rest and what in ("INVOKE", "invoke") else None
    return " ".join([who, what, *([identifier] if identifier else [])])

"""What the fleet has to bear: a queue that fails, environments that are retired, and one that is killed."""

from __future__ import annotations

import os
import random
import signal
import threading
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from workshop.cloud.faults.client import SetFault, Where
from workshop.labs.lab import Lab

_CALL = "sqs:SendMessageBatch"
# Longer than the extension waits for an answer: such a call is carried out all the same, and its messages come twice.
LATE_S = 5


@contextmanager
def failing_queue(lab: Lab, share: float) -> Iterator[dict[str, SetFault]]:
    """Of the functions' calls this share fails: asked to slow down, in error, without an answer, or far too late."""
    faults = lab.cloud.faults
    each = 1 - (1 - share) ** (1 / 4)

    def where(seed: int) -> Where:
        name = lab.outputs["AnalyticsQueue"].rpartition("/")[2]
        return {"share": each, "seed": seed, "resource": name, "by": "functions"}

    made = {
        "503 SlowDown": faults.fail(_CALL, "SlowDown", **where(1)),
        "500 InternalError": faults.fail(_CALL, "InternalError", **where(2)),
        "connection dropped": faults.drop(_CALL, **where(3)),
        "carried out too late": faults.delay(_CALL, LATE_S * 1000, **where(4)),
    }
    with ExitStack() as stack:
        for fault in made.values():
            stack.enter_context(fault)
        yield made


class Retirement:
    """Ends environments by a touch of their function's configuration; the description is put back afterwards."""

    def __init__(self, lab: Lab, seed: int) -> None:
        self.touches = 0
        self._client = lab.cloud.client("lambda")
        self._functions = lab.functions
        self._random = random.Random(seed)
        self.pause = threading.RLock()
        """Who holds it is the only one that retires environments."""
        self._before: dict[str, str] = {}

    def one(self) -> None:
        """The environments of any function, the consumer's and the authorizer's among them."""
        self.of(self._random.choice(sorted(self._functions)))

    def all(self) -> None:
        """Those of every function."""
        for function in self._functions:
            self.of(function)

    def of(self, function: str) -> None:
        """Idle ones end now, with their SHUTDOWN phase; those at work after their answer."""
        name = self._functions[function]
        with self.pause:
            if function not in self._before:
                found = self._client.get_function_configuration(FunctionName=name)
                self._before[function] = found.get("Description", "")
            self._describe(name, uuid.uuid4().hex)
            self.touches += 1

    def put_back(self) -> None:
        """The functions are as they were."""
        for function, description in self._before.items():
            self._describe(self._functions[function], description)

    def _describe(self, name: str, description: str) -> None:
        self._client.update_function_configuration(FunctionName=name, Description=description)
        self._client.get_waiter("function_updated_v2").wait(FunctionName=name)


def kill(environment: str) -> None:
    """`kill -9` of pid 1 of an environment, known by its log stream: all that is inside dies in that moment."""
    inside = next((pid for pid in _processes() if _variable(pid, "AWS_LAMBDA_LOG_STREAM_NAME") == environment), None)
    assert inside is not None, f"the environment {environment} is not there"
    namespace = _namespace(inside)
    if namespace == _namespace(os.getpid()):
        pytest.skip("left out: environments have no process namespace on this machine")
    os.kill(next(pid for pid in _processes() if _namespace(pid) == namespace and _is_first(pid)), signal.SIGKILL)


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]


def _variable(pid: int, name: str) -> str | None:
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return None
    prefix = f"{name}=".encode()
    return next((one.removeprefix(prefix).decode() for one in variables if one.startswith(prefix)), None)


def _namespace(pid: int) -> str | None:
    try:
        return str(Path(f"/proc/{pid}/ns/pid").readlink())
    except OSError:
        return None


def _is_first(pid: int) -> bool:
    """Whether it is pid 1 in its namespace."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(line for line in lines if line.startswith("NSpid:")).split()[-1] == "1"

"""One execution environment: a client of one `execution-environment` process."""

from __future__ import annotations

import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from workshop.cloud.execution.frames import FrameReader, encode

# What the environment's own limits leave for its own work before we call it hung.
_GRACE_S = 10.0
_INIT_LIMIT_S = 10.0


class EnvironmentLostError(RuntimeError):
    """The environment's process died or stopped answering; the message is what it said last."""


@dataclass(frozen=True)
class LogLine:
    """One line of output. `source` is `function`, `extension` or `platform`; time in ms since the epoch."""

    time_ms: int
    line: str
    source: str


@dataclass(frozen=True)
class InitPhase:
    """One INIT: its wall and CPU time in ms, and whether it was one that AWS suppresses and repeats."""

    status: str
    init_ms: float
    cpu_ms: float
    suppressed: bool
    error_type: str | None


@dataclass
class Outcome:
    """What one invocation came to. Times in ms, memory in MB; `init` only if this invocation met an INIT."""

    payload: bytes = b"null"
    error_type: str | None = None
    status: str = "success"
    duration_ms: float = 0.0
    cpu_ms: float = 0.0
    max_memory_mb: int = 0
    inits: list[InitPhase] = field(default_factory=list)
    lines: list[LogLine] = field(default_factory=list)

    @property
    def init(self) -> InitPhase | None:
        """The INIT that Lambda reports as this invocation's Init Duration."""
        return next((phase for phase in self.inits if phase.status == "success" and not phase.suppressed), None)


class ExecutionEnvironment:
    """Drives one process through create, invoke and shutdown. One invocation at a time."""

    def __init__(self, binary: Path, create: dict[str, Any], *, log_stream: str, revision: str) -> None:
        """Start the process; INIT begins at once, and the first `invoke` waits for it."""
        self.log_stream = log_stream
        self.revision = revision
        self.isolation: dict[str, Any] = {}
        self.last_used = time.monotonic()
        self._timeout_s = create["timeout_ms"] / 1000
        self._lost = False
        self._process = subprocess.Popen([binary], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0)
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise EnvironmentLostError("the execution-environment process has no pipes")
        self._stdin = stdin
        self._reader = FrameReader(stdout.fileno())
        self._send({"type": "create", **create})

    @property
    def pid(self) -> int:
        """Of the supervising process outside the sandbox."""
        return self._process.pid

    @property
    def is_usable(self) -> bool:
        """Whether another invocation may be tried here."""
        return not self._lost and self._process.poll() is None

    def invoke(self, request: dict[str, Any], payload: bytes) -> Outcome:
        """Run one event through the function. Raises EnvironmentLostError when the process is gone or hangs."""
        self._send({"type": "invoke", **request}, payload)
        outcome = Outcome()
        deadline = time.monotonic() + self._timeout_s + 2 * _INIT_LIMIT_S + _GRACE_S
        try:
            while True:
                message, body = self._reader.read(deadline)
                if self._note(message, body, outcome):
                    break
        except (EOFError, TimeoutError) as error:
            self.kill()
            why = "died" if isinstance(error, EOFError) else "does not answer"
            raise EnvironmentLostError(f"the execution-environment process {why}") from error
        self.last_used = time.monotonic()
        return outcome

    def _note(self, message: dict[str, Any], body: bytes, outcome: Outcome) -> bool:
        """Take one message in; true when it was the last one of the invocation."""
        match message["type"]:
            case "created":
                self.isolation = message["isolation"]
            case "init":
                outcome.inits.append(_init_phase(message))
            case "log":
                outcome.lines.append(LogLine(message["time_ms"], message["line"], message["source"]))
            case "response":
                outcome.payload, outcome.error_type = body, message.get("error_type")
            case "report":
                outcome.status = message["status"]
                outcome.error_type = outcome.error_type or message.get("error_type")
                outcome.duration_ms = message["duration_us"] / 1000
                outcome.cpu_ms = (message.get("cpu_us") or 0) / 1000
                outcome.max_memory_mb = -(-int(message.get("peak_kb") or 0) // 1024)
                return True
            case "fatal":
                self.kill()
                raise EnvironmentLostError(message["message"])
        return False

    def _send(self, message: dict[str, Any], payload: bytes | None = None) -> None:
        view = memoryview(encode(message, payload))
        try:
            while view:
                view = view[self._stdin.write(view) or 0 :]
        except OSError as error:
            self.kill()
            raise EnvironmentLostError("the execution-environment process is gone") from error

    def shutdown(self) -> None:
        """Tell it to end: extensions get their SHUTDOWN phase (2 s), then it is killed."""
        try:
            self._send({"type": "shutdown"})
            self._process.wait(timeout=5)
        except (EnvironmentLostError, subprocess.TimeoutExpired):
            pass
        self.kill()

    def kill(self) -> None:
        """End it now. Closing its standard input alone makes it take down everything inside."""
        self._lost = True
        self._stdin.close()
        try:
            self._process.wait(timeout=3)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._process.stdout:
            self._process.stdout.close()


def _init_phase(message: dict[str, Any]) -> InitPhase:
    return InitPhase(
        status=message["status"],
        init_ms=message["init_us"] / 1000,
        cpu_ms=(message.get("cpu_us") or 0) / 1000,
        suppressed=bool(message.get("suppressed")),
        error_type=message.get("error_type"),
    )

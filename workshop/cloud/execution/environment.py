"""One execution environment: a client of one `execution-environment` process."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from workshop.cloud.execution.cpu_time import CpuTimeReader
from workshop.cloud.execution.output import LogLine, Output
from workshop.cloud.execution.supervisor import EnvironmentLostError, Supervisor

# What the environment's own limits leave for its own work before we call it hung.
_GRACE_S = 10.0
_INIT_LIMIT_S = 10.0
_SHUTDOWN_LIMIT_S = 5.0


@dataclass(frozen=True)
class InitPhase:
    """One INIT: its wall and CPU time in ms, and whether it was one that AWS suppresses and repeats.

    CPU time is None where the machine cannot tell it (no cgroups).
    """

    status: str
    init_ms: float
    cpu_ms: float | None
    suppressed: bool
    error_type: str | None


@dataclass
class Outcome:
    """What one invocation came to. Times in ms, memory in MB; `init` only if this invocation met an INIT."""

    payload: bytes = b"null"
    failed: bool = False
    """Whether the payload is an error. What goes wrong after the function's answer does not change that answer."""
    error_type: str | None = None
    status: str = "success"
    duration_ms: float = 0.0
    cpu_ms: float | None = None
    max_memory_mb: int = 0
    inits: list[InitPhase] = field(default_factory=list)
    output: Output = field(default_factory=Output)
    waited_ms: float = 0.0
    """How long it was held back before its event was handed out; in no duration."""

    @property
    def init(self) -> InitPhase | None:
        """The INIT that Lambda reports as this invocation's Init Duration."""
        return next((phase for phase in self.inits if phase.status == "success" and not phase.suppressed), None)


class ExecutionEnvironment:
    """Drives one process through create, invoke and shutdown. One invocation at a time."""

    def __init__(
        self,
        supervisor: Supervisor,
        create: dict[str, Any],
        *,
        log_stream: str,
        revision: str,
        last_words: Callable[[str, Output], None] = lambda _stream, _output: None,
    ) -> None:
        """INIT begins at once, and the first `invoke` waits for it.

        `last_words` gets the log stream and what was printed after the last invocation, if anything was.
        """
        self.log_stream = log_stream
        self.revision = revision
        self.cpu_time = CpuTimeReader(supervisor.pid, create.get("cgroup_parent"))
        self.last_used = time.monotonic()
        self._last_words = last_words
        self._timeout_s = create["timeout_ms"] / 1000
        self._ended = False
        self._supervisor = supervisor
        supervisor.send({"type": "create", **create})

    @property
    def is_usable(self) -> bool:
        """Whether another invocation may be tried here."""
        return not self._ended and self._supervisor.is_running

    def invoke(self, request: dict[str, Any], payload: bytes, after_init: Callable[[], None] = lambda: None) -> Outcome:
        """Run one event through the function; `after_init` is called when an INIT that it met is over.

        Raises EnvironmentLostError when the process is gone or hangs.
        """
        self._supervisor.send({"type": "invoke", **request}, payload)
        outcome = Outcome()
        deadline = time.monotonic() + self._timeout_s + 2 * _INIT_LIMIT_S + _GRACE_S
        while True:
            message, body = self._supervisor.read(deadline)
            if message["type"] == "init":
                after_init()
            if self._note(message, body, outcome):
                break
        self.last_used = time.monotonic()
        return outcome

    def _note(self, message: dict[str, Any], body: bytes, outcome: Outcome) -> bool:
        """Take one message in; true when it was the last one of the invocation."""
        match message["type"]:
            case "init":
                outcome.inits.append(_init_phase(message))
            case "log":
                outcome.output.add(_log_line(message))
            case "response":
                outcome.payload, outcome.error_type = body, message.get("error_type")
                outcome.failed = outcome.error_type is not None
            case "report":
                outcome.status = message["status"]
                outcome.error_type = outcome.error_type or message.get("error_type")
                outcome.duration_ms = message["duration_us"] / 1000
                outcome.cpu_ms = _ms(message.get("cpu_us"))
                outcome.max_memory_mb = -(-int(message.get("peak_kb") or 0) // 1024)
                return True
        return False

    def shutdown(self) -> None:
        """Tell it to end: extensions get their SHUTDOWN phase (2 s), then it is killed."""
        output = Output()
        with contextlib.suppress(EnvironmentLostError):
            self._supervisor.send({"type": "shutdown"})
            deadline = time.monotonic() + _SHUTDOWN_LIMIT_S
            while True:  # until the stream ends with the process
                message, _ = self._supervisor.read(deadline)
                if message["type"] == "log":
                    output.add(_log_line(message))
        self.kill()
        if output.first:
            self._last_words(self.log_stream, output)

    def kill(self) -> None:
        """End it now."""
        self._ended = True
        self._supervisor.kill()


def _init_phase(message: dict[str, Any]) -> InitPhase:
    return InitPhase(
        status=message["status"],
        init_ms=message["init_us"] / 1000,
        cpu_ms=_ms(message.get("cpu_us")),
        suppressed=bool(message.get("suppressed")),
        error_type=message.get("error_type"),
    )


def _log_line(message: dict[str, Any]) -> LogLine:
    return LogLine(message["time_ms"], message["line"], message["source"])


def _ms(microseconds: int | None) -> float | None:
    return None if microseconds is None else microseconds / 1000

"""One `execution-environment` process and its pipes."""

from __future__ import annotations

import subprocess
from pathlib import Path
from typing import Any

from workshop.cloud.execution.frames import FrameReader, encode


class EnvironmentLostError(RuntimeError):
    """The environment's process died or stopped answering; the message is what it said last."""


class Supervisor:
    """The process outside the sandbox. Started with the cgroup tree's name it prepares a sandbox ahead of its use."""

    def __init__(self, binary: Path, cgroup_parent: str) -> None:
        self._process = subprocess.Popen(
            [binary, "--cgroup-parent", cgroup_parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        stdin, stdout = self._process.stdin, self._process.stdout
        if stdin is None or stdout is None:
            raise EnvironmentLostError("the execution-environment process has no pipes")
        self._stdin, self._stdout = stdin, stdout
        self._reader = FrameReader(stdout.fileno())

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Whether the process is alive."""
        return self._process.poll() is None

    def send(self, message: dict[str, Any], payload: bytes | None = None) -> None:
        """Send one frame. Raises EnvironmentLostError when the process is gone."""
        view = memoryview(encode(message, payload))
        try:
            while view:
                view = view[self._stdin.write(view) or 0 :]
        except (OSError, ValueError) as error:
            self.kill()
            raise EnvironmentLostError("the execution-environment process is gone") from error

    def read(self, deadline: float) -> tuple[dict[str, Any], bytes]:
        """The next frame. Raises EnvironmentLostError at the end of the stream, at `deadline`, or for a `fatal` one."""
        try:
            message, payload = self._reader.read(deadline)
        except (EOFError, TimeoutError) as error:
            self.kill()
            why = "died" if isinstance(error, EOFError) else "does not answer"
            raise EnvironmentLostError(f"the execution-environment process {why}") from error
        if message["type"] == "fatal":
            self.kill()
            raise EnvironmentLostError(message["message"])
        return message, payload

    def wait(self, limit_s: float) -> bool:
        """Wait for the process's end; false if it is still there after `limit_s` seconds."""
        try:
            self._process.wait(timeout=limit_s)
        except subprocess.TimeoutExpired:
            return False
        return True

    def kill(self) -> None:
        """End it now. Closing its standard input alone makes it take down everything inside."""
        self._stdin.close()
        if not self.wait(3):
            self._process.kill()
            self.wait(3)
        self._stdout.close()

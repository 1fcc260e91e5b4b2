"""The running server as its clients see it: where it listens and with which keys."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path

from workshop.files import read_json, write_json


@dataclass(frozen=True)
class ServerState:
    """What `server.json` holds. The keys are made anew at each start; the file is readable by its owner only."""

    pid: int
    started: str
    """The process's start time as the kernel counts it: tells a reused pid from ours."""
    port: int
    tls_port: int
    access_key_id: str
    secret_access_key: str = dataclasses.field(repr=False)
    fingerprint: str = ""
    """Of the code that the server was started from (`fingerprint.py`)."""
    cgroup_parent: str = ""

    @property
    def endpoint_url(self) -> str:
        """For clients outside an execution environment: plain HTTP on loopback."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def is_alive(self) -> bool:
        """Whether that very process still runs."""
        return process_start_time(self.pid) == self.started


def process_start_time(pid: int) -> str | None:
    """Start time of a live process in clock ticks since boot (field 22 of /proc/PID/stat); None if gone or a zombie."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None
    return None if fields[0] in "ZX" else fields[19]


def read(path: Path) -> ServerState | None:
    """The state file's content; None if there is none or it is torn."""
    try:
        return ServerState(**read_json(path))
    except TypeError:
        return None


def write(path: Path, state: ServerState) -> None:
    """Replace the state file in one step."""
    write_json(path, dataclasses.asdict(state))

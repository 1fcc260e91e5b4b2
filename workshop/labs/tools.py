"""Running sam and maturin: their environment, their log, and a line that shows they are alive."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import subprocess
import sys
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from workshop.cloud.paths import ROOT
from workshop.labs.progress import ProgressLine

_TAIL_LINES = 25
_TERMINAL_CODES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
# The person's own AWS set-up must not reach a tool that is told another target.
_OWN_AWS_VARIABLES = re.compile(
    r"AWS_((DEFAULT_)?(PROFILE|REGION)|(SESSION|SECURITY)_TOKEN|ACCESS_KEY_ID|SECRET_ACCESS_KEY|ENDPOINT_URL.*)"
)


class ToolError(RuntimeError):
    """A tool ended with an error. `tail` holds its last lines, `log` all of them."""

    def __init__(self, command: Sequence[str], code: int, tail: list[str], log: Path) -> None:
        super().__init__(f"{Path(command[0]).name} ended with exit code {code}")
        self.tail = tail
        self.log = log


def environment(extra: Mapping[str, str]) -> dict[str, str]:
    """The process's own variables without its AWS ones, this checkout's tools first on PATH, plus `extra`."""
    variables = {name: value for name, value in os.environ.items() if not _OWN_AWS_VARIABLES.fullmatch(name)}
    places = [str(Path(sys.executable).parent), str(ROOT / ".venv" / "bin"), variables.get("PATH", os.defpath)]
    places.append(str(Path.home() / ".cargo" / "bin"))
    return variables | {
        "PATH": os.pathsep.join(dict.fromkeys(places)),
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.5",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONUNBUFFERED": "1",
        "CARGO_TERM_COLOR": "never",
        **extra,
    }


def has_rust_target(triple: str) -> bool:
    """Whether rustup has the standard library for it."""
    command = ["rustc", "--print", "target-libdir", "--target", triple]
    told = subprocess.run(command, capture_output=True, text=True, check=False)
    return told.returncode == 0 and Path(told.stdout.strip()).is_dir()


def run(
    command: Sequence[str], *, directory: Path, variables: Mapping[str, str], log: Path, progress: ProgressLine
) -> None:
    """Run a tool to its end, everything it prints going to `log` and its last line to `progress`.

    Raises ToolError. Ctrl-C, or any other end of this call, ends the tool and all that it started.
    """
    tail: deque[str] = deque(maxlen=_TAIL_LINES)
    with log.open("a", encoding="utf-8") as file:
        file.write(f"$ {' '.join(map(str, command))}\n")
        process = subprocess.Popen(
            command, cwd=directory, env=dict(variables), stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace", start_new_session=True,
        )  # fmt: skip
        try:
            assert process.stdout is not None  # noqa: S101 - tells mypy what stdout=PIPE means
            for raw in process.stdout:
                file.write(raw)
                file.flush()
                line = _TERMINAL_CODES.sub("", raw).strip()
                if line:
                    tail.append(line)
                    progress.show(line)
            code = process.wait()
        finally:
            _end(process)
    if code != 0:
        raise ToolError(command, code, list(tail), log)


def _end(process: subprocess.Popen[str]) -> None:
    """The tool has a session of its own, so its compilers and package managers end with it."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGTERM)
    if process.poll() is None:
        try:
            process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if process.stdout:
        process.stdout.close()

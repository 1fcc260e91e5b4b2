"""Language runtimes on this machine: which are installed, and which one serves a Lambda runtime."""

from __future__ import annotations

import logging
import os
import re
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_log = logging.getLogger(__name__)
_TIME_LIMIT_S = 30.0


@dataclass(frozen=True)
class Installed:
    """One installation: its major version and the directory that holds its `bin`."""

    major: int
    prefix: Path


def on_path(name: str) -> list[Path]:
    """Every program of that name on PATH, in its order."""
    directories = [Path(entry) for entry in os.environ.get("PATH", "").split(os.pathsep) if entry]
    return [path for directory in directories if os.access(path := directory / name, os.X_OK) and path.is_file()]


def ask(command: Sequence[str | Path]) -> str | None:
    """What a program prints; None if it fails, as a version manager's placeholder does, or hangs."""
    try:
        result = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=_TIME_LIMIT_S, check=True
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return result.stdout + result.stderr


def choose(installed: Sequence[Installed], major: int) -> Installed | None:
    """The installation of that major version, else the oldest newer one: newer ones run what older ones ran."""
    return min((one for one in installed if one.major >= major), key=lambda one: one.major, default=None)


def number(runtime: str) -> int:
    """The major version in a runtime's name, e.g. 20 for `nodejs20.x`; 0 if there is none."""
    found = re.search(r"\d+", runtime)
    return int(found[0]) if found else 0


@cache
def say_newer(runtime: str, found: str) -> None:
    """Tell once, in the server's log, that a runtime runs on a newer version than its name says."""
    _log.warning("runtime '%s' runs on this machine's %s", runtime, found)

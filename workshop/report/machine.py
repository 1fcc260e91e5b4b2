"""What the figures were taken on. Nothing here identifies the machine or its user."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from pathlib import Path


def machine() -> dict[str, str]:
    """Processor, memory, operating system and the versions that matter; what cannot be found out is left out."""
    found = {
        "processor": f"{_processor()}, {_cores()} cores for us",
        "memory": _memory(),
        "operating system": f"{_system()}, kernel {platform.release()}",
        "architecture": platform.machine(),
        "Python": platform.python_version(),
        "Rust": _said("rustc", "--version"),
        "commit": _commit(),
    }
    return {name: value for name, value in found.items() if value}


def _processor() -> str:
    return _line_of("/proc/cpuinfo", "model name") or platform.processor() or platform.machine()


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _memory() -> str:
    kibibytes = _line_of("/proc/meminfo", "MemTotal").removesuffix(" kB")
    return f"{int(kibibytes) / 2**20:.1f} GiB" if kibibytes.isdigit() else ""


def _system() -> str:
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.system())
    except OSError:
        return platform.system()


def _line_of(path: str, name: str) -> str:
    """The value of the first "name: value" line of a file."""
    try:
        lines = Path(path).read_text(errors="replace").splitlines()
    except OSError:
        return ""
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "")


def _commit() -> str:
    here = Path(__file__).parent
    commit = _said("git", "-C", str(here), "rev-parse", "--short", "HEAD")
    return f"{commit}, with changes" if commit and _said("git", "-C", str(here), "status", "--porcelain") else commit


def _said(*command: str) -> str:
    """The output of a command; nothing if it is missing or fails."""
    if shutil.which(command[0]) is None:
        return ""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""

"""The machine itself: operating system, room, clock, port."""

from __future__ import annotations

import os
import platform
import shutil
import socket
import sys
import time
from pathlib import Path

from workshop.doctor.finding import Finding, Remedy, Status
from workshop.doctor.versions import ROOT

_GIB = 1 << 30
_DISK_NEEDED_GIB = 6
_MEMORY_NEEDED_GIB = 4
_CORES_WANTED = 2


def operating_system() -> Finding:
    """The local cloud is made of Linux namespaces and cgroups."""
    good = sys.platform == "linux" and platform.machine() in {"x86_64", "aarch64", "arm64"}
    return Finding(
        "Linux",
        Status.OK if good else Status.MISSING,
        f"{platform.system()} {platform.release()} {platform.machine()}",
        "Linux on x86_64 or arm64",
        "the local cloud is Linux only; --target aws works from elsewhere too",
        "" if good else "open this folder in its devcontainer (.devcontainer/), which is Linux",
    )


def disk(root: Path = ROOT) -> Finding:
    """Free room where the checkout lies: the environment and Rust's target folder are the large parts."""
    free = shutil.disk_usage(root).free / _GIB
    good = free >= _DISK_NEEDED_GIB
    return Finding(
        "free disk",
        Status.OK if good else Status.MISSING,
        f"{free:.1f} GiB",
        f"{_DISK_NEEDED_GIB} GiB",
        "Python environment 1.5 GB, Rust build 2–3 GB, build artefacts",
        "" if good else "make room on the checkout's file system; 'cargo clean' frees an old Rust build",
    )


def memory() -> Finding:
    """All of the machine's memory: linking the Rust functions is what needs it."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / _GIB
    good = total >= _MEMORY_NEEDED_GIB * 0.9  # a "4 GB" machine has a little less
    return Finding(
        "memory",
        Status.OK if good else Status.LIMITED,
        f"{total:.1f} GiB",
        f"{_MEMORY_NEEDED_GIB} GiB",
        "with less, builds swap or are killed",
        "" if good else "give the machine or the container more memory, or build with CARGO_BUILD_JOBS=1",
    )


def cores() -> Finding:
    """Cores that this process may use."""
    count = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    good = count >= _CORES_WANTED
    return Finding(
        "cores",
        Status.OK if good else Status.LIMITED,
        str(count),
        f"{_CORES_WANTED} or more",
        "with one, the server and the measured function share it: durations get noisier",
        "" if good else "give the machine or the container a second core",
    )


def clock(now: float | None = None, sources: Path = ROOT) -> Finding:
    """A clock that is behind the checkout's own files is wrong; tokens and TLS certificates depend on it."""
    current = time.time() if now is None else now
    newest = max((path.stat().st_mtime for path in sources.glob("*.toml")), default=0.0)
    good = current >= newest - 60
    return Finding(
        "clock",
        Status.OK if good else Status.MISSING,
        time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(current)),
        "not behind the checkout's files",
        "sign-in tokens, signatures and certificates have a time in them",
        "" if good else Remedy("sudo timedatectl set-ntp true", container="correct the host's clock").here(),
    )


def port() -> Finding:
    """The local cloud's port, or that our own server has it already."""
    from workshop.cloud import control

    text = os.environ.get("WORKSHOP_PORT", str(control.DEFAULT_PORT))
    server = control.current()
    if server is not None:
        found, good = f"{server.port}: our own local cloud runs there", True
    elif not (text.isdigit() and 0 < int(text) < 65536):
        found, good = f"WORKSHOP_PORT={text} is no port number", False
    else:
        good = _is_free(int(text))
        found = f"{text} is {'free' if good else 'taken by another program'}"
    return Finding(
        "port",
        Status.OK if good else Status.MISSING,
        found,
        "free, on loopback",
        "the local cloud listens there",
        "" if good else "stop the other program, or choose a port: export WORKSHOP_PORT=<1024-65535>",
    )


def _is_free(number: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", number))
        except OSError:
            return False
    return True

"""The emulated machine: what it is made of, where that is found, and how it is booted."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DIRECTORY = ROOT / ".workshop" / "cgroup-v2"
KERNEL_VARIABLE = "WORKSHOP_TEST_KERNEL"
EMULATOR = "qemu-system-x86_64"
_FETCH = "python -m tests.cgroup_v2.fetch"
# The emulator carries out a string instruction byte by byte. Linux fills and copies pages with them where they are said
# to be fast: a function's memory limit was not reached within a minute then.
_PROCESSOR = "max,-erms,-fsrm"
_ARGUMENTS = ["-accel", "tcg,thread=multi", "-smp", "2", "-m", "2048", "-nodefaults", "-display", "none", "-no-reboot"]
# Mitigations of speculation, which an emulator does not have, are left out. The clock stays Linux's choice: the
# processor's own is gauged at the start, which on a busy machine made it run six times too fast.
_KERNEL_LINE = "console=ttyS0 quiet loglevel=1 panic=-1 clearcpuid=rep_good mitigations=off"
_TIME_LIMIT_S = 1200.0
"""A whole boot took nine minutes on 2 cores at a load of 20."""


class MissingPartError(Exception):
    """Something that the emulated machine needs is not here; the message says how to get it."""


@dataclass(frozen=True)
class Parts:
    """What is not built here."""

    emulator: str
    kernel: Path
    overlay_module: Path
    busybox: Path


def find() -> Parts:
    """What is needed, or MissingPartError."""
    if platform.machine() != "x86_64":
        raise MissingPartError(f"the emulated machine is an x86_64, this one is {platform.machine()}")
    emulator = shutil.which(EMULATOR)
    if not emulator:
        raise MissingPartError(f"no {EMULATOR} on PATH: sudo apt-get install qemu-system-x86")
    packages = Path(os.environ.get(KERNEL_VARIABLE, DIRECTORY))
    return Parts(
        emulator,
        _one(packages, "boot/vmlinuz-*"),
        _one(packages, "lib/modules/*/kernel/fs/overlayfs/overlay.ko*"),
        Path(shutil.which("busybox") or _one(DIRECTORY, "bin/busybox")),
    )


def _one(directory: Path, pattern: str) -> Path:
    found = sorted(directory.glob(pattern))
    if not found:
        raise MissingPartError(
            f"no {pattern} in {directory}: {_FETCH}, or point {KERNEL_VARIABLE} at an unpacked kernel package"
        )
    return found[-1]


def boot(parts: Parts, initramfs: bytes) -> str:
    """Run the machine until it powers off; gives what its serial console said, also when time runs out."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    archive, console = DIRECTORY / "initramfs.cpio", DIRECTORY / "console.log"
    archive.write_bytes(initramfs)
    command: list[str | Path] = [parts.emulator, "-cpu", _PROCESSOR, *_ARGUMENTS]
    command += ["-kernel", parts.kernel, "-append", _KERNEL_LINE, "-initrd", archive, "-serial", f"file:{console}"]
    process = subprocess.Popen(command, stdin=subprocess.DEVNULL)
    try:
        process.wait(_TIME_LIMIT_S)
    except subprocess.TimeoutExpired:
        pass  # The report lacks its end then, and the console tells how far it went.
    finally:
        process.kill()
        process.wait()
    return console.read_text(errors="replace")

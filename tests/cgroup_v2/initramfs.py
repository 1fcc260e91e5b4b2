"""The file system of the emulated machine: busybox, the programs, the libraries they need, one kernel module."""

from __future__ import annotations

import lzma
import re
import shlex
import shutil
import subprocess
from pathlib import Path

from tests.cgroup_v2.cpio import Archive
from tests.cgroup_v2.machine import MissingPartError, Parts
from tests.cgroup_v2.programs import Programs

_INIT = Path(__file__).with_name("init.sh")
_DIRECTORIES = ("dev", "etc", "new", "proc", "sys", "tmp", "usr", "var")
# Measuring beside another test would not measure.
_THREADS = {"measuring": 1}
_OTHER_THREADS = 2
TOO_SLOW = {
    "a_flood_of_output_is_passed_on_without_being_kept": "100 MB take minutes, and have nothing to do with cgroups",
    "a_fork_bomb_is_limited_and_cleaned_up": "starting and ending a thousand processes takes minutes",
    "cpu_time_is_that_of_the_work": "the emulator spends 258 ms of CPU on an idle invocation, and it allows 100",
    "memory_peaks_are_the_functions_and_too_much_is_out_of_memory": "timed out; cause not known",
    "ignoring_sigterm_does_not_help": "its second invocation, with INIT, did not end within 1.5 s",
}
"""Rust tests that are left out, and why."""


def assemble(parts: Parts, programs: Programs) -> bytes:
    """The archive."""
    archive = Archive()
    for directory in _DIRECTORIES:
        archive.directory(directory)
    archive.add("etc/passwd", b"root:x:0:0:root:/root:/bin/sh\n")
    archive.add("init", _INIT.read_bytes())
    archive.add("programs.sh", _variables(programs).encode())
    archive.add("overlay.ko", _module(parts.overlay_module))
    _add_busybox(archive, parts.busybox)
    # Busybox's own knows no cgroup namespaces.
    for program in [*programs.all, _unshare()]:
        archive.add(str(program), program.read_bytes())
        _add_libraries(archive, program)
    return archive.content()


def _variables(programs: Programs) -> str:
    tests = " ".join(f"{name}:{_THREADS.get(name, _OTHER_THREADS)}:{path}" for name, path in programs.tests.items())
    values = {
        "environment": programs.environment,
        "tests": tests,
        "skip": " ".join(f"--skip {name}" for name in TOO_SLOW),
        "unshare": _unshare(),
    }
    return "".join(f"{name}={shlex.quote(str(value))}\n" for name, value in values.items())


def _unshare() -> Path:
    found = shutil.which("unshare")
    if not found:
        raise MissingPartError("no unshare on PATH: sudo apt-get install util-linux")
    return Path(found)


def _module(path: Path) -> bytes:
    content = path.read_bytes()
    return lzma.decompress(content) if path.suffix == ".xz" else content


def _add_busybox(archive: Archive, busybox: Path) -> None:
    archive.add("bin/busybox", busybox.read_bytes())
    _add_libraries(archive, busybox)
    names = subprocess.run([busybox, "--list"], capture_output=True, text=True, check=True).stdout.split()
    for name in names:
        if name != "busybox":
            archive.link(f"bin/{name}", "/bin/busybox")


def _add_libraries(archive: Archive, program: Path) -> None:
    # A static program has none, and ldd says so with an exit code.
    said = subprocess.run(["ldd", program], capture_output=True, text=True, check=False).stdout
    for library in re.findall(r"(/\S+) \(0x", said):
        archive.add(library, Path(library).read_bytes())

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
from tests.cgroup_v2.programs import LEFT_OUT, Programs

_INIT = Path(__file__).with_name("init.sh")
_DIRECTORIES = ("dev", "etc", "new", "proc", "sys", "tmp", "usr", "var")
# Measuring beside another test would not measure.
_THREADS = {"measuring": 1}
_OTHER_THREADS = 2
_SLOWDOWN = 8
"""How many times longer than on an ordinary machine a Rust test allows for what it waits for."""


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
        "skip": " ".join(f"--skip {test}" for _, _, test in (name.partition("::") for name in LEFT_OUT) if test),
        "slowdown": _SLOWDOWN,
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

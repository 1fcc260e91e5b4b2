"""Shows that nothing of this checkout is left running. Exit code 1 names what is.

Looks at all processes, whatever cgroup they are in: it does not depend on how the local cloud keeps its books.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

from workshop.testing.steps import ROOT

_SERVER = b"workshop.cloud.server"


def processes(root: Path = ROOT) -> Iterator[tuple[int, str]]:
    """Id and command line of the processes that run a program of this checkout: what it built, or its server."""
    places = (f"{root}/target/", f"{root}/.workshop/", f"{root}/.aws-sam/", f"{root}/labs/")
    for directory in Path("/proc").glob("[0-9]*"):
        if int(directory.name) == os.getpid():
            continue
        try:
            program = str((directory / "exe").readlink())
            command = (directory / "cmdline").read_bytes()
            working_directory = (directory / "cwd").readlink()
        except OSError:  # gone, a kernel thread, or somebody else's
            continue
        if program.startswith(places) or (_SERVER in command.split(b"\0") and working_directory == root):
            yield int(directory.name), command.replace(b"\0", b" ").decode(errors="replace").strip()


def main() -> int:
    """Print what is left."""
    left = list(processes())
    for number, command in left:
        print(f"still running: process {number}: {command[:200]}")
    if not left:
        print("no process of this checkout is running")
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())

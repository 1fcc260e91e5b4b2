"""`python -m tests.cgroup_v2.fetch`: a kernel and a busybox from Debian, unpacked into `.workshop/cgroup-v2`.

apt checks its own signatures; nothing is installed, and it needs no root. `--in-ci` also installs the emulator, does
all of this only in CI as root, and never fails: without these parts the test is skipped by name.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.cgroup_v2.machine import DIRECTORY, EMULATOR, MissingPartError, find

_KERNEL = "linux-image-cloud-amd64"
_EMULATOR_PACKAGE = "qemu-system-x86"
_QUIET = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}


class FetchError(Exception):
    """It cannot be fetched; the message says why."""


def fetch() -> None:
    """Download and unpack both packages."""
    if not shutil.which("apt-get"):
        raise FetchError("no apt-get here: unpack a Debian cloud kernel package and set WORKSHOP_TEST_KERNEL to it")
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as place:
        _run("apt-get", "download", _kernel_package(), "busybox-static", place=Path(place))
        for package in Path(place).glob("*.deb"):
            _run("dpkg-deb", "--extract", str(package), str(DIRECTORY))


def _kernel_package() -> str:
    """The package that the metapackage depends on, which has the kernel's version in its name."""
    said = _run("apt-cache", "depends", _KERNEL)
    found = re.search(r"Depends: (linux-image-\d\S+)", said)
    if not found:
        raise FetchError(f"apt knows no {_KERNEL}: sudo apt-get update")
    return found[1]


def _run(*command: str, place: Path | None = None) -> str:
    result = subprocess.run(command, cwd=place, env=_QUIET, capture_output=True, text=True, check=False)
    if result.returncode:
        raise FetchError(f"{' '.join(command)}: {result.stderr.strip()} (sudo apt-get update may help)")
    return result.stdout


def _in_ci() -> None:
    if os.environ.get("CI") != "true" or os.geteuid() != 0 or not shutil.which("apt-get"):
        raise FetchError("only in CI (CI=true), as root, with apt-get is anything installed")
    try:
        _install_and_fetch()
    except FetchError:
        # An image without apt's lists, or with old ones.
        _run("apt-get", "update")
        _install_and_fetch()


def _install_and_fetch() -> None:
    if not shutil.which(EMULATOR):
        _run("apt-get", "install", "--yes", "--no-install-recommends", _EMULATOR_PACKAGE)
    fetch()


def main() -> int:
    """The command."""
    optional = sys.argv[1:] == ["--in-ci"]
    try:
        find()
        print("everything is there")
        return 0
    except MissingPartError:
        pass
    try:
        _in_ci() if optional else fetch()
        find()
    except (FetchError, MissingPartError) as error:
        print(f"{'left out: ' if optional else ''}{error}", file=sys.stderr)
        return 0 if optional else 1
    print(f"fetched into {DIRECTORY}")
    return 0


if __name__ == "__main__":
    sys.exit(main())

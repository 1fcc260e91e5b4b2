"""Deployment packages of the measured functions; `functions/` and `shared_rust/` have the sources."""

from __future__ import annotations

import io
import platform
import subprocess
import tempfile
import zipfile
from pathlib import Path

from workshop.cloud.errors import CloudError
from workshop.cloud.paths import ROOT
from workshop.labs import tools

FUNCTIONS = Path(__file__).parent / "functions"
_CRATE = ROOT / "shared_rust" / "dynamodb-light"


def of_files(files: dict[str, bytes]) -> bytes:
    """A zip of these files, all of which may be run."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def of_source(name: str) -> bytes:
    """One of `functions/`, as it is."""
    return of_files({name: (FUNCTIONS / name).read_bytes()})


def of_rust(binary: str) -> bytes:
    """A program of `shared_rust/dynamodb-light` as `bootstrap`. Raises CloudError if it does not build."""
    # As `sam build` builds lab 03: what that compiled of the SDK serves here too, and only the programs are linked.
    target = f"{platform.machine()}-unknown-linux-gnu.2.26"
    command = ["cargo", "lambda", "build", "--release", "--target", target]
    result = subprocess.run(command, cwd=_CRATE, env=tools.environment({}), capture_output=True, text=True, check=False)
    if result.returncode:
        raise CloudError(f"{_CRATE.name} does not build: {result.stderr.strip().splitlines()[-1:]}: run ./poe doctor")
    return of_files({"bootstrap": (ROOT / "target" / "lambda" / binary / "bootstrap").read_bytes()})


def of_java(name: str) -> bytes:
    """The class of one of `functions/`. Raises CloudError if it does not compile."""
    with tempfile.TemporaryDirectory() as directory:
        command = ["javac", "--release", "17", "-d", directory, str(FUNCTIONS / f"{name}.java")]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
        if result.returncode:
            raise CloudError(f"{name}.java does not compile: {result.stderr.strip()}")
        return of_files({path.name: path.read_bytes() for path in Path(directory).glob("*.class")})

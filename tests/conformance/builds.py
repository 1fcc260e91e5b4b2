"""What has to be compiled for the Rust and Java clients; each once."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from workshop.cloud.execution import runtime_packages
from workshop.cloud.paths import ROOT, private_directory

_HERE = Path(__file__).parent


def rust_program(name: str) -> Path:
    """A program of the `rust` directory. Cargo decides whether there is anything to do: the first time, for minutes."""
    target = ROOT / "target" / "conformance"
    command = ["cargo", "build", "--locked", "--quiet", "--target-dir", str(target)]
    subprocess.run(command, cwd=_HERE / "rust", check=True)
    return target / "debug" / name


def java_classes() -> Path:
    """The directory with `App.java`'s classes."""
    source = _HERE / "App.java"
    jars = runtime_packages.java()
    digest = hashlib.sha256(source.read_bytes() + jars.name.encode()).hexdigest()[:16]
    target = private_directory("conformance") / f"java-{digest}"
    if not target.is_dir():
        partial = target.with_suffix(".partial")
        shutil.rmtree(partial, ignore_errors=True)
        command = ["javac", "-encoding", "UTF-8", "-cp", f"{jars}/*", "-d", str(partial), str(source)]
        subprocess.run(command, check=True)
        partial.rename(target)
    return target

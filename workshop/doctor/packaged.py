"""Tools that the Python environment brings along, at the versions that pyproject.toml pins."""

from __future__ import annotations

import sys
from pathlib import Path

from workshop.doctor import versions
from workshop.doctor.finding import Finding, Status
from workshop.doctor.versions import Version

_BIN = Path(sys.executable).parent
_AFRESH = "rm -rf .venv, then ./poe doctor: the environment is made afresh"


def sam() -> Finding:
    """The AWS SAM CLI."""
    return _packaged("sam", "aws-sam-cli", [str(_BIN / "sam"), "--version"], "builds and deploys every lab")


def cargo_lambda() -> Finding:
    """cargo-lambda, as its own program: `cargo lambda` finds it by PATH."""
    command = [str(_BIN / "cargo-lambda"), "lambda", "--version"]
    return _packaged("cargo-lambda", "cargo-lambda", command, "builds Rust functions for Lambda (lab 03)")


def zig() -> Finding:
    """Zig's C compiler, which links against the glibc that Lambda has."""
    command = [sys.executable, "-m", "ziglang", "version"]
    return _packaged("zig", "ziglang", command, "links for Lambda's glibc (labs 02, 03)")


def maturin() -> Finding:
    """The wheel builder, maturin."""
    return _packaged("maturin", "maturin", [str(_BIN / "maturin"), "--version"], "builds the PyO3 wheel (lab 02)")


def _packaged(name: str, package: str, command: list[str], why: str) -> Finding:
    needed, found = versions.pinned(package), versions.ask(command)
    good = _same(found, needed)
    return Finding(
        name,
        Status.OK if good else Status.MISSING,
        str(found) if found else "does not run",
        str(needed),
        why,
        "" if good else _AFRESH,
    )


def _same(found: Version | None, needed: Version) -> bool:
    return found is not None and found == needed

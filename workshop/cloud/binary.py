"""The execution-environment program, built from this checkout."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

from workshop.cloud.errors import CloudError
from workshop.cloud.paths import ROOT, private_directory

_NAME = "execution-environment"


def given() -> Path | None:
    """A ready-made program, named by `WORKSHOP_EXECUTION_ENVIRONMENT`."""
    name = os.environ.get("WORKSHOP_EXECUTION_ENVIRONMENT")
    return Path(name) if name else None


def build() -> Path:
    """The program, up to date. Cargo decides whether there is anything to do; a first build takes half a minute.

    `WORKSHOP_EXECUTION_ENVIRONMENT` names a ready-made one instead. Raises CloudError if it cannot be built.
    """
    if ready_made := given():
        return ready_made
    if shutil.which("cargo") is None:
        raise CloudError("Rust's cargo is not on PATH: install it from https://rustup.rs, or run ./poe doctor")
    command = ["cargo", "build", "--release", "--locked", "--quiet", "--package", _NAME]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        log = private_directory("logs") / "execution-environment-build.log"
        log.write_text(result.stdout + result.stderr)
        raise CloudError(f"the local cloud's {_NAME} does not build: see {log}, or run ./poe doctor")
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    return target / "release" / _NAME


def shortcomings(program: Path) -> list[str]:
    """What this machine does not give to execution environments, a sentence each: without a CPU share, say."""
    result = subprocess.run([program, "check"], capture_output=True, text=True, check=False)
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise CloudError(f"no function can run here: {reason}. ./poe doctor tells what this machine lacks")
    notes: list[str] = json.loads(result.stdout)["notes"]
    return notes

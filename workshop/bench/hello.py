"""The yardstick function: `shared_rust/hello`, built and packed as a deployment package."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from workshop.bench import packages
from workshop.cloud.errors import CloudError
from workshop.cloud.paths import ROOT


def program() -> Path:
    """Build it with cargo and say where it is. Raises CloudError if it does not build."""
    command = ["cargo", "build", "--release", "--locked", "--quiet", "--package", "hello"]
    result = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    if result.returncode:
        raise CloudError(
            f"shared_rust/hello does not build: {result.stderr.strip().splitlines()[-1:]}: run ./poe doctor"
        )
    return Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target")) / "release" / "hello"


def package() -> bytes:
    """A zip with the program as `bootstrap`, what the provided.al2023 runtime starts."""
    return packages.of_files({"bootstrap": program().read_bytes()})

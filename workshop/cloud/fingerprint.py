"""Tells a server started from other code than this checkout has now."""

from __future__ import annotations

import hashlib
from pathlib import Path

from workshop.cloud import binary
from workshop.cloud.paths import ROOT


def of_files(files: list[Path]) -> str:
    """SHA-256 over the names and contents of files."""
    digest = hashlib.sha256()
    for file in sorted(files):
        digest.update(str(file).encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def of_server() -> str:
    """Of everything a running server was made from: this package and the execution environment's source.

    A ready-made execution environment stands for itself, whatever its source is by now.
    """
    crate = ROOT / "shared_rust" / "execution-environment"
    packages = ROOT / "workshop" / "cloud" / "runtime_packages"
    ready_made = binary.given()
    sources = [
        *(ROOT / "workshop" / "cloud").rglob("*.py"),
        *(ROOT / "workshop" / "cloud").rglob("*.mjs"),
        *(path for kind in ("*.txt", "*.json", "*.xml", "*.sha256") for path in packages.rglob(kind)),
        *([ready_made] if ready_made else [*(crate / "src").rglob("*.rs"), crate / "Cargo.toml"]),
    ]
    return of_files(sources)

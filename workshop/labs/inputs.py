"""What a lab's build reads, and a fingerprint of it: the same fingerprint means the same build."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import tomllib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Any

from workshop.cloud.paths import ROOT
from workshop.labs.catalog import LabFolder
from workshop.labs.errors import LabError
from workshop.labs.template import code_folders

_SHARED_RUST = ROOT / "shared_rust"
_WORKSPACE_FILES = ("Cargo.toml", "Cargo.lock", ".cargo/config.toml", "rust-toolchain.toml", "rust-toolchain")
_IGNORED_FOLDERS = {
    ".aws-sam",
    "__pycache__",
    "target",
    "node_modules",
    ".pytest_cache",
    ".mypy_cache",
    ".ruff_cache",
    "tests",
}
_IGNORED_SUFFIXES = {".pyc", ".so", ".md", ".ipynb"}
_PYTHON_TOOLS = ("aws-sam-cli", "aws-lambda-builders", "cargo-lambda", "ziglang", "maturin")
_CRATE_IN_MAKEFILE = re.compile(r"shared_rust/([A-Za-z0-9_-]+)")


@dataclass(frozen=True)
class Inputs:
    """Everything that one lab's build depends on."""

    folders: frozenset[Path]
    files: frozenset[Path]
    uses_rust: bool

    def fingerprint(self, without: Iterable[str] = ()) -> str:
        """SHA-256 (16 hex digits) over names and contents of all inputs, tools' versions and what is left out."""
        digest = hashlib.sha256()
        for name in without:
            digest.update(name.encode() + b"\0")
        for file in sorted({*self.files, *_walk(self.folders)}):
            digest.update(os.path.relpath(file, ROOT).encode() + b"\0")
            # The x bit is part of what gets deployed.
            digest.update(b"x" if os.access(file, os.X_OK) else b"-")
            digest.update(hashlib.sha256(file.read_bytes()).digest())
        for version in _tool_versions(rust=self.uses_rust):
            digest.update(version.encode() + b"\0")
        return digest.hexdigest()[:16]


def of_lab(lab: LabFolder) -> Inputs:
    """The lab's folder, what its template points at, and for Rust the crates behind it."""
    code = code_folders(lab.template)
    folders = {lab.path, *(path for path in code if path.is_dir())}
    files = {path for path in code if path.is_file()}
    # A layer's crate may lie in the lab's folder, for its Makefile to build.
    beside = {path for path in lab.path.iterdir() if path.is_dir()}
    crates = {path for path in folders | beside if (path / "Cargo.toml").is_file()} | _crates_in_makefiles(folders)
    if crates:
        files |= {ROOT / name for name in _WORKSPACE_FILES if (ROOT / name).is_file()}
    return Inputs(frozenset(folders | _with_path_dependencies(crates)), frozenset(files), uses_rust=bool(crates))


def _walk(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        for place, names, files in os.walk(folder):
            names[:] = [name for name in names if name not in _IGNORED_FOLDERS]
            for file in files:
                path = Path(place, file)
                if path.suffix not in _IGNORED_SUFFIXES and path.is_file():
                    yield path


def _crates_in_makefiles(folders: Iterable[Path]) -> set[Path]:
    """Crates of this checkout that a Makefile names by their path: sam's makefile method may build anything."""
    makefiles = [folder / "Makefile" for folder in folders if (folder / "Makefile").is_file()]
    names = {name for file in makefiles for name in _CRATE_IN_MAKEFILE.findall(file.read_text())}
    return {_SHARED_RUST / name for name in names if (_SHARED_RUST / name / "Cargo.toml").is_file()}


def _with_path_dependencies(crates: Iterable[Path]) -> set[Path]:
    """The crates and, all the way down, those of this checkout that they depend on."""
    workspace = _read_toml(ROOT / "Cargo.toml").get("workspace", {}).get("dependencies", {})
    found: set[Path] = set()
    pending = [path.resolve() for path in crates]
    while pending:
        crate = pending.pop()
        if crate in found:
            continue
        found.add(crate)
        manifest = _read_toml(crate / "Cargo.toml")
        for section in ("dependencies", "build-dependencies"):
            for name, wanted in manifest.get(section, {}).items():
                base = ROOT if isinstance(wanted, dict) and wanted.get("workspace") else crate
                entry = workspace.get(name) if base == ROOT else wanted
                if isinstance(entry, dict) and "path" in entry:
                    pending.append((base / entry["path"]).resolve())
    return found


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text())
    except FileNotFoundError:
        return {}
    except tomllib.TOMLDecodeError as error:
        raise LabError(f"{file} cannot be read: {error}") from error


def _tool_versions(*, rust: bool) -> list[str]:
    versions = [f"{name} {metadata.version(name)}" for name in _PYTHON_TOOLS]
    compiler = shutil.which("rustc")
    if rust and compiler:
        answer = subprocess.run([compiler, "-V"], cwd=ROOT, capture_output=True, text=True, check=False)
        versions.append(answer.stdout)
    return versions

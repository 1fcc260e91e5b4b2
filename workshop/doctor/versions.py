"""Asking programs for their version, and the project's files for the versions it wants."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).resolve().parents[2]
_TIME_LIMIT_S = 30.0


class Version(NamedTuple):
    """Compares like a tuple; a part that a program does not tell counts as 0."""

    major: int
    minor: int = 0
    patch: int = 0

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def parse(text: str) -> Version | None:
    """The first version number in `text`, as `1.2`, `1.2.3` or, failing these, a bare `17`; None if there is none."""
    match = re.search(r"(\d+)\.(\d+)(?:\.(\d+))?", text) or re.search(r"\b(\d+)\b()()", text)
    return Version(*(int(part or 0) for part in match.groups())) if match else None


def ask(command: Sequence[str]) -> Version | None:
    """The version that a program prints; None if it is missing, fails, hangs or prints none."""
    program = shutil.which(command[0])
    if program is None:
        return None
    try:
        result = subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,  # java -version answers there
            timeout=_TIME_LIMIT_S,
            check=True,
        )
    except (OSError, subprocess.SubprocessError):
        return None
    return parse(result.stdout.decode(errors="replace"))


def rust_needed(root: Path = ROOT) -> Version:
    """The workspace's `rust-version`. Raises ValueError if Cargo.toml has none."""
    text = _toml(root / "Cargo.toml")["workspace"]["package"]["rust-version"]
    version = parse(text)
    if version is None:
        raise ValueError(f"Cargo.toml: rust-version '{text}' is no version")
    return version


def pinned(package: str, root: Path = ROOT) -> Version:
    """The version that pyproject.toml pins a package to. Raises ValueError if it pins none."""
    for requirement in _toml(root / "pyproject.toml")["project"]["dependencies"]:
        name, separator, version = requirement.partition("==")
        if name == package and separator and (found := parse(version)):
            return found
    raise ValueError(f"pyproject.toml does not pin {package}")


def _toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)

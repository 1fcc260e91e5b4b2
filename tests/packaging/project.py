"""The project's packaging files, read for comparison."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Pin:
    """One package at one version, with the hashes of all its files."""

    name: str
    version: str
    hashes: frozenset[str]


def pins_of_lock(path: Path) -> set[Pin]:
    """What `poetry.lock` holds, the packages of all groups."""
    return {
        Pin(package["name"], package["version"], frozenset(file["hash"] for file in package["files"]))
        for package in toml(path)["package"]
        if not package["optional"]
    }


def pins_of_requirements(path: Path) -> set[Pin]:
    """What a requirements file with hashes holds; its continuation lines belong to the line they continue."""
    logical = path.read_text().replace("\\\n", " ").splitlines()
    return {_pin(line) for line in logical if line.strip() and not line.startswith("#")}


def _pin(line: str) -> Pin:
    match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)", line)
    assert match, f"not pinned: {line[:100]}"
    return Pin(match[1], match[2], frozenset(re.findall(r"--hash=(sha256:[0-9a-f]{64})", line)))


def declared() -> dict[str, str]:
    """Package name → version specifier, of every dependency in pyproject.toml."""
    project = toml(ROOT / "pyproject.toml")
    found = {}
    for requirement in project["project"]["dependencies"]:
        match = re.match(r"([A-Za-z0-9._-]+)(?:\[[^]]*\])?(.*)", requirement)
        assert match, requirement
        found[match[1]] = match[2]
    for name, value in project["tool"]["poetry"]["group"]["dev"]["dependencies"].items():
        found[name] = value["version"] if isinstance(value, dict) else value
    return {name.lower().replace("_", "-").replace(".", "-"): specifier for name, specifier in found.items()}


def tasks() -> dict[str, Any]:
    """The poe tasks of pyproject.toml."""
    found: dict[str, Any] = toml(ROOT / "pyproject.toml")["tool"]["poe"]["tasks"]
    return found


def toml(path: Path) -> dict[str, Any]:
    with path.open("rb") as file:
        return tomllib.load(file)

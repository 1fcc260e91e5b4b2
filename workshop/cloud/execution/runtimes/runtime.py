"""What a runtime is to the local cloud: a command, and what is mounted for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Mount:
    """A directory of this machine, read-only in the sandbox."""

    source: Path
    target: str


@dataclass(frozen=True)
class Runtime:
    """How to run a function: command line, mounts and environment variables beyond Lambda's own."""

    command: list[str]
    mounts: list[Mount] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)

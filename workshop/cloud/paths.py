"""Where a checkout keeps its state. Everything private lives under `.workshop/` (mode 0700)."""

from __future__ import annotations

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def state_directory() -> Path:
    """`.workshop/` of this checkout, or what `WORKSHOP_STATE` names: a second local cloud beside the first."""
    return Path(os.environ.get("WORKSHOP_STATE") or ROOT / ".workshop").absolute()


def private_directory(*parts: str) -> Path:
    """`.workshop/<parts>`, made if missing, readable by its owner only."""
    base = state_directory()
    base.mkdir(mode=0o700, parents=True, exist_ok=True)
    directory = base.joinpath(*parts)
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    return directory


def state_file() -> Path:
    """The running server's address and keys."""
    return private_directory("cloud") / "server.json"


def log_file() -> Path:
    """What the server process prints."""
    return private_directory("logs") / "cloud.log"


def lock_file() -> Path:
    """Held while the server is being started or stopped."""
    return private_directory("cloud") / "control.lock"

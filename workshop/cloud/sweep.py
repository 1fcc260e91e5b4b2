"""Leftovers of a cloud that was killed: found, ended, and shown to be gone."""

from __future__ import annotations

import hashlib
import os
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from workshop.cloud.paths import state_directory

_CGROUPS = Path("/sys/fs/cgroup")


def cgroup_parent() -> str:
    """The name under which this cloud's environments live in the cgroup tree; two clouds never meet."""
    return f"workshop-{hashlib.sha256(str(state_directory()).encode()).hexdigest()[:12]}"


@dataclass(frozen=True)
class Leftovers:
    """What of ours is on this machine."""

    processes: list[int]
    cgroups: list[Path]
    mounts: list[str]

    def __bool__(self) -> bool:
        return bool(self.processes or self.cgroups or self.mounts)

    def __str__(self) -> str:
        parts = [
            f"{len(self.processes)} processes {self.processes}" if self.processes else "",
            f"{len(self.cgroups)} cgroups" if self.cgroups else "",
            f"{len(self.mounts)} mounts" if self.mounts else "",
        ]
        return ", ".join(part for part in parts if part) or "nothing"


def find(parent: str) -> Leftovers:
    """Processes, cgroups and mounts of this checkout's execution environments."""
    groups = _our_cgroups(parent)
    processes = sorted({pid for group in groups for pid in _members(group)})
    return Leftovers(processes, groups, _our_mounts())


def remove_leftovers(parent: str, patience_s: float = 5.0) -> Leftovers:
    """Kill what lives in our cgroups and remove them; answers what could not be removed."""
    end = time.monotonic() + patience_s
    while True:
        left = find(parent)
        if not left or time.monotonic() > end:
            return left
        for group in left.cgroups:
            _thaw(group)
        for pid in left.processes:
            _kill(pid)
        # Deepest first: a cgroup with children cannot be removed.
        for group in sorted(left.cgroups, key=lambda path: -len(path.parts)):
            try:
                group.rmdir()
            except OSError:
                time.sleep(0.01)


def _our_cgroups(parent: str) -> list[Path]:
    """Our directories in the v2 tree, or in each controller's tree of v1."""
    roots = [_CGROUPS] if (_CGROUPS / "cgroup.controllers").exists() else _controllers()
    found = []
    for root in roots:
        ours = root / parent
        if ours.is_dir():
            # Environments end meanwhile, and their cgroups with them: `os.walk` passes over those, `rglob` raises.
            found += [Path(directory) for directory, _, _ in os.walk(ours)]
    return found


def _controllers() -> list[Path]:
    return [path for path in _CGROUPS.iterdir() if path.is_dir()] if _CGROUPS.is_dir() else []


def _members(group: Path) -> list[int]:
    try:
        return [int(pid) for pid in (group / "cgroup.procs").read_text().split()]
    except OSError:
        return []


def _thaw(group: Path) -> None:
    for name, value in (("freezer.state", "THAWED"), ("cgroup.freeze", "0")):
        file = group / name
        if file.exists():
            try:
                file.write_text(value)
            except OSError:
                continue


def _kill(pid: int) -> None:
    try:
        os.kill(pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def _our_mounts() -> list[str]:
    """Mounts of ours in this namespace; there should never be one: environments mount in their own."""
    state = str(state_directory())
    lines = Path("/proc/self/mounts").read_text().splitlines()
    return [target for target in (line.split()[1] for line in lines) if target.startswith(state)]

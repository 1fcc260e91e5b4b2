"""Resident memory of an environment's own processes, the function's left out."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_PROC = Path("/proc")


def own_processes(supervisor: int, program: Path, proc: Path = _PROC) -> list[int]:
    """The supervisor and those of its descendants that run the same program."""
    same = (proc / str(supervisor) / "exe").readlink()
    return [pid for pid in _tree(supervisor, proc) if _exe(pid, proc) in (same, program)]


def resident_kib(pids: list[int], proc: Path = _PROC) -> tuple[int, int]:
    """(RSS, PSS) of these processes together. RSS counts a shared page once a process, PSS once in all."""
    rss = pss = 0
    for pid in pids:
        for line in (proc / str(pid) / "smaps_rollup").read_text().splitlines():
            name, _, value = line.partition(":")
            if name in ("Rss", "Pss"):
                kib = int(value.split()[0])
                rss, pss = (rss + kib, pss) if name == "Rss" else (rss, pss + kib)
    return rss, pss


def _tree(root: int, proc: Path) -> Iterator[int]:
    yield root
    for task in (proc / str(root) / "task").iterdir():
        for child in (task / "children").read_text().split():
            yield from _tree(int(child), proc)


def _exe(pid: int, proc: Path) -> Path | None:
    try:
        return (proc / str(pid) / "exe").readlink()
    except OSError:  # ended meanwhile
        return None

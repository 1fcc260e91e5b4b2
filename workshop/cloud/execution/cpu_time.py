"""The CPU time of one execution environment while it runs, from its cgroup."""

from __future__ import annotations

from pathlib import Path

_CGROUPS = Path("/sys/fs/cgroup")


class CpuTimeReader:
    """Reads the cgroup of whatever lives below one process. Its place is looked for at the first reading."""

    def __init__(self, pid: int, cgroup_parent: str | None) -> None:
        """Without a `cgroup_parent` nothing can be told."""
        self._pid = pid
        self._cgroup_parent = cgroup_parent
        self._file: Path | None = None

    def __call__(self) -> float | None:
        """Seconds of CPU time; None where that cannot be told."""
        self._file = self._file or self._find()
        try:
            text = self._file.read_text() if self._file else ""
        except OSError:
            return None
        return seconds(text) if text else None

    def _find(self) -> Path | None:
        for pid in _descendants(self._pid) if self._cgroup_parent else []:
            found = usage_file(_read(Path(f"/proc/{pid}/cgroup")), self._cgroup_parent or "", _CGROUPS)
            if found:
                return found
        return None


def usage_file(memberships: str, parent: str, root: Path) -> Path | None:
    """The file that tells the CPU time of the cgroup below `parent`, from the text of `/proc/PID/cgroup`."""
    for line in memberships.splitlines():
        _, controllers, path = line.split(":", 2)
        if not path.startswith(f"/{parent}/"):
            continue
        if "cpuacct" in controllers.split(","):
            return root / "cpuacct" / path[1:] / "cpuacct.usage"
        if not controllers and (root / "cgroup.controllers").exists():
            return root / path[1:] / "cpu.stat"
    return None


def seconds(text: str) -> float:
    """From v1's `cpuacct.usage` (nanoseconds) or v2's `cpu.stat` (`usage_usec` microseconds)."""
    words = text.split()
    if len(words) == 1:
        return int(words[0]) / 1e9
    return int(words[words.index("usage_usec") + 1]) / 1e6


def _descendants(pid: int) -> list[int]:
    found = [pid]
    for each in found:  # the list grows while it is walked
        for task in Path(f"/proc/{each}/task").glob("*/children"):
            found += map(int, _read(task).split())
    return found[1:]


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:
        return ""

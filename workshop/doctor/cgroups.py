"""Whether CPU share and memory limit can be set: by making a real cgroup and writing a real quota."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass
from pathlib import Path

from workshop.doctor.finding import Finding, Remedy, Status

_WHY = "CPU share and memory limit of a function; without, durations are those of a full core, and labelled so"
_REMEDY = Remedy(
    "run as root; in a container also: --cap-add=SYS_ADMIN --cgroupns=private, then '.devcontainer/start.sh'",
    container="rebuild the container with the runArgs of .devcontainer/devcontainer.json",
)


@dataclass(frozen=True)
class Hierarchy:
    """A mounted cgroup tree."""

    version: int
    mount: Path
    controllers: frozenset[str]


def cgroups(mountinfo: Path = Path("/proc/self/mountinfo")) -> Finding:
    """CPU and memory controllers of v2 or v1, tried by making a child cgroup."""
    try:
        trees = hierarchies(mountinfo.read_text())
    except OSError:
        trees = []
    refusals = []
    for version in (2, 1):
        places = {name: tree for tree in trees if tree.version == version for name in tree.controllers}
        if not {"cpu", "memory"} <= places.keys():
            continue
        refusal = _try(version, places["cpu"].mount, places["memory"].mount)
        if refusal is None:
            return Finding("cgroups", Status.OK, f"v{version}, cpu and memory writable", "v2 or v1", _WHY)
        refusals.append(f"v{version}: {refusal}")
    found = "; ".join(refusals) or "no cpu and memory controllers"
    return Finding("cgroups", Status.LIMITED, found, "v2 or v1", _WHY, _REMEDY.here())


def hierarchies(mountinfo: str) -> list[Hierarchy]:
    """The cgroup trees in the text of /proc/self/mountinfo (proc(5)): fields, ' - ', type, source, super options."""
    trees = []
    for line in mountinfo.splitlines():
        fields, _, rest = line.partition(" - ")
        kind, _, options = rest.split(" ", 2) if rest.count(" ") >= 2 else ("", "", "")
        if kind not in {"cgroup", "cgroup2"}:
            continue
        mount = Path(fields.split(" ")[4].replace("\\040", " "))
        if kind == "cgroup2":
            listed: list[str] = []
            with contextlib.suppress(OSError):
                listed = (mount / "cgroup.controllers").read_text().split()
            trees.append(Hierarchy(2, mount, frozenset(listed)))
        else:
            trees.append(Hierarchy(1, mount, frozenset(options.split(","))))
    return trees


def _try(version: int, cpu: Path, memory: Path) -> str | None:
    """Make a cgroup, limit it, remove it. None if that worked, else the reason."""
    name = f"workshop-doctor-{os.getpid()}"
    children = list(dict.fromkeys((cpu / name, memory / name)))
    try:
        for child in children:
            child.mkdir()
        if version == 1:
            (cpu / name / "cpu.cfs_quota_us").write_text("10000")
            (memory / name / "memory.limit_in_bytes").write_text(str(128 << 20))
        else:
            # A child has the files once its parent hands the controllers down. In a container that may first
            # need the parent emptied of processes, which the local cloud does itself: only the right to is tried.
            os.close(os.open(cpu / "cgroup.subtree_control", os.O_WRONLY))
    except OSError as error:
        return f"{error.strerror} ({error.filename})"
    finally:
        for child in children:
            with contextlib.suppress(OSError):
                child.rmdir()
    return None

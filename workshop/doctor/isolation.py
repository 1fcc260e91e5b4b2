"""Whether execution environments can be isolated here: as root, or in a user namespace."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from workshop.doctor.finding import Finding, Remedy, Status

_PROGRAM = Path(__file__).with_name("namespaces.py")
_REMEDY = Remedy(
    "in a container: start it with --cap-add=SYS_ADMIN --cap-add=NET_ADMIN --security-opt=apparmor=unconfined; "
    "as a user: sudo sysctl kernel.unprivileged_userns_clone=1 kernel.apparmor_restrict_unprivileged_userns=0",
    container="rebuild the container with the runArgs of .devcontainer/devcontainer.json",
)


def namespaces() -> Finding:
    """Makes real namespaces in a process of its own and tells how far that went."""
    refusals = []
    for kind in ("root", "user") if os.geteuid() == 0 else ("user",):
        refusal = _try(kind)
        if refusal is None:
            return Finding("namespaces", Status.OK, f"as {kind}", "as root or user", _WHY)
        refusals.append(f"as {kind}: {refusal}")
    return Finding("namespaces", Status.MISSING, "; ".join(refusals), "as root or user", _WHY, _REMEDY.here())


_WHY = "each execution environment has its own files, processes and loopback"


def _try(kind: str) -> str | None:
    """None if it worked, else the reason."""
    command = [sys.executable, "-I", str(_PROGRAM), kind]
    try:
        result = subprocess.run(command, capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    if result.returncode == 0:
        return None
    return (result.stderr.strip().splitlines() or [f"exit code {result.returncode}"])[-1]

"""A sandbox made ahead, so that a cold start does not wait for what AWS has long done by then.

Joining a v1 cgroup alone waits some 15 ms for the kernel.
"""

from __future__ import annotations

import threading
from pathlib import Path

from workshop.cloud.execution.supervisor import Supervisor


class Spare:
    """Keeps one started process at hand."""

    def __init__(self, binary: Path, cgroup_parent: str) -> None:
        self._binary = binary
        self._cgroup_parent = cgroup_parent
        self._lock = threading.Lock()
        self._ready: Supervisor | None = None
        self._closed = False

    def take(self) -> Supervisor:
        """The spare process, or a new one if there is none."""
        with self._lock:
            ready, self._ready = self._ready, None
        if ready and ready.is_running:
            return ready
        return Supervisor(self._binary, self._cgroup_parent)

    def refill(self) -> None:
        """Start the next spare, if there is none. Called after an invocation, never beside a measured INIT."""
        if self._ready is None:
            threading.Thread(target=self._start, name="spare-environment", daemon=True).start()

    def _start(self) -> None:
        with self._lock:
            if self._ready is None and not self._closed:
                self._ready = Supervisor(self._binary, self._cgroup_parent)

    def close(self) -> None:
        """End the spare process; no other is started."""
        with self._lock:
            self._closed = True
            ready, self._ready = self._ready, None
        if ready:
            ready.kill()

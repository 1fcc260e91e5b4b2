"""Which execution environments are alive, which of them are warm for whom, and when they end."""

from __future__ import annotations

import threading
import time
from collections import defaultdict
from collections.abc import Callable

from workshop.cloud.execution.environment import ExecutionEnvironment

Key = tuple[str, str, str, str]

IDLE_LIMIT_S = 300.0
_REAP_EVERY_S = 5.0


class Pool:
    """Idle environments by function and version; an environment in use belongs to its invocation alone."""

    def __init__(self, is_current: Callable[[Key, str], bool], idle_limit_s: float = IDLE_LIMIT_S) -> None:
        """`is_current` tells whether a function still has that revision; environments of others are ended."""
        self._is_current = is_current
        self._idle_limit_s = idle_limit_s
        self._lock = threading.Lock()
        self._idle: dict[Key, list[ExecutionEnvironment]] = defaultdict(list)
        self._busy: set[ExecutionEnvironment] = set()
        self._closed = False
        threading.Thread(target=self._reap_forever, name="environment-reaper", daemon=True).start()

    def take(self, key: Key, revision: str) -> ExecutionEnvironment | None:
        """A warm environment of that very configuration, or None. Those of an earlier configuration end."""
        with self._lock:
            idle = self._idle.pop(key, [])
            stale = [environment for environment in idle if environment.revision != revision]
            warm = [environment for environment in idle if environment.revision == revision]
            taken = warm.pop() if warm else None
            if warm:
                self._idle[key] = warm
            if taken:
                self._busy.add(taken)
        _end(stale)
        return taken

    def has_warm(self, key: Key, revision: str) -> bool:
        """Whether `take` would find one."""
        with self._lock:
            return any(environment.revision == revision for environment in self._idle.get(key, ()))

    def adopt(self, environment: ExecutionEnvironment) -> None:
        """Take a new environment, in use, under the pool's care."""
        with self._lock:
            if not self._closed:
                self._busy.add(environment)
                return
        environment.kill()

    def give_back(self, key: Key, environment: ExecutionEnvironment) -> None:
        """After an invocation: keep it warm if it can serve another."""
        current = self._is_current(key, environment.revision)
        with self._lock:
            self._busy.discard(environment)
            usable = environment.is_usable and not self._closed
            keep = usable and current
            if keep:
                self._idle[key].append(environment)
        if not usable:
            environment.kill()
        elif not keep:
            _end([environment])

    def counts(self) -> tuple[int, int]:
        """Environments (idle, in use)."""
        with self._lock:
            return sum(map(len, self._idle.values())), len(self._busy)

    def clear(self) -> None:
        """End every idle environment."""
        with self._lock:
            idle = [environment for group in self._idle.values() for environment in group]
            self._idle.clear()
        _end(idle, wait=True)

    def close(self) -> None:
        """End every environment, those in use too; nothing is kept from here on."""
        with self._lock:
            self._closed = True
            busy = list(self._busy)
        for environment in busy:
            environment.kill()
        self.clear()

    def _reap_forever(self) -> None:
        while not self._closed:
            time.sleep(_REAP_EVERY_S)
            self.reap()

    def reap(self) -> None:
        """End environments that were idle for too long, have died, or whose function is gone or has changed."""
        limit = time.monotonic() - self._idle_limit_s
        ended: list[ExecutionEnvironment] = []
        with self._lock:
            for key in list(self._idle):
                keep: list[ExecutionEnvironment] = []
                for environment in self._idle[key]:
                    stays = environment.is_usable and environment.last_used >= limit
                    stays = stays and self._is_current(key, environment.revision)
                    (keep if stays else ended).append(environment)
                if keep:
                    self._idle[key] = keep
                else:
                    del self._idle[key]
        _end(ended)


def _end(environments: list[ExecutionEnvironment], *, wait: bool = False) -> None:
    """Shut environments down side by side, because each may take its 2 s."""
    threads = [threading.Thread(target=environment.shutdown, daemon=True) for environment in environments]
    for thread in threads:
        thread.start()
    if wait:
        for thread in threads:
            thread.join()

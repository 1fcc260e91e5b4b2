"""Who may be at work at the same time, so that invocations do not spoil each other's figures.

An invocation is admitted when the CPU shares at work, its own included, fit the cores. Those that wait do so in order
of arrival, and before their event is handed out: waiting is in no Duration. One that is admitted but waits itself (for
a function that it has called, for a timer) lends its share, so a chain of calls never blocks itself.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Claimed = TypeVar("Claimed")
CpuTime = Callable[[], float | None]

# INIT has a whole core whatever the memory size.
INIT_SHARE = 1.0
_MB_PER_VCPU = 1769
_MOST_VCPUS = 6.0

# Three periods of the CPU quota: whoever has work uses some CPU in each of them.
_WINDOW_S = 0.06
_LOOK_EVERY_S = 0.02
# Below this part of a core somebody waits; the smallest function at work has 7 % of one.
_WAITING_BELOW = 0.02
# Where CPU time cannot be read, an invocation lends its share after this time, whatever it does.
_BLIND_LIMIT_S = 2.0


def share_of(memory_mb: int) -> float:
    """The vCPUs that an invocation of this memory size has."""
    return min(memory_mb / _MB_PER_VCPU, _MOST_VCPUS)


class Ticket:
    """One admitted invocation: the share that it holds, and whether it lends it at the moment."""

    def __init__(self, share: float, now: float) -> None:
        self.share = share
        self.lends = False
        self.waited_s = 0.0
        self.cpu_time: CpuTime | None = None
        """Tells the CPU time in seconds. None until the environment is there: making one counts as work."""
        self._admitted = now
        self._mark: tuple[float, float] | None = None

    def look(self, now: float) -> None:
        """Find out whether it waits: no CPU used over a window that has just passed."""
        if self.cpu_time is None:
            return
        used = self.cpu_time()
        if used is None:
            self.lends = now - self._admitted > _BLIND_LIMIT_S
            return
        since, used_then = self._mark or (-1.0, 0.0)
        if now - since > 3 * _WINDOW_S:  # nobody has looked for a while: that says nothing about this moment
            self.lends, self._mark = False, (now, used)
        elif now - since >= _WINDOW_S:
            self.lends, self._mark = used - used_then < _WAITING_BELOW * (now - since), (now, used)


class Admission:
    """Admits invocations in order of arrival, as many as the cores can serve."""

    def __init__(self, cores: float, clock: Callable[[], float] = time.monotonic) -> None:
        """With `cores` infinite nobody ever waits."""
        self._cores = cores
        self._clock = clock
        self._lock = threading.Lock()
        self._admitted: set[Ticket] = set()
        self._queue: deque[threading.Condition] = deque()

    @contextmanager
    def enter(self, weigh: Callable[[], float], claim: Callable[[], Claimed]) -> Iterator[tuple[Ticket, Claimed]]:
        """Wait for a turn, hold a share within the `with` block, and give it back.

        `weigh` tells the share that it needs at this moment. `claim` takes what that share was reckoned with (a warm
        environment) in the same step, so that nobody else can. Both must be quick and must not come back here.
        """
        arrived = self._clock()
        ticket, claimed = self._admit(weigh, claim)
        ticket.waited_s = self._clock() - arrived
        try:
            yield ticket, claimed
        finally:
            with self._lock:
                self._admitted.discard(ticket)
                self._call_first()

    def shrink(self, ticket: Ticket, share: float) -> None:
        """From here on the ticket holds no more than `share`."""
        with self._lock:
            ticket.share = min(ticket.share, share)
            self._call_first()

    def counts(self) -> tuple[int, int]:
        """Invocations (admitted, waiting)."""
        with self._lock:
            return len(self._admitted), len(self._queue)

    def _admit(self, weigh: Callable[[], float], claim: Callable[[], Claimed]) -> tuple[Ticket, Claimed]:
        with self._lock:
            if self._queue or not self._fits(share := weigh()):
                share = self._wait_for_turn(weigh)
            claimed = claim()
            ticket = Ticket(share, self._clock())
            self._admitted.add(ticket)
            return ticket, claimed

    def _wait_for_turn(self, weigh: Callable[[], float]) -> float:
        """The share that fits, when it is its turn."""
        turn = threading.Condition(self._lock)
        self._queue.append(turn)
        try:
            while self._queue[0] is not turn:
                turn.wait()
            while not self._fits(share := weigh()):
                turn.wait(_LOOK_EVERY_S)
                self._look()
            return share
        finally:
            self._queue.remove(turn)
            self._call_first()  # who looks when the lock is given up, with this share taken

    def _fits(self, share: float) -> bool:
        """Beside those at work, or alone whatever its size."""
        at_work = [ticket.share for ticket in self._admitted if not ticket.lends]
        return not at_work or sum(at_work) + share <= self._cores

    def _look(self) -> None:
        now = self._clock()
        for ticket in self._admitted:
            ticket.look(now)

    def _call_first(self) -> None:
        if self._queue:
            self._queue[0].notify()

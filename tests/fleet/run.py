"""One run over the fleet, and what came of it."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import dataclass
from typing import Self

from tests.fleet import log as logs
from tests.fleet import tables, trouble
from tests.fleet.log import Invocation, Log
from tests.fleet.tables import Sums
from tests.fleet.traffic import Answered, Traffic
from tests.fleet.trouble import Retirement
from workshop.labs.lab import Lab

_PATIENCE_S = 600
# A SHUTDOWN phase, and calls that are carried out after their client has gone.
_QUIET_S = 2 * trouble.LATE_S
_NOBODY = ""


class Run:
    """Begins when it is entered. Only what its own users do is looked at, and what is done without a user."""

    def __init__(self, lab: Lab, seed: int) -> None:
        self.lab = lab
        self.retirement = Retirement(lab, seed)
        self._seed = seed

    def __enter__(self) -> Self:
        try:
            self._end_all()
            self._wait_for_the_queue()
        except BaseException:
            self.retirement.put_back()
            raise
        self._before = tables.counters(self.lab)
        self._dead_before = tables.messages(self.lab, "DeadLetterQueue")
        self._since = logs.now_ms()
        self._started = time.monotonic()
        return self

    def __exit__(self, *_: object) -> None:
        self.retirement.put_back()

    def traffic(self, users: int) -> Traffic:
        """Requests by new users."""
        return Traffic(self.lab, users=users, seed=self._seed)

    def log(self, since_ms: int, count: int, function: str | None = None) -> Log:
        """The log since then, once so many requests (of a function) are in it: it is written a little later."""
        end = time.monotonic() + _PATIENCE_S
        while True:
            log = logs.read(self.lab, since_ms, function)
            if len(log.invocations) >= count or time.monotonic() > end:
                return log
            time.sleep(0.2)

    def settle(self, traffic: Traffic) -> Outcome:
        """Ends all environments and waits until the consumer has nothing left to do."""
        sending_s, last_ms = time.monotonic() - self._started, logs.now_ms()
        self._end_all()
        self._wait_for_the_queue()
        log = self.log(self._since, len(traffic.answered))
        log.invocations = [one for one in log.invocations if one.time_ms <= last_ms]
        marked = tables.markers(self.lab)
        now = tables.counters(self.lab)
        users = {_NOBODY, *traffic.users}
        changed = now.sums - self._before.sums
        return Outcome(
            answered=traffic.answered,
            log=log,
            missing=[one for one in log.invocations if one.event_id not in marked],
            counted=Counter({key: value for key, value in changed.items() if key.user in users}),
            days={day for user in traffic.users for day in now.days.get(user, ())},
            days_expected={day.isoformat() for day in traffic.days},
            dead_letters=tables.messages(self.lab, "DeadLetterQueue") - self._dead_before,
            touches=self.retirement.touches,
            sending_s=sending_s,
            settling_s=time.monotonic() - self._started - sending_s,
        )

    def _end_all(self) -> None:
        self.retirement.all()
        time.sleep(_QUIET_S)

    def _wait_for_the_queue(self) -> None:
        """Until it is empty. A message whose consumer has failed comes back after minutes."""
        end = time.monotonic() + _PATIENCE_S
        while (left := tables.messages(self.lab, "AnalyticsQueue")) and time.monotonic() < end:
            time.sleep(1)
        assert left == 0, f"{left} messages are still in the queue"


@dataclass(frozen=True)
class Outcome:
    """What was answered beside what was counted."""

    answered: list[Answered]
    log: Log
    missing: list[Invocation]
    """Answered, and not counted."""
    counted: Sums
    days: set[str]
    days_expected: set[str]
    dead_letters: int
    touches: int
    sending_s: float
    settling_s: float

    @property
    def expected(self) -> Sums:
        """The counters, had nothing been lost."""
        return +tables.sums_of(self.answered)

    @property
    def lost(self) -> Sums:
        """What the missing events would have added. For one user, whose answers differ by route only."""
        by_line = {one.route.logged: one for one in self.answered}
        return +tables.sums_of(by_line[one.route, one.status] for one in self.missing)

    def check_nobody_else(self) -> None:
        """A line of the log does not tell whose request it is about: AssertionError if it may not have been ours."""
        in_log = Counter((one.route, one.status) for one in self.log.invocations)
        assert in_log == Counter(one.route.logged for one in self.answered), "somebody else has used the fleet"

    def answered_by(self, environment: str) -> int:
        """How many requests an environment has answered."""
        return sum(one.environment == environment for one in self.log.invocations)

    def sent_by(self, environment: str) -> int:
        """How many events of an environment the consumer was given, each batch once."""
        return sum(events for (sender, _), events in self.log.events.items() if sender == environment)

    def check(self) -> None:
        """What holds of every run: AssertionError."""
        assert self.days <= self.days_expected
        assert self.dead_letters == 0
        assert self.log.dropped == 0
        assert not self.log.unsent

    def report(self, hits: dict[str, int]) -> str:
        """The figures; of what is missing, whose it was."""
        batches = self.log.batches
        lost = Counter((one.function, one.environment) for one in self.missing)
        lines = [
            f"{len(self.answered)} requests answered in {self.sending_s:.0f} s, settled {self.settling_s:.0f} s later",
            f"{len(self.log.environments)} environments, {self.touches} touches of a configuration",
            f"{sum(hits.values())} calls of the queue failed: {hits}; extensions said so {self.log.warnings} times",
            f"{len(batches)} batches, {batches.total() - len(batches)} of them given to the consumer again",
            f"{len(self.missing)} events lost" + "".join(
                f"; {count} of the {self.answered_by(environment)} of {function}'s environment {environment},"
                f" which had sent {self.sent_by(environment)}"
                for (function, environment), count in lost.items()
            ),
        ]  # fmt: skip
        return "\n".join(lines)

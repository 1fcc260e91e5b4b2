"""Every request that the fleet answered is counted once, though the queue fails and environments come and go.

`FLEET_REQUESTS=10000` for the full run; `-s` shows the figures.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from tests.fleet import log as logs
from tests.fleet.run import Outcome, Run
from tests.fleet.traffic import Traffic
from tests.fleet.trouble import failing_queue, kill
from workshop.labs.lab import Lab

REQUESTS = int(os.environ.get("FLEET_REQUESTS", "300"))
SHARE = 0.2
# A hundred times in the full run, and in a short one still often
RETIRED_EVERY = max(25, REQUESTS // 100)
KILLED = "objects"
# Fewer than a batch has, so that all of them are in the killed environment's memory.
BEFORE_THE_KILL = 20
# More: each is an event and a report, and 250 of these are a batch. So one was sent, and the rest is in memory.
WITH_A_BATCH = 400

pytestmark = [pytest.mark.cloud, pytest.mark.slow, pytest.mark.timeout(1_200 + REQUESTS // 5)]


@pytest.fixture
def run(fleet: Lab) -> Iterator[Run]:
    with Run(fleet, seed=6) as begun:
        yield begun


def settled(run: Run, traffic: Traffic, meanwhile: Callable[[int], None]) -> tuple[Outcome, dict[str, int]]:
    """What came of all requests while the queue failed now and then, and how often each fault was met."""
    with failing_queue(run.lab, SHARE) as faults:
        traffic.send(REQUESTS, meanwhile)
        outcome = run.settle(traffic)
        hits = {name: fault.hits for name, fault in faults.items()}
    print(outcome.report(hits))
    outcome.check_nobody_else()
    return outcome, hits


def test_every_answered_request_is_counted_once(run: Run) -> None:
    traffic = run.traffic(users=3)

    def meanwhile(number: int) -> None:
        if number % RETIRED_EVERY == RETIRED_EVERY - 1:
            run.retirement.one()

    outcome, hits = settled(run, traffic, meanwhile)
    assert traffic.unanswered == []
    assert sum(hits.values()) > 0
    assert outcome.missing == [], outcome.report(hits)
    assert outcome.counted == outcome.expected
    outcome.check()


def test_only_what_killed_environments_held_is_lost_and_it_is_named(run: Run) -> None:
    # One user and one answer a route: a line of the log then tells what its event would have added.
    traffic = run.traffic(users=1)
    kills = {REQUESTS // 3: BEFORE_THE_KILL, REQUESTS * 2 // 3: WITH_A_BATCH}
    victims: list[str] = []

    def meanwhile(number: int) -> None:
        if number in kills:
            victims.append(kill_one(kills[number]))
        elif number % RETIRED_EVERY == RETIRED_EVERY - 1:
            run.retirement.one()

    def kill_one(requests: int) -> str:
        """An environment that has just begun, after some requests."""
        with run.retirement.pause:
            run.retirement.of(KILLED)
            since = logs.now_ms()
            traffic.send_in_turn(KILLED, requests)
            found = Counter(one.environment for one in run.log(since, requests, KILLED).invocations)
            (victim, _), *_ = found.most_common(1)
            kill(victim)
        return victim

    outcome, hits = settled(run, traffic, meanwhile)
    assert len(traffic.unanswered) <= len(victims), "those that they were working on"
    assert {one.environment for one in outcome.missing} == set(victims), outcome.report(hits)
    new, older = victims
    assert outcome.sent_by(new) == 0
    assert outcome.sent_by(older) > 0
    for victim in victims:
        lost = sum(one.environment == victim for one in outcome.missing)
        assert lost <= outcome.answered_by(victim) - outcome.sent_by(victim)
    assert outcome.counted + outcome.lost == outcome.expected
    outcome.check()


def test_what_cannot_be_sent_at_the_end_is_told_in_the_log(run: Run) -> None:
    traffic = run.traffic(users=1)
    run.retirement.of(KILLED)
    with failing_queue(run.lab, 1.0):
        traffic.send_in_turn(KILLED, BEFORE_THE_KILL)
        outcome = run.settle(traffic)
    outcome.check_nobody_else()
    told = outcome.log.unsent
    assert told.total() == BEFORE_THE_KILL
    assert told == Counter(one.environment for one in outcome.missing)
    assert outcome.counted + outcome.lost == outcome.expected

from __future__ import annotations

import time
from typing import cast

import pytest

from workshop.cloud.execution.environment import ExecutionEnvironment
from workshop.cloud.execution.pool import Pool

KEY = ("account", "region", "name", "$LATEST")


class Recorded:
    """An environment that only remembers how it ended."""

    def __init__(self, revision: str = "r1") -> None:
        self.revision = revision
        self.is_usable = True
        self.last_used = time.monotonic()
        self.ended = ""

    def shutdown(self) -> None:
        self.ended = self.ended or "shutdown"

    def kill(self) -> None:
        self.ended = self.ended or "killed"


def environment(revision: str = "r1") -> ExecutionEnvironment:
    return cast("ExecutionEnvironment", Recorded(revision))


def ended(taken: ExecutionEnvironment) -> str:
    end = time.monotonic() + 2
    while not cast("Recorded", taken).ended and time.monotonic() < end:
        time.sleep(0.005)
    return cast("Recorded", taken).ended


@pytest.fixture
def pool() -> Pool:
    return Pool(is_current=lambda *_: True)


def test_an_environment_is_reused_when_idle_and_never_when_busy(pool: Pool) -> None:
    one = environment()
    pool.adopt(one)
    assert pool.take(KEY, "r1") is None
    pool.give_back(KEY, one)
    assert pool.take(KEY, "r1") is one
    assert pool.take(KEY, "r1") is None


def test_another_configuration_ends_the_old_environments(pool: Pool) -> None:
    one = environment("r1")
    pool.give_back(KEY, one)
    assert pool.take(KEY, "r2") is None
    assert ended(one) == "shutdown"


def test_a_dead_environment_is_not_kept(pool: Pool) -> None:
    one = environment()
    cast("Recorded", one).is_usable = False
    pool.give_back(KEY, one)
    assert pool.counts() == (0, 0)
    assert ended(one) == "killed"


def test_idle_ones_end_after_their_limit() -> None:
    pool = Pool(is_current=lambda *_: True, idle_limit_s=0.0)
    one = environment()
    pool.give_back(KEY, one)
    time.sleep(0.01)
    pool.reap()
    assert ended(one) == "shutdown"


def test_those_of_a_deleted_function_end() -> None:
    pool = Pool(is_current=lambda *_: False)
    one = environment()
    pool.give_back(KEY, one)
    pool.reap()
    assert ended(one) == "shutdown"


def test_one_whose_function_changed_during_its_event_is_not_kept() -> None:
    pool = Pool(is_current=lambda _, revision: revision == "r2")
    old, new = environment("r1"), environment("r2")
    for one in (old, new):
        pool.adopt(one)
        pool.give_back(KEY, one)
    assert ended(old) == "shutdown"
    assert pool.counts() == (1, 0)
    assert (pool.has_warm(KEY, "r1"), pool.has_warm(KEY, "r2")) == (False, True)


def test_close_ends_all_and_takes_no_more(pool: Pool) -> None:
    idle, busy, late = environment(), environment(), environment()
    pool.give_back(KEY, idle)
    pool.adopt(busy)
    pool.close()
    pool.adopt(late)
    assert (ended(idle), ended(busy), ended(late)) == ("shutdown", "killed", "killed")

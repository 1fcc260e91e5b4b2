"""The rules of admission, with threads that stand for invocations."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.cloud.errors import CloudError
from workshop.cloud.execution import admission_setting
from workshop.cloud.execution.admission import Admission, Ticket, share_of

PATIENCE_S = 20.0


def eventually(condition: Callable[[], bool]) -> bool:
    end = time.monotonic() + PATIENCE_S
    while not condition() and time.monotonic() < end:
        time.sleep(0.002)
    return condition()


class Invocation:
    """A thread that asks to be admitted and stays until it is told to go."""

    def __init__(self, admission: Admission, share: float, cpu_time: Callable[[], float | None] | None = None) -> None:
        self.admitted, self._go = threading.Event(), threading.Event()
        self.ticket: Ticket | None = None
        self._admission, self._share, self._cpu_time = admission, share, cpu_time
        before = sum(admission.counts())
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert eventually(lambda: sum(admission.counts()) > before)

    def _run(self) -> None:
        with self._admission.enter(lambda: self._share, lambda: None) as (ticket, _):
            ticket.cpu_time = self._cpu_time
            self.ticket = ticket
            self.admitted.set()
            self._go.wait(PATIENCE_S)

    def waits(self) -> bool:
        return not self.admitted.wait(0.15)

    def end(self) -> None:
        self._go.set()
        self._thread.join(PATIENCE_S)


@contextmanager
def invocations(admission: Admission, *shares: float) -> Iterator[list[Invocation]]:
    made = [Invocation(admission, share) for share in shares]
    try:
        yield made
    finally:
        for one in made:
            one.end()


def test_the_share_follows_memory_up_to_six_cores() -> None:
    assert share_of(1769) == 1.0
    assert share_of(128) == pytest.approx(0.0724, abs=1e-4)
    assert share_of(20_000) == 6.0


def test_as_many_are_admitted_as_fit() -> None:
    with invocations(Admission(2), 1.0, 1.0, 0.1) as (one, two, three):
        assert one.admitted.wait(PATIENCE_S)
        assert two.admitted.wait(PATIENCE_S)
        assert three.waits()
        one.end()
        assert three.admitted.wait(PATIENCE_S)


def test_one_larger_than_the_machine_runs_alone_and_small_ones_do_not_overtake_it() -> None:
    with invocations(Admission(2), 0.5, 5.8, 0.1) as (first, large, small):
        assert first.admitted.wait(PATIENCE_S)
        assert large.waits()
        assert small.waits()
        first.end()
        assert large.admitted.wait(PATIENCE_S)
        assert small.waits()
        large.end()
        assert small.admitted.wait(PATIENCE_S)


def test_the_end_of_init_gives_the_rest_of_the_core_back() -> None:
    admission = Admission(1)
    with invocations(admission, 1.0, 0.5) as (cold, warm):
        assert cold.admitted.wait(PATIENCE_S)
        assert warm.waits()
        assert cold.ticket
        admission.shrink(cold.ticket, 0.4)
        assert warm.admitted.wait(PATIENCE_S)


def test_one_that_uses_no_cpu_lends_its_share_so_a_chain_of_calls_goes_on() -> None:
    admission = Admission(1)
    chain: list[Invocation] = []
    for _ in range(4):
        chain.append(Invocation(admission, 5.8, cpu_time=lambda: 1.0))
        assert chain[-1].admitted.wait(PATIENCE_S)
    for one in chain:
        one.end()


def test_one_at_work_lends_nothing() -> None:
    admission = Admission(1)
    busy = Invocation(admission, 1.0, cpu_time=time.monotonic)
    assert busy.admitted.wait(PATIENCE_S)
    other = Invocation(admission, 0.1)
    assert not other.admitted.wait(0.5)
    busy.end()
    assert other.admitted.wait(PATIENCE_S)
    other.end()


def test_where_cpu_time_cannot_be_read_a_chain_of_calls_goes_on_too() -> None:
    admission = Admission(1)
    caller = Invocation(admission, 1.0, cpu_time=lambda: None)
    assert caller.admitted.wait(PATIENCE_S)
    called = Invocation(admission, 1.0)
    assert called.waits()
    assert called.admitted.wait(PATIENCE_S)
    called.end()
    caller.end()


def test_a_long_time_unobserved_is_not_taken_for_waiting() -> None:
    ticket = Ticket(1.0, now=0.0)
    ticket.cpu_time = lambda: 5.0
    ticket.look(0.0)
    ticket.look(100.0)
    assert not ticket.lends
    ticket.look(100.1)
    assert ticket.lends
    ticket.cpu_time = lambda: 5.1
    ticket.look(100.2)
    assert not ticket.lends


def test_a_failed_claim_leaves_nothing_behind() -> None:
    admission = Admission(1)

    def claim() -> None:
        raise KeyError("gone")

    with pytest.raises(KeyError), admission.enter(lambda: 1.0, claim):
        pass
    assert admission.counts() == (0, 0)
    with invocations(admission, 1.0) as (one,):
        assert one.admitted.wait(PATIENCE_S)


SHARES = st.lists(st.sampled_from([0.07, 0.29, 0.58, 1.0, 1.7, 5.8]), min_size=1, max_size=25)


@settings(max_examples=30, deadline=None)
@given(shares=SHARES, cores=st.sampled_from([1.0, 2.0, 4.0]))
def test_never_over_the_cores_unless_alone_in_order_and_all_come_to_an_end(shares: list[float], cores: float) -> None:
    admission = Admission(cores)
    at_work: dict[int, float] = {}
    order: list[int] = []
    most: list[tuple[int, float]] = []
    lock = threading.Lock()

    def claim(number: int) -> None:
        with lock:
            order.append(number)
            at_work[number] = shares[number]
            most.append((len(at_work), sum(at_work.values())))

    def run(number: int) -> None:
        with admission.enter(lambda: shares[number], lambda: claim(number)):
            time.sleep(0.001)
            with lock:
                del at_work[number]

    threads = []
    with admission.enter(lambda: math.inf, lambda: None):  # holds all back until every one is in the queue
        for number in range(len(shares)):
            threads.append(threading.Thread(target=run, args=(number,), daemon=True))
            threads[-1].start()
            assert eventually(lambda: admission.counts()[1] == len(threads))
    for thread in threads:
        thread.join(PATIENCE_S)
    assert admission.counts() == (0, 0)
    assert order == list(range(len(shares)))
    assert all(count == 1 or total <= cores for count, total in most)


def test_it_can_be_switched_off_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORKSHOP_ADMISSION", "off")
    assert admission_setting.cores() == math.inf
    assert "not held back" in admission_setting.shortcomings()[0]
    monkeypatch.setenv("WORKSHOP_ADMISSION", "no")
    with pytest.raises(CloudError, match="on or off"):
        admission_setting.cores()
    monkeypatch.delenv("WORKSHOP_ADMISSION")
    assert 1 <= admission_setting.cores() < math.inf
    assert admission_setting.shortcomings() == []

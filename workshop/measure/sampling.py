"""Takes samples of several functions in turn, so that a noisy minute hits all of them alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tqdm.auto import tqdm

from workshop.measure.errors import MeasureError
from workshop.measure.events import Event
from workshop.measure.function import Configuration, Invocation, LambdaFunction
from workshop.measure.rows import Row, now
from workshop.measure.store import Run

# One function, several with the same event, or pairs of a function and an event of its own.
Functions = LambdaFunction | Iterable[LambdaFunction | tuple[LambdaFunction, Event]]

# A function that fails this often in a row is broken; to go on would only take time.
_FAILURES_IN_A_ROW = 3


@dataclass(frozen=True)
class Case:
    """One thing to sample: a function with an event, at a memory size (None: the one it has)."""

    function: LambdaFunction
    event: Event
    memory_mb: int | None = None
    qualifier: str | None = None

    def __str__(self) -> str:
        memory = f" {self.memory_mb} MB" if self.memory_mb else ""
        return f"{self.function.lab} {self.function.function} {self.event.name}{memory}".strip()


def cases_of(functions: Functions, event: Event | Mapping[str, Any] | None) -> list[Case]:
    """The cases that a caller's arguments mean. `event` is for the functions that come without one."""
    common = event if isinstance(event, Event) or event is None else Event("", event)
    listed = [functions] if isinstance(functions, LambdaFunction) else list(functions)
    cases = []
    for one in listed:
        function, own = (one, common) if isinstance(one, LambdaFunction) else one
        if own is None:
            raise MeasureError(f"no event for {function.function_name}: pass event=... or (function, event) pairs")
        cases.append(Case(function, own))
    if not cases:
        raise MeasureError("nothing to measure: no function was given")
    return cases


def take(
    cases: Sequence[Case],
    n: int,
    sample: Callable[[Case], Row],
    *,
    run: Run,
    counts: Callable[[Row], bool],
    title: str,
) -> list[Row]:
    """`n` samples of each case: one of each case a round, in an order that turns from round to round.

    `counts` tells which rows are what was asked for (a cold start, say). A row that is not is kept but
    taken again. Rows of the run that already count are not taken again. Returns the run's rows of these cases.
    Raises `MeasureError` when a case fails, or is not what was asked for, again and again.
    """
    done = {case: sum(counts(row) for row in run.rows if is_of(row, case)) for case in cases}
    misses = dict.fromkeys(cases, 0)
    failures = dict.fromkeys(cases, 0)
    rounds = 0
    total = n * len(cases)
    with tqdm(total=total, initial=min(total, sum(min(n, k) for k in done.values())), desc=title) as bar:
        while any(k < n for k in done.values()):
            shift = rounds % len(cases)
            for case in [*cases[shift:], *cases[:shift]]:
                if done[case] >= n:
                    continue
                bar.set_postfix_str(str(case))
                row = sample(case)
                run.add(row)
                failures[case] = failures[case] + 1 if row.error else 0
                if failures[case] >= _FAILURES_IN_A_ROW:
                    raise MeasureError(f"{case} failed {failures[case]} times in a row: {row.error}")
                if counts(row):
                    done[case] += 1
                    bar.update()
                    continue
                misses[case] += 1
                if misses[case] > n + 2:
                    raise MeasureError(
                        f"{case} keeps being {'cold' if row.cold else 'warm'}, so {title} cannot be measured: does "
                        "it have provisioned concurrency, or does something else call it meanwhile?"
                    )
            rounds += 1
    return [row for row in run.rows if any(is_of(row, case) for case in cases)]


def is_of(row: Row, case: Case) -> bool:
    """Whether a row was taken of this case."""
    one = case.function
    same = (row.lab, row.function, row.target, row.event) == (one.lab, one.function, one.target, case.event.name)
    return same and case.memory_mb in (None, row.memory_mb)


def row_of(case: Case, configuration: Configuration, invocation: Invocation, run_id: str) -> Row:
    """The row of an invocation; what the platform did not report is missing."""
    report = invocation.report
    return Row(
        run=run_id,
        lab=case.function.lab,
        function=case.function.function,
        event=case.event.name,
        runtime=configuration.runtime,
        architecture=configuration.architecture,
        memory_mb=report.memory_mb if report else case.memory_mb or configuration.memory_mb,
        target=case.function.target,
        cold=report.cold if report else False,
        init_ms=report.init_ms if report else None,
        duration_ms=report.duration_ms if report else None,
        billed_ms=report.billed_ms if report else None,
        max_memory_mb=report.max_memory_mb if report else None,
        client_ms=invocation.client_ms,
        cpu_ms=report.cpu_ms if report else None,
        init_cpu_ms=report.init_cpu_ms if report else None,
        request_id=invocation.request_id,
        started_at=invocation.started_at,
        error=invocation.error,
    )


def run_or_new(run: Run | None, name: str) -> Run:
    """The caller's run, or one that is kept in memory only."""
    return run if run is not None else Run(f"{name}@{now()}")

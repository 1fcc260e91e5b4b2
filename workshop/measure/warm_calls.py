"""Warm calls: every sample meets an execution environment that is up already."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workshop.measure.events import Event
from workshop.measure.rows import Row, data_frame
from workshop.measure.sampling import Case, Functions, cases_of, row_of, run_or_new, take
from workshop.measure.store import Run


def warm_calls(
    functions: Functions,
    event: Event | Mapping[str, Any] | None = None,
    *,
    n: int = 30,
    warm_up: int = 1,
    run: Run | None = None,
) -> pd.DataFrame:
    """`n` warm calls of each function; a data frame with one row an invocation (`workshop.measure.Row`).

    Before the first sample of each function come `warm_up` calls that are not kept, since the first call
    pays for what is loaded on demand. A sample that turns out cold is kept as such and taken again.
    `functions` is one function, several, or (function, event) pairs; they are sampled in turn. Rows go
    to `run` as they come. A failed invocation is a row with `error`. Raises `MeasureError`, naming the fix.
    """
    cases = cases_of(functions, event)
    run = run_or_new(run, "warm calls")
    found = {case.function: case.function.configuration() for case in cases}
    warmed: set[Case] = set()

    def sample(case: Case) -> Row:
        for _ in range(0 if case in warmed else warm_up):
            case.function.invoke(case.event.payload)
        warmed.add(case)
        return row_of(case, found[case.function], case.function.invoke(case.event.payload), run.id)

    rows = take(cases, n, sample, run=run, counts=_counts, title="warm calls")
    return data_frame(row for row in rows if _counts(row))


def _counts(row: Row) -> bool:
    return not row.cold

"""Cold starts: every sample gets a new execution environment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from workshop.measure.events import Event
from workshop.measure.restoring import kept
from workshop.measure.rows import Row, data_frame
from workshop.measure.sampling import Case, Functions, cases_of, row_of, run_or_new, take
from workshop.measure.store import Run


def cold_starts(
    functions: Functions, event: Event | Mapping[str, Any] | None = None, *, n: int = 30, run: Run | None = None
) -> pd.DataFrame:
    """`n` cold starts of each function; a data frame with one row an invocation (`workshop.measure.Row`).

    Before each sample an environment variable of the function is touched, which makes its running execution
    environments stale; at the end, and on Ctrl-C, the variable is taken out again. `functions` is one
    function, several, or (function, event) pairs; they are sampled in turn. Rows go to `run` as they come.
    A failed invocation is a row with `error`. Raises `MeasureError`, whose message names the fix.
    """
    cases = cases_of(functions, event)
    run = run_or_new(run, "cold starts")
    with kept(case.function for case in cases) as found:

        def sample(case: Case) -> Row:
            case.function.force_cold_start()
            return row_of(case, found[case.function], case.function.invoke(case.event.payload), run.id)

        rows = take(cases, n, sample, run=run, counts=_counts, title="cold starts")
    return data_frame(row for row in rows if _counts(row))


def _counts(row: Row) -> bool:
    return row.cold or row.error is not None

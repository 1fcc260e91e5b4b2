"""The report's tables, also shown in notebooks: one line a lab, each figure with its spread and n."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

from workshop import cost
from workshop.measure.rows import cold, succeeded, warm
from workshop.measure.stats import Summary, ratio, summary
from workshop.plots.groups import Case, cases, labs, of_case
from workshop.plots.style import lab_title, number

# Column title, rows it is taken from, field. INIT, first and warm are never added up.
_MEASURES: tuple[tuple[str, Callable[[pd.DataFrame], pd.DataFrame], str], ...] = (
    ("INIT (ms)", cold, "init_ms"),
    ("first duration (ms)", cold, "duration_ms"),
    ("warm duration (ms)", warm, "duration_ms"),
    ("client, warm (ms)", warm, "client_ms"),
    ("INIT CPU (ms)", cold, "init_cpu_ms"),
    ("warm CPU (ms)", warm, "cpu_ms"),
    ("max memory (MB)", succeeded, "max_memory_mb"),
)


def with_spread(found: Summary) -> str:
    """A median and its 95 % interval: "332 (329 to 340)"."""
    if found.n == 0:
        return "–"
    if pd.isna(found.low):
        return number(found.median)
    return f"{number(found.median)} ({number(found.low)} to {number(found.high)})"


def lab_tables(rows: pd.DataFrame, cold_share: float = cost.STEADY_COLD_SHARE) -> dict[Case, pd.DataFrame]:
    """For each function and event a table with one line a lab: medians with their intervals, p95, cost, n."""
    dollars = cost.of_rows(rows, cold_share=cold_share)
    return {case: _table(of_case(rows, case), of_case(dollars, case)) for case in cases(rows)}


def _table(rows: pd.DataFrame, dollars: pd.DataFrame) -> pd.DataFrame:
    lines = []
    for lab in labs(rows):
        part = rows[rows["lab"] == lab]
        line: dict[str, Any] = {"lab": lab_title(lab), "memory size (MB)": _sizes(part)}
        line |= {title: with_spread(summary(select(part)[column])) for title, select, column in _MEASURES}
        line["warm p95 (ms)"] = number(summary(warm(part)["duration_ms"]).p95)
        bill = dollars[dollars["lab"] == lab]["total"]
        line["US$ per million"] = number(float(bill.iloc[0])) if len(bill) else "–"
        line["n cold / warm"] = f"{len(cold(part))} / {len(warm(part))}"
        lines.append(line)
    return pd.DataFrame(lines)


def _sizes(rows: pd.DataFrame) -> str:
    return ", ".join(str(size) for size in sorted(rows["memory_mb"].unique()))


def gains(rows: pd.DataFrame, baseline: str) -> pd.DataFrame:
    """How many times less each other lab takes than the baseline: ratios of medians with 95 % intervals.

    One line a function, event and lab; a figure below 1 is a loss. Columns where nothing was measured are "–".
    """
    lines = []
    for case in cases(rows):
        before = of_case(rows, case, baseline)
        for lab in labs(of_case(rows, case)):
            if lab == baseline or before.empty:
                continue
            after = of_case(rows, case, lab)
            line: dict[str, Any] = {"function": case.function, "event": case.event, "lab": lab_title(lab)}
            for title, select, column in _MEASURES:
                found = ratio(select(before)[column], select(after)[column])
                line[title.rsplit(" (", 1)[0]] = with_spread(found) if found.n else "–"
            lines.append(line)
    return pd.DataFrame(lines)


def times_less(rows: pd.DataFrame, baseline: str, *columns: str) -> pd.DataFrame:
    """How many times less each other lab takes than the baseline, over all of the rows: one line a lab and column.

    Columns: lab, measure, times less, 95 % from, 95 % to, n. Measures that were not told are left out.
    """
    lines = []
    for lab in labs(rows):
        for column in columns:
            found = ratio(rows[rows["lab"] == baseline][column], rows[rows["lab"] == lab][column])
            if lab != baseline and found.n:
                spread = {"times less": found.median, "95 % from": found.low, "95 % to": found.high, "n": found.n}
                lines.append({"lab": lab_title(lab), "measure": column} | spread)
    return pd.DataFrame(lines, columns=["lab", "measure", "times less", "95 % from", "95 % to", "n"]).round(2)


def failures(rows: pd.DataFrame) -> pd.DataFrame:
    """Failed invocations by lab, function and error, since a figure of those that succeeded hides them."""
    failed = rows[rows["error"].notna()]
    counted = failed.groupby(["lab", "function", "event", "error"], as_index=False).size()
    return counted.rename(columns={"size": "times"})

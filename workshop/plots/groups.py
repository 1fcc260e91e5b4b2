"""The lines of a plot: which labs and which functions there are, in which order."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from workshop.measure.errors import MeasureError
from workshop.measure.stats import summarize


@dataclass(frozen=True)
class Case:
    """One function with one event: what labs are compared on."""

    function: str
    event: str


def wanted(rows: pd.DataFrame, select: Callable[[pd.DataFrame], pd.DataFrame], what: str) -> pd.DataFrame:
    """The selected rows. Raises `MeasureError` when there are none, or when they are of several targets."""
    found = select(rows)
    where(found)
    if found.empty:
        failed = int(rows["error"].notna().sum())
        raise MeasureError(
            f"there are no {what} to plot among {len(rows)} rows ({failed} of them failed): measure first"
        )
    return found


def where(rows: pd.DataFrame) -> str:
    """The target the rows were taken on, which every plot names; figures of two targets do not go into one plot."""
    targets = sorted(rows["target"].unique())
    if len(targets) > 1:
        raise MeasureError(
            f"rows of {' and '.join(targets)} in one plot: choose one, as in rows[rows.target == 'local']"
        )
    return str(targets[0]) if targets else ""


def cases(rows: pd.DataFrame) -> list[Case]:
    """Functions and events in alphabetical order."""
    pairs = rows[["function", "event"]].drop_duplicates().sort_values(["function", "event"])
    return [Case(function, event) for function, event in pairs.itertuples(index=False)]


def labs(rows: pd.DataFrame) -> list[str]:
    """Labs in order."""
    return sorted(rows["lab"].unique())


def of_case(frame: pd.DataFrame, case: Case, lab: str | None = None) -> pd.DataFrame:
    """The rows or summary lines of a case (of one lab, if given)."""
    found = frame[(frame["function"] == case.function) & (frame["event"] == case.event)]
    return found if lab is None else found[found["lab"] == lab]


def summary_table(rows: pd.DataFrame, columns: dict[str, str]) -> pd.DataFrame:
    """Median, interval and p95 of some columns, one line a lab and case; `columns` gives each its title."""
    parts = []
    for column, title in columns.items():
        found = summarize(rows, column)
        found.insert(3, "measure", title)
        parts.append(found)
    table = pd.concat(parts, ignore_index=True).sort_values(["function", "event", "measure", "lab"])
    names = {"median": "median", "low": "95 % from", "high": "95 % to", "p95": "p95", "n": "n"}
    return table[["function", "event", "measure", "lab", *names]].rename(columns=names).reset_index(drop=True)


def in_words(table: pd.DataFrame, unit: str) -> str:
    """A summary table as a sentence, for the alternative text."""
    from workshop.plots.style import case_title, lab_title, number

    said = []
    for _, line in table.iterrows():
        name = f"{lab_title(line['lab'])} {case_title(line['function'], line['event'], ' ')}"
        said.append(f"{name}, {line['measure']}: {number(line['median'])} {unit} (n = {line['n']})")
    return "; ".join(said)

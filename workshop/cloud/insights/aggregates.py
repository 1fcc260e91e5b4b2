"""Aggregates over groups of rows, by DuckDB."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from workshop.cloud.insights import duck
from workshop.cloud.insights.values import Value, number, text

# `v` is the value; `stddev_samp` divides by n - 1, `quantile_cont` interpolates linearly between neighbours.
_OF_NUMBERS = {
    "sum": "sum(v)",
    "avg": "avg(v)",
    "min": "min(v)",
    "max": "max(v)",
    "stddev": "stddev_samp(v)",
    "median": "quantile_cont(v, 0.5)",
}
_OF_TEXTS = {"count": "count(v)", "count_distinct": "count(DISTINCT v)", "min": "min(v)", "max": "max(v)"}
PERCENTILES = ("percentile", "pct")
AGGREGATES = frozenset([*_OF_NUMBERS, *_OF_TEXTS, *PERCENTILES])


def aggregate(function: str, percent: float | None, values: Sequence[Value], groups: Sequence[int]) -> dict[int, Value]:
    """The aggregate of each group; `groups` has the group of each value.

    What is no number counts for aggregates of numbers as missing. `min` and `max` compare texts if one of the
    values is no number.
    """
    if function in _OF_TEXTS and not (function in _OF_NUMBERS and _all_numbers(values)):
        texts = [None if value is None else text(value) for value in values]
        return _query(_OF_TEXTS[function], "VARCHAR", texts, groups)
    numbers = [number(value) for value in values]
    measure = f"quantile_cont(v, {(percent or 0.0) / 100!r})" if function in PERCENTILES else _OF_NUMBERS[function]
    return _query(measure, "DOUBLE", numbers, groups)


def _all_numbers(values: Sequence[Value]) -> bool:
    return all(value is None or number(value) is not None for value in values)


def _query(measure: str, kind: str, values: Sequence[Any], groups: Sequence[int]) -> dict[int, Value]:
    sql = (
        f"SELECT g, {measure} FROM (SELECT unnest($1::INTEGER[]) AS g, unnest($2::{kind}[]) AS v) "  # noqa: S608 (ours)
        "GROUP BY g"
    )
    return dict(duck.query(sql, [list(groups), list(values)]))

"""Finds the memory size that suits a function best, as aws-lambda-power-tuning does.

Definitions are those of https://github.com/alexcasalboni/aws-lambda-power-tuning (4.4): the duration of an
invocation is Duration + Init Duration + Restore Duration; its cost is that of its billed duration; both
are averaged by a trimmed mean; the answer has the same shape. Different here: sizes (and functions) are
sampled in turn, one invocation at a time, and no state machine is needed.
"""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from workshop.cost import PriceList, price_list
from workshop.measure.errors import MeasureError
from workshop.measure.events import Event
from workshop.measure.function import Configuration, LambdaFunction
from workshop.measure.restoring import kept
from workshop.measure.rows import Row, data_frame, succeeded
from workshop.measure.sampling import Case, Functions, cases_of, row_of, run_or_new, take
from workshop.measure.store import Run
from workshop.measure.versions import published

Strategy = Literal["cost", "speed", "balanced"]

POWER_VALUES = (128, 256, 512, 1024, 1769)
_VISUALIZATION = "https://lambda-power-tuning.show/"
_BY = ["lab", "function", "event"]


@dataclass(frozen=True)
class PowerTuning:
    """What was measured (`rows`), and one line of `stats` for each function, event and memory size.

    Columns of `stats`: lab, function, event, power (MB), duration (ms, trimmed mean), cost (US dollars for one
    invocation), total_cost (of all invocations made), n, and optimal (the strategy's choice).
    """

    rows: pd.DataFrame
    stats: pd.DataFrame
    strategy: Strategy

    @property
    def output(self) -> dict[str, Any]:
        """The answer in aws-lambda-power-tuning's shape; for several functions use `outputs`."""
        outputs = self.outputs
        if len(outputs) != 1:
            raise MeasureError(f"{len(outputs)} functions were tuned: use outputs, which has each by its name")
        return next(iter(outputs.values()))

    @property
    def outputs(self) -> dict[str, dict[str, Any]]:
        """The answer for each function, by "lab function event"."""
        groups = self.stats.groupby(_BY, sort=False)
        return {" ".join(part for part in map(str, key) if part): _output(group) for key, group in groups}


def power_tuning(
    functions: Functions,
    event: Event | Mapping[str, Any] | None = None,
    *,
    power_values: Sequence[int] = POWER_VALUES,
    num: int = 10,
    strategy: Strategy = "cost",
    balanced_weight: float = 0.5,
    discard_top_bottom: float | None = None,
    only_cold_starts: bool = False,
    prices: PriceList | None = None,
    run: Run | None = None,
) -> PowerTuning:
    """`num` invocations of each function at each memory size (MB), and the best size by `strategy`.

    `balanced_weight` (0: speed only, 1: cost only) is for "balanced"; `discard_top_bottom` (0 to 0.4, by default
    0.2, or 0 with `only_cold_starts`) is the share left out at each end before averaging. Each size is
    published as a version behind an alias, which is deleted at the end, and on Ctrl-C; with
    `only_cold_starts` `$LATEST` itself is made cold for each invocation. Functions and sizes are sampled in
    turn and rows go to `run`, which should hold nothing else, as they come. A failed invocation is a row
    with `error` and in no average.
    """
    sized = [replace(case, memory_mb=size) for case in cases_of(functions, event) for size in power_values]
    tuned = list(dict.fromkeys(case.function for case in sized))
    run = run_or_new(run, "power tuning")
    found = {function: function.configuration() for function in tuned}
    ready: AbstractContextManager[Mapping[Any, Any]] = (
        nullcontext({}) if only_cold_starts else published(tuned, power_values)
    )
    with kept(tuned) if only_cold_starts else nullcontext(), ready as aliases:
        rows = take(
            sized,
            num,
            _sampler(found, aliases, run.id),
            run=run,
            counts=_counts(only_cold_starts),
            title="power tuning",
        )
    if discard_top_bottom is None:
        discard_top_bottom = 0.0 if only_cold_starts else 0.2
    frame = data_frame(rows)
    stats = statistics(frame, min(max(discard_top_bottom, 0.0), 0.4), prices or price_list())
    return PowerTuning(frame, _with_optimal(stats, strategy, balanced_weight), strategy)


def _sampler(
    found: Mapping[LambdaFunction, Configuration], aliases: Mapping[Any, str], run_id: str
) -> Callable[[Case], Row]:
    def sample(case: Case) -> Row:
        alias = aliases.get((case.function, case.memory_mb))
        if alias is None:
            case.function.force_cold_start(case.memory_mb)
        return row_of(case, found[case.function], case.function.invoke(case.event.payload, alias), run_id)

    return sample


def _counts(only_cold_starts: bool) -> Callable[[Row], bool]:
    return lambda row: row.cold or row.error is not None or not only_cold_starts


def statistics(rows: pd.DataFrame, discard_top_bottom: float, prices: PriceList) -> pd.DataFrame:
    """Average duration and cost of each function, event and memory size; see `PowerTuning.stats`."""
    lines = []
    for key, group in succeeded(rows).groupby([*_BY, "memory_mb", "architecture"], sort=True):
        named: dict[str, Any] = dict(zip([*_BY, "power", "architecture"], key, strict=True))
        price = _price_of_one(prices, int(named["power"]), named.pop("architecture"))
        billed = [float(value) for value in group["billed_ms"]]
        totals = [float(value) for value in group["duration_ms"] + group["init_ms"].fillna(0.0)]
        averages = {
            "duration": trimmed_mean(totals, discard_top_bottom),
            "cost": price(trimmed_mean(billed, discard_top_bottom)),
            "total_cost": sum(price(value) for value in billed),
        }
        lines.append(named | averages | {"n": len(group)})
    return pd.DataFrame(lines, columns=[*_BY, "power", "duration", "cost", "total_cost", "n"])


def _price_of_one(prices: PriceList, power: int, architecture: str) -> Callable[[float], float]:
    return lambda billed_ms: prices.duration(math.ceil(billed_ms), power, architecture)


def trimmed_mean(values: Sequence[float], discard_top_bottom: float) -> float:
    """The mean without the lowest and the highest `discard_top_bottom` (a share, rounded down to whole values)."""
    drop = int(len(values) * discard_top_bottom)
    return float(np.mean(sorted(values)[drop : len(values) - drop]))


def choose(stats: Iterable[Mapping[str, Any]], strategy: Strategy, balanced_weight: float = 0.5) -> int:
    """The power of the best of some `{power, cost, duration}`: the cheapest, the fastest, or a balance of both."""
    listed = list(stats)
    weight = min(max(balanced_weight, 0.0), 1.0)
    most = {name: max(one[name] for one in listed) for name in ("cost", "duration")}

    def rank(one: Mapping[str, Any]) -> tuple[float, ...]:
        if strategy == "cost":
            return one["cost"], one["duration"]
        if strategy == "speed":
            return one["duration"], one["cost"]
        return (weight * one["cost"] / most["cost"] + (1 - weight) * one["duration"] / most["duration"],)

    return int(min(listed, key=rank)["power"])


def _with_optimal(stats: pd.DataFrame, strategy: Strategy, balanced_weight: float) -> pd.DataFrame:
    stats = stats.assign(optimal=False)
    for _, group in stats.groupby(_BY, sort=False):
        best = choose(group.to_dict("records"), strategy, balanced_weight)  # type: ignore[arg-type]
        stats.loc[group.index[group["power"] == best], "optimal"] = True
    return stats


def _output(stats: pd.DataFrame) -> dict[str, Any]:
    best = stats[stats["optimal"]].iloc[0]
    return {
        "power": int(best["power"]),
        "cost": float(best["cost"]),
        "duration": float(best["duration"]),
        "stateMachine": {
            "executionCost": 0.0,  # there is none
            "lambdaCost": float(stats["total_cost"].sum()),
            "visualization": _visualization(stats),
        },
        "stats": [
            {"value": int(power), "averagePrice": float(cost), "averageDuration": float(duration)}
            for power, cost, duration in zip(stats["power"], stats["cost"], stats["duration"], strict=True)
        ],
    }


def _visualization(stats: pd.DataFrame) -> str:
    """A link that draws the result; the figures are in its fragment, which a browser does not send."""
    columns = (("power", "<i2"), ("duration", "<f4"), ("cost", "<f4"))
    parts = [base64.b64encode(stats[name].to_numpy().astype(kind).tobytes()).decode() for name, kind in columns]
    return f"{_VISUALIZATION}#{';'.join(parts)}"

"""Duration and cost against memory size: more memory is more CPU, and a higher price for each millisecond."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from workshop.cost import PriceList, price_list
from workshop.measure.rows import warm
from workshop.measure.stats import summarize
from workshop.plots.groups import cases, in_words, labs, of_case, wanted, where
from workshop.plots.plot import Plot
from workshop.plots.style import (
    case_title,
    colour,
    headline,
    lab_title,
    log_axis,
    marker,
    n_text,
    new_figure,
    styled,
)

_BY = ("lab", "function", "event", "memory_mb")


def duration_by_memory(rows: pd.DataFrame) -> Plot:
    """Median warm duration with its 95 % interval at each memory size."""
    found = wanted(rows, warm, "warm calls")
    return _lines(
        summarize(found, "duration_ms", _BY), where(found), "Duration against memory", "warm duration (ms)", "ms"
    )


def cost_by_memory(rows: pd.DataFrame, prices: PriceList | None = None) -> Plot:
    """US dollars for a million warm invocations (Lambda's duration, no requests) at each memory size."""
    prices = prices or price_list()
    found = wanted(rows, warm, "warm calls")
    dollars = [
        1_000_000 * prices.duration(float(billed), int(memory), str(architecture))
        for billed, memory, architecture in zip(
            found["billed_ms"], found["memory_mb"], found["architecture"], strict=True
        )
    ]
    lines = summarize(found.assign(dollars=dollars), "dollars", _BY)
    return _lines(lines, where(found), "Cost against memory", "US$ per million warm invocations", "US$")


def _lines(found: pd.DataFrame, target: str, title: str, measure: str, unit: str) -> Plot:
    listed, of_labs = cases(found), labs(found)
    across = min(3, len(listed))
    down = -(-len(listed) // across)
    with styled():
        figure = new_figure(max(5.5, 4.0 * across), 1.0 + 2.9 * down)
        every = np.atleast_1d(figure.subplots(down, across, squeeze=False).ravel())
        for axes, case in zip(every, listed, strict=False):
            axes.grid(visible=True, axis="both")
            for lab in of_labs:
                _line(axes, of_case(found, case, lab), lab)
            _finish(axes, of_case(found, case), case_title(case.function, case.event, "  "), measure)
        for axes in every[len(listed) :]:
            axes.set_visible(False)
        counts = n_text([int(n) for n in found["n"]])
        headline(figure, f"{title} ({target}, median, 95 % interval, {counts} a size; ring: the lowest)")
        handles, names = every[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside lower left", ncols=max(1, len(handles)))
    table = _table(found)
    alt = (
        f"Lines on two logarithmic axes: {measure} against memory in MB, one line a lab, its lowest point in a ring. "
        f"{in_words(table, unit)}."
    )
    shown = table.drop(columns="measure").rename(columns={"median": f"median, {measure}"})
    return Plot(title, alt, figure, shown)


def _line(axes: Axes, points: pd.DataFrame, lab: str) -> None:
    if points.empty:
        return
    memory = points["memory_mb"].to_numpy(dtype=float)
    low, middle, high = (points[name].to_numpy(dtype=float) for name in ("low", "median", "high"))
    axes.fill_between(memory, low, high, color=colour(lab), alpha=0.2, linewidth=0)
    axes.plot(memory, middle, color=colour(lab), marker=marker(lab), markersize=5, label=lab_title(lab))
    best = int(np.argmin(middle))
    axes.plot(memory[best], middle[best], "o", markersize=12, markerfacecolor="none", markeredgecolor=colour(lab))


def _finish(axes: Axes, points: pd.DataFrame, title: str, measure: str) -> None:
    axes.set_title(title)
    axes.set_xlabel("memory (MB)")
    axes.set_ylabel(measure)
    axes.margins(x=0.08, y=0.15)
    log_axis(axes, "y")
    log_axis(axes, "x", sorted(float(size) for size in points["memory_mb"].unique()))


def _table(found: pd.DataFrame) -> pd.DataFrame:
    sizes = "at " + found["memory_mb"].astype("string") + " MB"
    table = found.assign(measure=sizes).sort_values(["function", "event", "lab", "memory_mb"])
    names = {"memory_mb": "memory (MB)", "low": "95 % from", "high": "95 % to"}
    columns = ["function", "event", "lab", "memory_mb", "median", "low", "high", "n", "measure"]
    return table[columns].rename(columns=names).reset_index(drop=True)

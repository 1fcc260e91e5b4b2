"""Every sample as a point, the median and its 95 % interval over it; one panel for each measure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from workshop.measure.rows import cold, warm
from workshop.measure.stats import summary
from workshop.plots.groups import Case, cases, in_words, labs, of_case, summary_table, wanted, where
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
    number,
    styled,
)

_LINE_HEIGHT = 0.24  # inches


@dataclass(frozen=True)
class Panel:
    """One measure: a column of the rows and what it is called."""

    column: str
    title: str


def cold_starts(rows: pd.DataFrame) -> Plot:
    """Cold starts phase by phase: INIT, and the duration of the first invocation after it."""
    found = wanted(rows, cold, "cold starts")
    panels = [Panel("init_ms", "INIT"), Panel("duration_ms", "first duration")]
    return _strips(found, panels, "Cold starts, phase by phase")


def warm_calls(rows: pd.DataFrame) -> Plot:
    """The duration of warm invocations."""
    return _strips(wanted(rows, warm, "warm calls"), [Panel("duration_ms", "warm duration")], "Warm invocations")


def client_times(rows: pd.DataFrame) -> Plot:
    """What the caller of Lambda's API waited for a warm invocation: duration, transport and the API itself."""
    found = wanted(rows, warm, "warm calls")
    return _strips(found, [Panel("client_ms", "client time, warm")], "Client time of warm invocations")


def cpu_times(rows: pd.DataFrame) -> Plot:
    """CPU time of a warm invocation and of INIT, where the platform tells it (AWS does not)."""
    told = wanted(rows, lambda all_rows: all_rows[all_rows["cpu_ms"].notna()], "rows with CPU time")
    panels = []
    if not warm(told).empty:
        panels.append(Panel("cpu_ms", "CPU time, warm invocation"))
    if not cold(told).empty:
        panels.append(Panel("init_cpu_ms", "CPU time, INIT"))
    # The CPU time of a first invocation is another measure than that of a warm one.
    shown = told.assign(cpu_ms=told["cpu_ms"].where(~told["cold"]))
    return _strips(wanted(shown, lambda one: one[one["error"].isna()], "rows with CPU time"), panels, "CPU time")


def _strips(rows: pd.DataFrame, panels: list[Panel], title: str) -> Plot:
    listed, of_labs = cases(rows), labs(rows)
    table = summary_table(rows, {panel.column: f"{panel.title} (ms)" for panel in panels})
    height = 1.3 + _LINE_HEIGHT * len(listed) * (len(of_labs) + 1)
    with styled():
        figure = new_figure(2.2 + 3.9 * len(panels), height)
        every = np.atleast_1d(figure.subplots(1, len(panels), sharey=True))
        for axes, panel in zip(every, panels, strict=True):
            _draw(axes, rows, panel, listed, of_labs)
        _label_cases(every[0], listed, len(of_labs))
        handles = [
            Line2D([], [], color=colour(lab), marker=marker(lab), linestyle="", label=lab_title(lab)) for lab in of_labs
        ]
        headline(figure, f"{title} ({where(rows)}, {n_text([int(n) for n in table['n']])})")
        figure.legend(handles=handles, loc="outside lower left", ncols=len(handles))
    alt = (
        f"Strip chart on a logarithmic axis in milliseconds, one panel for each of: "
        f"{', '.join(panel.title for panel in panels)}. Points are invocations, bars medians with their 95 % "
        f"interval. Medians: {in_words(table, 'ms')}."
    )
    return Plot(title, alt, figure, table)


def _draw(axes: Axes, rows: pd.DataFrame, panel: Panel, listed: list[Case], of_labs: list[str]) -> None:
    jitter = np.random.default_rng(1)
    for index, case in enumerate(listed):
        for line, lab in enumerate(of_labs):
            values = of_case(rows, case, lab)[panel.column].dropna().to_numpy(dtype=float)
            if values.size == 0:
                continue
            y = index * (len(of_labs) + 1) + line
            spread = y + jitter.uniform(-0.22, 0.22, values.size)
            axes.scatter(values, spread, s=14, alpha=0.4, color=colour(lab), marker=marker(lab), linewidths=0)
            found = summary(values)
            axes.plot([found.median] * 2, [y - 0.38, y + 0.38], color="black", linewidth=1.6)
            if not np.isnan(found.low):
                axes.plot([found.low, found.high], [y, y], color="black", linewidth=1.2)
            axes.annotate(
                f"{number(found.median)}  n={found.n}",
                (1.01, y),
                xycoords=("axes fraction", "data"),
                fontsize=8,
                va="center",
                color="#333333",
            )
    for index in range(1, len(listed)):
        axes.axhline(index * (len(of_labs) + 1) - 1, color="#dddddd", linewidth=0.6)
    axes.set_title(panel.title)
    axes.set_xlabel("ms (log scale)")
    axes.tick_params(axis="y", length=0)
    axes.margins(x=0.06)
    log_axis(axes, "x")


def _label_cases(axes: Axes, listed: list[Case], lines: int) -> None:
    step = lines + 1
    axes.set_yticks(
        [index * step + (lines - 1) / 2 for index in range(len(listed))],
        [case_title(case.function, case.event) for case in listed],
    )
    axes.set_ylim(len(listed) * step - 1.2, -0.8)  # the first case on top

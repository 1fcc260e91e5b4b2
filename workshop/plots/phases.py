"""A cold start as its parts: INIT, and the first duration after it."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from workshop.measure.rows import cold
from workshop.measure.stats import Summary, summary
from workshop.plots.groups import Case, cases, in_words, labs, of_case, summary_table, wanted, where
from workshop.plots.plot import Plot
from workshop.plots.style import PLAIN, case_title, colour, headline, label_labs, n_text, new_figure, number, styled

_COLUMNS = {"init_ms": "INIT (ms)", "duration_ms": "first duration (ms)"}


def cold_start_phases(rows: pd.DataFrame) -> Plot:
    """Median INIT and median first duration end to end, one panel a function (each with a scale of its own)."""
    found = wanted(rows, cold, "cold starts")
    listed, of_labs = cases(found), labs(found)
    table = summary_table(found, _COLUMNS)
    across = min(2, len(listed))
    down = -(-len(listed) // across)
    with styled():
        figure = new_figure(5.0 * across, 0.9 + down * (0.75 + 0.42 * len(of_labs)))
        every = np.atleast_1d(figure.subplots(down, across, squeeze=False, sharey=True).ravel())
        for axes, case in zip(every, listed, strict=False):
            _draw(axes, found, case, of_labs)
        for axes in every[len(listed) :]:
            axes.set_visible(False)
        handles = [
            Patch(facecolor="#777777", label="INIT"),
            Patch(facecolor="white", edgecolor="#777777", hatch="////", label="first duration"),
        ]
        title = "What a cold start is made of"
        counts = n_text([int(n) for n in table["n"]])
        headline(figure, f"{title} ({where(found)}, medians, 95 % intervals, {counts})")
        figure.legend(handles=handles, loc="outside lower left", ncols=2)
    alt = (
        "Horizontal bars, one panel a function with its own linear scale in milliseconds: INIT (solid) followed by the "
        f"first duration (hatched). Medians: {in_words(table, 'ms')}."
    )
    return Plot(title, alt, figure, table)


def _draw(axes: Axes, rows: pd.DataFrame, case: Case, of_labs: list[str]) -> None:
    for y, lab in enumerate(of_labs):
        part = of_case(rows, case, lab)
        init, first = summary(part["init_ms"]), summary(part["duration_ms"])
        if first.n == 0:
            continue
        start = 0.0 if init.n == 0 else init.median
        axes.barh(y, start, color=colour(lab), height=0.62)
        axes.barh(
            y,
            first.median,
            left=start,
            facecolor="white",
            edgecolor=colour(lab),
            hatch="////",
            height=0.62,
            linewidth=1,
        )
        _interval(axes, init, 0.0, y - 0.14)
        _interval(axes, first, start, y + 0.14)
        text = f"{number(init.median)} + {number(first.median)} ms  n={first.n}"
        axes.annotate(
            text, (start + first.median, y), xytext=(7, 0), textcoords="offset points", va="center", fontsize=8
        )
    label_labs(axes, of_labs)
    # Room for the text at the longest bar's end.
    axes.set_xlim(0, axes.get_xlim()[1] * 1.5)
    axes.set_title(case_title(case.function, case.event, "  "))
    axes.set_xlabel("ms")
    axes.xaxis.set_major_formatter(PLAIN)


def _interval(axes: Axes, found: Summary, left: float, y: float) -> None:
    if not np.isnan(found.low):
        axes.plot([left + found.low, left + found.high], [y, y], color="black", linewidth=1.3)

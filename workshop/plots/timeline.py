"""A Gantt chart of execution environments: INIT, invocations, and what extensions add after them."""

from __future__ import annotations

from typing import Any

import pandas as pd
from matplotlib.patches import Patch

from workshop.measure.timeline import INIT, INVOKE, TAIL
from workshop.plots.plot import Plot
from workshop.plots.style import PLAIN, headline, new_figure, number, styled

# Told apart by hatching as well as by colour.
_LOOKS: dict[str, dict[str, Any]] = {
    INIT: {"facecolor": "#777777"},
    INVOKE: {"facecolor": "#56B4E9"},
    TAIL: {"facecolor": "white", "edgecolor": "#D55E00", "hatch": "////"},
}


def timeline(rows: pd.DataFrame) -> Plot:
    """The phases of `workshop.measure.timeline`, one line an environment, in the order given.

    Raises ValueError when there is no row.
    """
    if rows.empty:
        raise ValueError("no phases: was the function invoked with an extension that writes Telemetry events?")
    environments = list(dict.fromkeys(rows["environment"]))
    table = _table(rows)
    with styled():
        figure = new_figure(10, 1.5 + 0.45 * len(environments))
        axes = figure.subplots()
        for (environment, phase), bars in rows.groupby(["environment", "phase"]):
            y = [environments.index(environment)] * len(bars)
            axes.barh(y, bars["duration_ms"], left=bars["start_ms"].to_numpy(), height=0.6, **_LOOKS[str(phase)])
        axes.set_yticks(range(len(environments)), environments)
        axes.set_ylim(len(environments) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.xaxis.set_major_formatter(PLAIN)
        axes.set_xlabel("time since the environment's first event (ms)")
        title = "What happens when in execution environments"
        headline(figure, f"{title} (n = {len(rows[rows['phase'] == INVOKE])} invocations)")
        handles = [Patch(label=phase, **look) for phase, look in _LOOKS.items()]
        figure.legend(handles=handles, loc="outside lower left", ncols=len(handles))
    told = "; ".join(
        f"{environment}: {phase} {number(median)} ms (n = {n})"
        for environment, phase, n, median, _ in table.itertuples(index=False, name=None)
    )
    alt = f"A line for each execution environment, with its phases as bars over time in milliseconds. Medians: {told}."
    return Plot(title, alt, figure, table)


def _table(rows: pd.DataFrame) -> pd.DataFrame:
    grouped = rows.groupby(["environment", "phase"], sort=False)["duration_ms"]
    table = grouped.agg(n="count", median_ms="median", longest_ms="max").reset_index()
    return table[["environment", "phase", "n", "median_ms", "longest_ms"]]

"""What a million requests cost, part by part."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from workshop.cost import STEADY_COLD_SHARE, PriceList, of_rows, price_list
from workshop.measure.errors import MeasureError
from workshop.plots.groups import Case, cases, labs, of_case, where
from workshop.plots.plot import Plot
from workshop.plots.style import case_title, colour, headline, lab_title, label_labs, new_figure, number, styled

_PARTS = {
    "warm": ("warm calls", ""),
    "cold": ("cold starts (with INIT)", "xxxx"),
    "requests": ("Lambda requests", "...."),
    "services": ("other services' requests", "////"),
}


def bill(
    rows: pd.DataFrame,
    *,
    cold_share: float = STEADY_COLD_SHARE,
    services: Mapping[str, Mapping[str, float]] | None = None,
    prices: PriceList | None = None,
) -> Plot:
    """US dollars for a million invocations of each function; arguments as those of `workshop.cost.of_rows`."""
    prices = prices or price_list()
    found = of_rows(rows, cold_share=cold_share, services=services, prices=prices)
    if found.empty:
        raise MeasureError(
            "a bill needs cold starts and warm calls of a function at the same memory size: measure both"
        )
    listed, of_labs = cases(found), labs(found)
    shown = {part: look for part, look in _PARTS.items() if found[part].sum() > 0}
    across = min(2, len(listed))
    down = -(-len(listed) // across)
    title = "The bill for a million invocations"
    with styled():
        figure = new_figure(5.0 * across, 1.1 + down * (0.75 + 0.42 * len(of_labs)))
        every = np.atleast_1d(figure.subplots(down, across, squeeze=False, sharey=True).ravel())
        for axes, case in zip(every, listed, strict=False):
            _draw(axes, found, case, of_labs, shown)
        for axes in every[len(listed) :]:
            axes.set_visible(False)
        about = (
            f"US$ from {where(rows)} figures, {prices.region}, prices of {prices.date}, {cold_share:.1%} cold starts"
        )
        headline(figure, f"{title} ({about})")
        handles = [
            Patch(facecolor="#bbbbbb", edgecolor="#555555", hatch=hatch, label=name) for name, hatch in shown.values()
        ]
        figure.legend(handles=handles, loc="outside lower left", ncols=len(handles))
    return Plot(title, _alt(found, cold_share), figure, _table(found))


def _draw(
    axes: Axes, found: pd.DataFrame, case: Case, of_labs: list[str], shown: Mapping[str, tuple[str, str]]
) -> None:
    for y, lab in enumerate(of_labs):
        line = of_case(found, case, lab)
        if line.empty:
            continue
        left = 0.0
        for part, (_, hatch) in shown.items():
            width = float(line[part].iloc[0])
            alpha = 1.0 if part == "warm" else 0.45
            axes.barh(y, width, left=left, color=colour(lab), alpha=alpha, hatch=hatch, edgecolor="white", height=0.62)
            left += width
        axes.annotate(
            f"{number(left)} $", (left, y), xytext=(5, 0), textcoords="offset points", va="center", fontsize=8
        )
    label_labs(axes, of_labs)
    axes.set_xlim(0, axes.get_xlim()[1] * 1.15)
    axes.set_title(case_title(case.function, case.event, "  "))
    axes.set_xlabel("US$ per million")


def _table(found: pd.DataFrame) -> pd.DataFrame:
    names = {part: f"{name} ($)" for part, (name, _) in _PARTS.items()} | {
        "memory_mb": "memory (MB)",
        "total": "total ($)",
    }
    columns = ["function", "event", "lab", "memory_mb", *_PARTS, "total"]
    return found[columns].sort_values(["function", "event", "lab"]).rename(columns=names).reset_index(drop=True)


def _alt(found: pd.DataFrame, cold_share: float) -> str:
    said = [
        f"{lab_title(line['lab'])} {case_title(line['function'], line['event'], ' ')}: {number(line['total'])}"
        for _, line in found.sort_values(["function", "event", "lab"]).iterrows()
    ]
    return (
        "Horizontal stacked bars, one panel a function: US dollars for a million invocations with "
        f"{cold_share:.1%} cold starts, split into warm calls, cold starts and requests. Totals: {'; '.join(said)}."
    )

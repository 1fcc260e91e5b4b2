from __future__ import annotations

import re
from collections.abc import Callable
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from tests.measure.test_store import row
from workshop import plots
from workshop.measure import MeasureError, data_frame
from workshop.plots import Plot
from workshop.plots.style import number

EVERY = [
    plots.cold_starts,
    plots.cold_start_phases,
    plots.warm_calls,
    plots.client_times,
    plots.cpu_times,
    plots.duration_by_memory,
    plots.cost_by_memory,
    plots.bill,
]
BY_NAME = pytest.mark.parametrize("draw", EVERY, ids=lambda draw: draw.__name__)
Draw = Callable[[pd.DataFrame], Plot]


def measured(n: int = 6, labs: tuple[str, ...] = ("01-python-baseline", "03-rust-rewrite")) -> pd.DataFrame:
    random = np.random.default_rng(2)
    rows = []
    for index, lab in enumerate(labs):
        for memory in (128, 512):
            for cold in (True, False):
                for _ in range(n):
                    duration = float(random.normal(100, 5)) / (index + 1)
                    init = float(random.normal(300, 5)) if cold else None
                    times = {"init_ms": init, "duration_ms": duration, "billed_ms": int(duration + (init or 0)) + 1}
                    cpu = {"cpu_ms": duration / 2, "init_cpu_ms": init and init / 2}
                    rows.append(row(lab=lab, memory_mb=memory, cold=cold, **times, **cpu))
    return data_frame(rows)


class Images(HTMLParser):
    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[dict[str, str | None]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        if tag == "img":
            self.found.append(dict(attributes))


@BY_NAME
def test_a_plot_says_n_and_has_text_and_table(draw: Draw) -> None:
    plot = draw(measured())
    assert plot.png().startswith(b"\x89PNG")
    assert "03 Rust" in plot.alt
    assert len(plot.table) >= 2
    (image,) = Images(plot.image_html()).found
    assert image["alt"] == plot.alt
    if draw is not plots.bill:
        assert "n" in plot.table.columns
        assert re.search(r"n\s=\s\d+", plot.figure.get_suptitle())


@BY_NAME
def test_nothing_to_plot_is_an_error_that_says_so(draw: Draw) -> None:
    failed = data_frame([row(error="HTTP 500"), row(cold=True, error="HTTP 500")])
    with pytest.raises(MeasureError, match=r"measure"):
        draw(failed)


@BY_NAME
def test_failed_invocations_are_in_no_plot(draw: Draw) -> None:
    rows = measured()
    wild = data_frame([row(lab="01-python-baseline", cold=c, duration_ms=1e9, init_ms=1e9, error="x") for c in (0, 1)])
    assert draw(pd.concat([rows, wild], ignore_index=True)).table.equals(draw(rows).table)


@BY_NAME
def test_one_lab_and_one_sample_are_enough(draw: Draw) -> None:
    assert draw(measured(1, ("02-pyo3-bindings",))).png()


@BY_NAME
def test_figures_of_two_targets_do_not_go_into_one_plot(draw: Draw) -> None:
    rows = measured()
    with pytest.raises(MeasureError, match="choose one"):
        draw(pd.concat([rows, rows.assign(target="aws")], ignore_index=True))


def test_init_and_first_duration_are_separate_panels() -> None:
    plot = plots.cold_starts(measured())
    assert [axes.get_title(loc="left") for axes in plot.figure.axes] == ["INIT", "first duration"]
    assert set(plot.table["measure"]) == {"INIT (ms)", "first duration (ms)"}


def test_each_panel_has_the_memory_sizes_that_were_measured_there() -> None:
    rows = measured()
    other = rows[rows["memory_mb"] == 512].assign(function="usage", memory_mb=1769)
    plot = plots.duration_by_memory(pd.concat([rows, other], ignore_index=True))
    assert [list(axes.get_xticks()) for axes in plot.figure.axes] == [[128, 512], [1769]]


def test_medians_in_the_table_are_those_of_the_rows() -> None:
    rows = measured()
    table = plots.warm_calls(rows).table
    line = table[table["lab"] == "03-rust-rewrite"].iloc[0]
    expected = rows[(rows["lab"] == "03-rust-rewrite") & ~rows["cold"]]["duration_ms"].median()
    assert line["median"] == pytest.approx(expected)


def test_text_from_rows_is_escaped() -> None:
    rows = measured().assign(event="<script>alert(1)</script>")
    plot = plots.warm_calls(rows)
    assert "<script>" not in plot.image_html() + plot.table_html()


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.01234, "0.0123"), (2.714, "2.71"), (33.26, "33.3"), (332.4, "332"), (5120.2, "5,120"), (0, "0"), (np.nan, "–")],
)
def test_figures_have_three_digits(value: float, text: str) -> None:
    assert number(value) == text

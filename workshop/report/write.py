"""Puts the report together from `results/measurements.jsonl`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from importlib import resources
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd
from markupsafe import Markup

from workshop import cost, plots
from workshop.labs import left_out
from workshop.labs.catalog import all_labs
from workshop.measure.errors import MeasureError
from workshop.measure.store import Results, latest, of_runs, results_directory
from workshop.plots import Plot
from workshop.plots.plot import table_html
from workshop.plots.style import case_title
from workshop.report import tables
from workshop.report.machine import machine
from workshop.report.published import sdk_cold_starts

# The run of notebook 05, in which memory sizes and labs take turns.
POWER_TUNING = "power-tuning"
_BASELINE = "01-python-baseline"


def write_report(path: Path | None = None, results: Results | None = None) -> Path:
    """Write the report (by default to `results/report.html`) and return its path.

    It shows the last run of each lab and of power tuning. Raises `MeasureError` if no lab was measured.
    """
    target = path or results_directory() / "report.html"
    rows = latest((results or Results()).rows())
    of_labs = rows[rows["run"].str.rsplit("@", n=1).str[0] == rows["lab"]]
    if of_labs.empty:
        raise MeasureError("no lab has been measured yet: run ./poe run, or a lab's notebook")
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    part.write_text(_page(of_labs, of_runs(rows, POWER_TUNING)), encoding="utf-8")
    part.replace(target)
    return target


def _page(rows: pd.DataFrame, tuning: pd.DataFrame) -> str:
    environment = jinja2.Environment(
        autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.from_string((resources.files(__package__) / "report.html.j2").read_text(encoding="utf-8"))
    prices = cost.price_list()
    targets = sorted(set(rows["target"]))
    return template.render(
        made=datetime.now(UTC).isoformat(timespec="minutes").replace("+00:00", "Z"),
        machine=machine(),
        targets=targets,
        # Figures of two targets never share a table or a plot.
        parts=[_part(target, rows[rows["target"] == target], tuning[tuning["target"] == target]) for target in targets],
        measured=_spans(rows, tuning),
        missing=_left_out(set(rows["lab"])),
        failures=_table(tables.failures(pd.concat([rows, tuning]))),
        prices=prices,
        cold_share=cost.STEADY_COLD_SHARE,
        published=_table(sdk_cold_starts()),
    )


def _part(target: str, rows: pd.DataFrame, tuning: pd.DataFrame) -> dict[str, Any]:
    found = tables.lab_tables(rows).items()
    return {
        "target": target,
        "cases": [(case_title(case.function, case.event, " · "), _table(table)) for case, table in found],
        "gains": _table(tables.gains(rows, _BASELINE)),
        "plots": [_figure(plot) for plot in _plots(rows, tuning)],
    }


def _left_out(labs: set[str]) -> dict[str, str]:
    """By lab, what this machine could not build of those that were measured: it is in no figure."""
    found = {lab.name: left_out.of_lab(lab) for lab in all_labs() if lab.name in labs}
    return {lab: left_out.sentence(functions) for lab, functions in found.items() if functions}


def _plots(rows: pd.DataFrame, tuning: pd.DataFrame) -> list[Plot]:
    """Every plot that the rows are enough for."""
    wanted: list[tuple[Callable[[pd.DataFrame], Plot], pd.DataFrame]] = [
        (plots.cold_starts, rows),
        (plots.cold_start_phases, rows),
        (plots.warm_calls, rows),
        (plots.client_times, rows),
        (plots.cpu_times, rows),
        (plots.duration_by_memory, tuning),
        (plots.cost_by_memory, tuning),
        (plots.bill, rows),
    ]
    drawn = []
    for draw, of in wanted:
        try:
            drawn.append(draw(of))
        except MeasureError:  # not measured (yet), or not told by this target
            continue
    return drawn


def _figure(plot: Plot) -> dict[str, Any]:
    # Both are escaped where they are made.
    return {"title": plot.title, "image": Markup(plot.image_html()), "table": Markup(plot.table_html())}  # noqa: S704


def _table(table: pd.DataFrame) -> Markup | None:
    return None if table.empty else Markup(table_html(table))  # noqa: S704 - escaped in table_html


def _spans(rows: pd.DataFrame, tuning: pd.DataFrame) -> list[dict[str, Any]]:
    """What was measured when, run by run."""
    every = pd.concat([rows, tuning])
    spans = []
    for run, part in every.groupby("run", sort=True):
        name, _, began = str(run).rpartition("@")
        failed = int(part["error"].notna().sum())
        spans.append({"name": name, "began": began, "rows": len(part), "failed": failed})
    return spans

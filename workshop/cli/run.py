"""`workshop run`: the main job, from nothing to the report."""

from __future__ import annotations

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def run(
    quick: Annotated[bool, typer.Option("--quick", help="Few samples: minutes instead of a coffee.")] = False,
    labs: Annotated[str, typer.Option("--labs", help="Which, by number: 01,02,03 (default: all).")] = "",
) -> None:
    """Build, deploy, measure and plot: start the local cloud, run the notebooks, write results/report.html."""
    from workshop import run as main_job

    main_job.run(quick=quick, labs=[name.strip() for name in labs.split(",") if name.strip()])

"""`workshop bench`: the figures of docs/benchmarks.md."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer()
_console = Console(width=200)


@app.command()
def bench(number: Annotated[int, typer.Option("-n", min=3, help="Samples of each figure.")] = 30) -> None:
    """Measure the local cloud itself, side by side in one run, and print a Markdown table."""
    from workshop.bench import environment, service, table
    from workshop.report.machine import machine
    from workshop.target import Cloud

    figures = [*environment.figures(number), *service.figures(Cloud.local(), number)]
    _console.print(table.markdown(figures, machine()), highlight=False, markup=False, soft_wrap=True)

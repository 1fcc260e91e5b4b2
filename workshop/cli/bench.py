"""`workshop bench`: the figures of docs/benchmarks.md."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from workshop.cli import bench_labs

app = typer.Typer()
_group = typer.Typer(help="Benchmarks: of the local cloud, or of what is named.", invoke_without_command=True)
app.add_typer(_group, name="bench")
bench_labs.add_to(_group)
_console = Console(width=200)

_NumberOption = Annotated[int, typer.Option("-n", min=3, help="Samples of each figure.")]


@_group.callback()
def bench(context: typer.Context, number: _NumberOption = 30) -> None:
    """Measure the local cloud itself, or what the subcommand names."""
    if context.invoked_subcommand is None:
        cloud(number)


@_group.command()
def cloud(number: _NumberOption = 30) -> None:
    """Measure the local cloud itself, side by side in one run, and print a Markdown table (the default)."""
    from workshop.bench import environment, service, table
    from workshop.report.machine import machine
    from workshop.target import Cloud

    figures = [*environment.figures(number), *service.figures(Cloud.local(), number)]
    _console.print(table.markdown(figures, machine()), highlight=False, markup=False, soft_wrap=True)

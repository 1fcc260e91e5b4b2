"""`workshop bench labs`: what the labs cost, side by side."""

from __future__ import annotations

from typing import Annotated

import typer


def add_to(group: typer.Typer) -> None:
    """Register the command."""
    group.command(name="labs")(labs)


def labs(
    number: Annotated[int, typer.Option("-n", min=3, help="Samples of a cold start; long walks take a sixth.")] = 30,
    only: Annotated[str, typer.Option("--only", help="Parts: init,first-call,audit,usage,memory (default: all).")] = "",
) -> None:
    """Compare the labs, every contestant in turn in one run, and print a Markdown table. They must be deployed."""
    from workshop.bench import labs as bench
    from workshop.bench import table
    from workshop.bench.labs.setting import Setting
    from workshop.report.machine import machine

    wanted = [name.strip() for name in only.split(",") if name.strip()]
    bench.check(wanted)
    typer.echo(table.markdown([], machine()))
    # Line by line: what has been measured is not lost when a later part fails.
    for figure in bench.figures(Setting.local(), number, wanted):
        typer.echo(figure.line())

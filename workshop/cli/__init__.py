"""The `workshop` command. Each part of the kit brings its own commands; here they are put together."""

from __future__ import annotations

import sys

import typer
from rich.console import Console

from workshop.errors import WorkshopError

_errors = Console(stderr=True)


def _application() -> typer.Typer:
    """What is slow to import (pandas, scipy) is imported inside the commands that need it."""
    from workshop.cli import bench, cloud, jupyter, measure, run
    from workshop.doctor.cli import app as doctor
    from workshop.labs.cli import app as labs

    app = typer.Typer(
        name="workshop",
        help="Rustifying serverless: build, deploy, call and measure the labs.",
        no_args_is_help=True,
        pretty_exceptions_show_locals=False,
    )
    for part in (run.app, labs, measure.app, bench.app, cloud.app, jupyter.app, doctor):
        app.registered_commands += part.registered_commands
        app.registered_groups += part.registered_groups
    return app


def main() -> None:
    """Run a command. What is expected to go wrong ends in one sentence and exit code 1; Ctrl-C in 130."""
    try:
        _application()()
    except WorkshopError as error:
        _errors.print(f"[bold red]workshop:[/] {error}", highlight=False, soft_wrap=True)
        sys.exit(1)
    except KeyboardInterrupt:
        _errors.print("interrupted")
        sys.exit(130)

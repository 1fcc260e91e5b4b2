"""`workshop doctor`."""

from __future__ import annotations

import dataclasses
import json
from typing import Annotated

import typer
from rich.console import Console

from workshop.doctor.checks import examine
from workshop.doctor.finding import is_fit
from workshop.doctor.table import show

_WIDTH_OF_A_LOG = 160

app = typer.Typer()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Print the findings as JSON instead of a table.")] = False,
) -> None:
    """Check this machine: what is missing, why it is needed and the command that mends it.

    Exit code 1 if anything required is missing.
    """
    findings = examine()
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
    else:
        # Output that goes into a file or a log is not wrapped to the 80 columns Rich assumes for it.
        console = Console()
        show(findings, console if console.is_terminal else Console(width=_WIDTH_OF_A_LOG))
    if not is_fit(findings):
        raise typer.Exit(1)

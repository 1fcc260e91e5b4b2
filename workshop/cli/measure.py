"""`workshop measure`: measure any Lambda function, one of a lab's or one's own."""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from workshop.cli.target import ProfileOption, RegionOption, Target, TargetOption, cloud_of

if TYPE_CHECKING:
    import pandas as pd

    from workshop.measure import LambdaFunction

app = typer.Typer()
_console = Console()


class What(StrEnum):
    """The ways to measure."""

    COLD = "cold"
    WARM = "warm"
    POWER = "power"


@app.command()
def measure(
    function: Annotated[str, typer.Argument(help="Name or ARN of a function, or LAB/FUNCTION such as 01/buckets.")],
    what: Annotated[What, typer.Option("--what", help="Cold starts, warm calls, or power tuning.")] = What.COLD,
    number: Annotated[int, typer.Option("-n", min=1, help="Samples (of each memory size, for power tuning).")] = 10,
    payload: Annotated[Path | None, typer.Option("--payload", exists=True, help="File with the JSON event.")] = None,
    target: TargetOption = Target.LOCAL,
    profile: ProfileOption = None,
    region: RegionOption = None,
) -> None:
    """Measure a function. Its configuration is put back as it was; rows go to results/measurements.jsonl."""
    from workshop.measure import Event, Results, cold_starts, power_tuning, warm_calls

    event = Event(payload.name if payload else "{}", _event(payload))
    cloud = cloud_of(target, profile, region)
    measured = _function(cloud, function)
    run = Results().begin(f"workshop measure {what}", [measured], n=number)
    if what is What.POWER:
        tuned = power_tuning(measured, event, num=number, run=run)
        _console.print_json(data=tuned.output)
    else:
        take = cold_starts if what is What.COLD else warm_calls
        _print(take(measured, event, n=number, run=run))
    run.finish()


def _event(payload: Path | None) -> Any:
    if payload is None:
        return {}
    try:
        return json.loads(payload.read_text())
    except ValueError as error:
        raise typer.BadParameter(f"{payload} is not JSON: {error}") from error


def _function(cloud: Any, name: str) -> LambdaFunction:
    from workshop.labs import Lab
    from workshop.measure import CLIENT_CONFIG, LambdaFunction

    lab, slash, short = name.partition("/")
    if slash:
        return Lab(lab).attach(cloud).function(short)
    return LambdaFunction(cloud.client("lambda", config=CLIENT_CONFIG), name, function=name, target=cloud.name)


def _print(rows: pd.DataFrame) -> None:
    from workshop.measure import summary

    failed = rows[rows["error"].notna()]
    for column in ("init_ms", "duration_ms", "billed_ms", "client_ms", "cpu_ms", "max_memory_mb"):
        values = rows[column].dropna()
        if len(values):
            _console.print(f"{column:>14}  {_told(summary(values))}", highlight=False)
    for error, group in failed.groupby("error"):
        _console.print(f"[red]{len(group)} failed:[/] {error}", highlight=False)


def _told(found: Any) -> str:
    return f"median {found.median:.2f} [{found.low:.2f}, {found.high:.2f}]  p95 {found.p95:.2f}  n = {found.n}"

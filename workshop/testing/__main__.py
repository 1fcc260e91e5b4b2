"""`python -m workshop.testing`, which is `./poe test`."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

from workshop.testing.runner import InterruptedRunError, exit_code, run, summarise
from workshop.testing.step import Step
from workshop.testing.steps import all_steps

_WIDTH_OF_A_LOG = 120


def main(
    only: Annotated[list[str] | None, typer.Option(help="Run this stage or step only (may be repeated).")] = None,
    skip: Annotated[list[str] | None, typer.Option(help="Leave out this stage or step (may be repeated).")] = None,
    keep_going: Annotated[bool, typer.Option("--keep-going", help="Go on after a stage that failed.")] = False,
    show: Annotated[bool, typer.Option("--list", help="List the steps, run none.")] = False,
) -> None:
    """Run everything that CI runs; the local cloud is stopped at the end."""
    console = Console()
    if not console.is_terminal:
        console = Console(width=_WIDTH_OF_A_LOG)
    steps = _chosen(all_steps(), only or [], skip or [])
    if show:
        for step in steps:
            console.print(f"{step.stage}: {step.name}: {' '.join(step.command)}", highlight=False, soft_wrap=True)
        return
    try:
        results = run(steps, console, keep_going=keep_going)
    except InterruptedRunError as interruption:
        summarise(interruption.results, console)
        raise typer.Exit(130) from interruption
    summarise(results, console)
    raise typer.Exit(exit_code(results))


def _chosen(steps: list[Step], only: list[str], skip: list[str]) -> list[Step]:
    names = {name for step in steps for name in (step.stage, step.name)}
    unknown = sorted({*only, *skip} - names)
    if unknown:
        raise typer.BadParameter(f"no stage or step '{unknown[0]}': --list shows them all")
    wanted = [step for step in steps if not only or {step.stage, step.name} & set(only)]
    return [step for step in wanted if not {step.stage, step.name} & set(skip)]


if __name__ == "__main__":
    typer.run(main)

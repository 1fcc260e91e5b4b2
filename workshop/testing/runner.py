"""Runs steps in their stages and sums up."""

from __future__ import annotations

import contextlib
import itertools
import os
import subprocess
import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from workshop.testing.step import Outcome, Result, Step
from workshop.testing.steps import CLEAN_UP, ROOT

_PATIENCE_S = 15.0
_STYLE = {Outcome.PASSED: "green", Outcome.FAILED: "bold red", Outcome.LEFT_OUT: "yellow", Outcome.NOT_RUN: "yellow"}


class InterruptedRunError(Exception):
    """Ctrl-C came; `results` tells how far it went, the clean-up included."""

    def __init__(self, results: list[Result]) -> None:
        super().__init__("interrupted")
        self.results = results


def run(steps: Sequence[Step], console: Console, *, keep_going: bool = False, root: Path = ROOT) -> list[Result]:
    """Run all steps, stage by stage; after a stage with a failure only the clean-up runs, unless `keep_going`.

    Raises InterruptedRunError after a Ctrl-C, when the clean-up has been done.
    """
    results: list[Result] = []
    failed = interrupted = False
    for stage, group in itertools.groupby(steps, key=lambda step: step.stage):
        runs = stage == CLEAN_UP or not (interrupted or (failed and not keep_going))
        for step in group:
            try:
                result = _run_step(step, console, root) if runs else Result(step, Outcome.NOT_RUN)
            except KeyboardInterrupt:
                interrupted, runs = True, False
                result = Result(step, Outcome.NOT_RUN)
            results.append(result)
            failed = failed or result.outcome is Outcome.FAILED
    if interrupted:
        raise InterruptedRunError(results)
    return results


def _run_step(step: Step, console: Console, root: Path) -> Result:
    console.rule(f"[bold]{step.stage}: {step.name}", align="left")
    console.print(f"$ {' '.join(step.command)}", style="dim", markup=False, highlight=False, soft_wrap=True)
    if not step.program_is_there:
        console.print(f"left out: {step.command[0]} is not on PATH (./poe doctor tells how to get it)", style="yellow")
        return Result(step, Outcome.LEFT_OUT)
    environment = {**os.environ, "SAM_CLI_TELEMETRY": "0", **step.environment}
    start = time.monotonic()
    code = _wait(subprocess.Popen(step.command, cwd=root, env=environment))
    seconds = time.monotonic() - start
    outcome = Outcome.FAILED if code else Outcome.PASSED
    console.print(f"[{_STYLE[outcome]}]{outcome}[/] {step.name}: {seconds:.1f} s")
    return Result(step, outcome, seconds)


def _wait(process: subprocess.Popen[bytes]) -> int:
    """The exit code. A Ctrl-C reaches the process from the terminal too: it gets time to tidy up, then it is ended."""
    try:
        return process.wait()
    except KeyboardInterrupt:
        for end in (process.terminate, process.kill):
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(_PATIENCE_S)
                break
            end()
        process.wait()
        raise


def summarise(results: Iterable[Result], console: Console) -> None:
    """A line for each step, the time of all, and the verdict."""
    results = list(results)
    table = Table(box=None, pad_edge=False)
    for heading in ("", "stage", "step"):
        table.add_column(heading)
    table.add_column("seconds", justify="right")
    for result in results:
        outcome = f"[{_STYLE[result.outcome]}]{result.outcome}[/]"
        table.add_row(outcome, result.step.stage, result.step.name, f"{result.seconds:.1f}")
    console.rule("[bold]summary", align="left")
    console.print(table)
    failed = [result.step.name for result in results if result.outcome is Outcome.FAILED]
    total = sum(result.seconds for result in results)
    verdict = f"[bold red]FAILED: {', '.join(failed)}[/]" if failed else "[green]passed[/]"
    console.print(f"{verdict} in {total / 60:.1f} min")


def exit_code(results: Iterable[Result]) -> int:
    """0 if something ran and nothing failed."""
    outcomes = {result.outcome for result in results}
    return 0 if Outcome.FAILED not in outcomes and Outcome.PASSED in outcomes else 1

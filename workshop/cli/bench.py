"""`workshop bench`: the figures of docs/benchmarks.md and docs/fidelity.md."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer()
_group = typer.Typer(help="Benchmarks: of the local cloud, or of what is named.", invoke_without_command=True)
app.add_typer(_group, name="bench")
_console = Console(width=200)

_NumberOption = Annotated[int, typer.Option("-n", min=3, help="Samples of each figure.")]
_WriteOption = Annotated[bool, typer.Option("--write", help="Put the table into its document in docs/.")]


@_group.callback()
def bench(context: typer.Context, number: _NumberOption = 30, write: _WriteOption = False) -> None:
    """Measure the local cloud itself, or what the subcommand names."""
    if context.invoked_subcommand is None:
        cloud(number, write)


@_group.command()
def cloud(number: _NumberOption = 30, write: _WriteOption = False) -> None:
    """Measure the local cloud itself: environments, invocations, a REST API (the default)."""
    from workshop.bench import api, client, environment, service, table
    from workshop.report.machine import machine
    from workshop.target import Cloud

    target = Cloud.local()
    figures = [*environment.figures(number), *client.figures(number)]
    figures += [*service.figures(target, number), *api.figures(target, number)]
    _finish("cloud", table.markdown(figures, machine()), write)


@_group.command()
def fidelity(number: _NumberOption = 10, write: _WriteOption = False) -> None:
    """Set the DynamoDB light workload, in Rust and Python at five memory sizes, beside AWS's published figures."""
    from workshop.bench import fidelity as figures
    from workshop.report.machine import machine
    from workshop.target import Cloud

    _finish("fidelity", figures.markdown(figures.measure(Cloud.local(), number), machine(), number), write)


@_group.command()
def tls(number: _NumberOption = 10, write: _WriteOption = False) -> None:
    """Measure what HTTPS adds to a first call, in each runtime."""
    from workshop.bench import tls as figures
    from workshop.report.machine import machine
    from workshop.target import Cloud

    _finish("tls", figures.markdown(figures.measure(Cloud.local(), number), machine(), number), write)


@_group.command()
def labs(
    number: Annotated[int, typer.Option("-n", min=3, help="Samples of a cold start; long walks take a sixth.")] = 30,
    only: Annotated[str, typer.Option("--only", help="Parts: init,first-call,audit,usage,memory (default: all).")] = "",
    write: _WriteOption = False,
) -> None:
    """Compare the labs, every contestant in turn in one run. They must be deployed."""
    from workshop.bench import labs as bench_labs
    from workshop.bench import table
    from workshop.bench.labs.setting import Setting
    from workshop.report.machine import machine

    wanted = _names(only)
    bench_labs.check(wanted)
    lines = [table.markdown([], machine())]
    typer.echo(lines[0])
    # Line by line: what has been measured is not lost when a later part fails.
    for figure in bench_labs.figures(Setting.local(), number, wanted):
        lines.append(figure.line())
        typer.echo(lines[-1])
    if write:
        _write("labs", "\n".join(lines))


@_group.command()
def layer(
    number: _NumberOption = 30,
    only: Annotated[str, typer.Option("--only", help="Functions of lab 04: objects,lifecycle,… (default: all).")] = "",
    write: _WriteOption = False,
) -> None:
    """Measure what lab 04's layer costs each function, and the same extension in Python. The lab must be deployed."""
    from workshop.bench import layer as figures
    from workshop.bench import table
    from workshop.report.machine import machine
    from workshop.target import Cloud

    _finish("layer", table.markdown(figures.figures(Cloud.local(), number, _names(only)), machine()), write)


@_group.command()
def secrets(number: _NumberOption = 30, write: _WriteOption = False) -> None:
    """Measure what a secret from lab 04's extension saves each runtime, beside its SDK. The lab must be deployed."""
    from workshop.bench import secrets as figures
    from workshop.report.machine import machine
    from workshop.target import Cloud

    _finish("secrets", figures.markdown(figures.measure(Cloud.local(), number), machine(), number), write)


@_group.command()
def variants(number: _NumberOption = 20, write: _WriteOption = False) -> None:
    """Compare ways to compile a Rust function. Lab 03 must be deployed; the first run compiles the SDK a few times."""
    from workshop.bench import variants as figures
    from workshop.report.machine import machine
    from workshop.target import Cloud

    _finish("variants", figures.markdown(figures.measure(Cloud.local(), number), machine(), number), write)


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _finish(name: str, markdown: str, write: bool) -> None:
    _console.print(markdown, highlight=False, markup=False, soft_wrap=True)
    if write:
        _write(name, markdown)


def _write(name: str, markdown: str) -> None:
    from workshop.bench import documents

    documents.write(name, markdown)

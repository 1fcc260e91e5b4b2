"""`workshop bench`: the figures of docs/benchmarks.md and docs/fidelity.md."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer
from rich.console import Console

app = typer.Typer()
_console = Console(width=200)


class Benchmark(StrEnum):
    """What can be measured."""

    CLOUD = "cloud"
    FIDELITY = "fidelity"
    TLS = "tls"


_SAMPLES = {Benchmark.CLOUD: 30, Benchmark.FIDELITY: 10, Benchmark.TLS: 10}


@app.command()
def bench(
    what: Annotated[
        Benchmark,
        typer.Argument(help="The local cloud itself; figures next to AWS's; what HTTPS adds to a first call."),
    ] = Benchmark.CLOUD,
    number: Annotated[
        int | None, typer.Option("-n", min=3, help="Samples of each figure (30; 10 of cold starts).")
    ] = None,
    write: Annotated[bool, typer.Option("--write", help="Put the table into its document in docs/.")] = False,
) -> None:
    """Measure the local cloud, side by side in one run, and print Markdown tables."""
    from workshop.bench import documents

    markdown = _measured(what, number or _SAMPLES[what])
    _console.print(markdown, highlight=False, markup=False, soft_wrap=True)
    if write:
        documents.write(what.value, markdown)


def _measured(what: Benchmark, n: int) -> str:
    from workshop.bench import api, environment, fidelity, service, table, tls
    from workshop.report.machine import machine
    from workshop.target import Cloud

    cloud = Cloud.local()
    match what:
        case Benchmark.CLOUD:
            figures = [*environment.figures(n), *service.figures(cloud, n), *api.figures(cloud, n)]
            return table.markdown(figures, machine())
        case Benchmark.FIDELITY:
            return fidelity.markdown(fidelity.measure(cloud, n), machine(), n)
        case Benchmark.TLS:
            return tls.markdown(tls.measure(cloud, n), machine(), n)

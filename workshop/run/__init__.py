"""The main job: from a checkout to `results/report.html`, with progress all the way."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console

from workshop.cloud import paths
from workshop.run import notebooks
from workshop.target import Cloud

_console = Console()


def run(*, quick: bool, labs: list[str]) -> None:
    """Start the cloud, build and deploy the labs, seed demo data, run the notebooks, write the report.

    `labs` are numbers or names; empty means all. Raises CloudError, LabError or NotebookError.
    """
    from workshop.labs import Lab, catalog, seed
    from workshop.report import write_report

    chosen = [catalog.find_lab(name) for name in labs] or catalog.all_labs()
    begun = time.monotonic()
    with _step("local cloud"):
        cloud = Cloud.local()
    for folder in chosen:
        with _step(f"build and deploy {folder.name}"):
            Lab(folder.name).deploy(cloud)
    with _step("demo data"):
        seed.seed(cloud)
    os.environ["WORKSHOP_QUICK"] = "1" if quick else "0"
    for notebook in notebooks.for_labs({folder.number for folder in chosen}):
        with _step(notebook.stem):
            notebooks.execute(notebook)
    with _step("report"):
        report = write_report()
    minutes = (time.monotonic() - begun) / 60
    _console.print(f"[bold]done[/] in {minutes:.1f} min: {report.relative_to(paths.ROOT)}", highlight=False)


@contextmanager
def _step(title: str) -> Iterator[None]:
    _console.print(f"[bold]▸ {title}[/]", highlight=False)
    begun = time.monotonic()
    yield
    _console.print(f"  {title}: {time.monotonic() - begun:.1f} s", style="dim", highlight=False)

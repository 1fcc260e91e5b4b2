"""`workshop start | stop | status | reset`: the local cloud."""

from __future__ import annotations

import shutil
from typing import Annotated

import typer
from rich.console import Console

from workshop.cloud import control, paths
from workshop.cloud.errors import CloudError

app = typer.Typer()
_console = Console()


@app.command()
def start() -> None:
    """Start the local cloud, if it is not running."""
    server = control.ensure_running()
    _console.print(f"local cloud: {server.endpoint_url} (process {server.pid})", highlight=False)


@app.command()
def status() -> None:
    """Tell whether the local cloud runs, and where."""
    server = control.current()
    if server is None:
        raise CloudError("the local cloud is not running: start it with ./poe build-and-deploy")
    _console.print(f"local cloud: {server.endpoint_url} (process {server.pid})", highlight=False)


@app.command()
def stop() -> None:
    """Stop the local cloud and all it started, and show that nothing is left."""
    left = control.stop()
    if left:
        raise CloudError(f"could not be removed: {left}. End these processes by hand, then run ./poe stop again")
    _console.print("local cloud: stopped; no process, cgroup or mount of it is left", highlight=False)


@app.command()
def reset(
    results: Annotated[bool, typer.Option("--results", help="Forget the measurements in results/ too.")] = False,
) -> None:
    """Stop the local cloud and forget what was deployed and built for it. Measurements stay, unless asked."""
    stop()
    for name in ("cloud", "builds"):
        shutil.rmtree(paths.state_directory() / name, ignore_errors=True)
    if results:
        shutil.rmtree(paths.ROOT / "results", ignore_errors=True)
    _console.print("reset: the next ./poe run builds and deploys afresh", highlight=False)

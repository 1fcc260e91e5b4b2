"""`workshop lab`: JupyterLab on the notebooks."""

from __future__ import annotations

import os
import sys

import typer

from workshop.cloud import paths

app = typer.Typer()


@app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})
def lab(context: typer.Context) -> None:
    """Open JupyterLab on the notebooks; further arguments go to `jupyter lab`."""
    command = [sys.executable, "-m", "jupyterlab", f"--notebook-dir={paths.ROOT / 'notebooks'}", *context.args]
    os.execv(sys.executable, command)  # noqa: S606 - replaces this process, so that Ctrl-C reaches JupyterLab itself

"""Runs the notebooks in order; the executed copies, with their plots, go to `results/notebooks/`."""

from __future__ import annotations

import re
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from tqdm.auto import tqdm

from workshop.cloud.errors import CloudError
from workshop.cloud.paths import ROOT

NOTEBOOKS = ROOT / "notebooks"
# A cell that builds Rust from nothing takes minutes on a small machine.
_CELL_LIMIT_S = 30 * 60


class NotebookError(CloudError):
    """A cell failed; the message names the notebook, the cell's first line and the error."""


def for_labs(numbers: set[str]) -> list[Path]:
    """The notebooks of the labs with these two-digit numbers, in order, and those that belong to no lab."""
    lab_numbers = {path.name[:2] for path in (ROOT / "labs").glob("[0-9][0-9]-*")}
    every = sorted(NOTEBOOKS.glob("[0-9][0-9]-*.ipynb"))
    return [path for path in every if path.name[:2] in numbers or path.name[:2] not in lab_numbers]


def execute(path: Path) -> Path:
    """Run one notebook from top to bottom. Raises NotebookError; what had run by then is kept."""
    notebook = nbformat.read(path, as_version=4)  # type: ignore[no-untyped-call]
    code_cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    target = ROOT / "results" / "notebooks" / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    with tqdm(total=len(code_cells), desc=f"  {path.stem}", unit="cell", leave=False) as progress:
        client = NotebookClient(
            notebook,
            timeout=_CELL_LIMIT_S,
            resources={"metadata": {"path": str(NOTEBOOKS)}},
            on_cell_executed=lambda **_: progress.update(1),
        )
        try:
            client.execute()
        except CellExecutionError as error:
            raise NotebookError(_explain(path, error)) from error
        finally:
            nbformat.write(notebook, target)  # type: ignore[no-untyped-call]
    return target


def _explain(path: Path, error: CellExecutionError) -> str:
    first_line = re.sub(r"\s+", " ", error.traceback.strip().splitlines()[0]) if error.traceback else ""
    return f"{path.name}: {error.ename}: {error.evalue} (cell: {first_line[:80]}); open it with ./poe lab"

"""What can be said of the notebooks without running them. `pytest --nbval-lax notebooks` runs them."""

from __future__ import annotations

import ast
import re
from collections import Counter
from pathlib import Path

import nbformat
import pytest

NOTEBOOKS = sorted((Path(__file__).parents[2] / "notebooks").glob("*.ipynb"))
CHECKED = "# NBVAL_CHECK_OUTPUT"
# Token, access key id, private key, password hash, address of a local server.
SECRETS = re.compile(r"eyJ[\w-]{10,}|A[KS]IA[A-Z0-9]{12,}|BEGIN [A-Z ]*PRIVATE KEY|\$scrypt\$|127\.0\.0\.1:\d+")

pytestmark = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def read(path: Path) -> nbformat.NotebookNode:
    return nbformat.read(path, as_version=nbformat.NO_CONVERT)


def code_of(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in read(path).cells if cell.cell_type == "code"]


def position(path: Path, text: str) -> int:
    return next(number for number, cell in enumerate(read(path).cells) if text in cell.source)


def test_it_is_a_notebook_with_readable_ids_that_stay(path: Path) -> None:
    notebook = read(path)
    nbformat.validate(notebook)
    assert (notebook.nbformat, notebook.nbformat_minor) == (4, 5)
    assert notebook.metadata.kernelspec.name == "python3"
    ids = Counter(cell.id for cell in notebook.cells)
    assert max(ids.values()) == 1
    assert all(re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", cell_id) for cell_id in ids)


def test_outputs_are_kept_only_of_cells_that_are_the_same_everywhere(path: Path) -> None:
    for cell in code_of(path):
        if CHECKED in cell.source:
            assert cell.execution_count, f"{cell.id}: nbval does not check a cell that was never run"
            assert [output.name for output in cell.outputs] == ["stdout"], cell.id
        else:
            assert cell.outputs == [], cell.id
            assert cell.execution_count is None, cell.id


def test_something_is_checked(path: Path) -> None:
    assert any(CHECKED in cell.source for cell in code_of(path))


def test_no_secret_and_no_place_of_one_machine(path: Path) -> None:
    text = path.read_text()
    assert not SECRETS.search(text)
    assert "/home/" not in text
    assert not re.search(r"print\([^)]*(password|token|payload)", text)


def test_code_parses_and_its_imports_are_there(path: Path) -> None:
    for cell in code_of(path):
        tree = ast.parse(cell.source)
        imports = [node for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
        exec(compile(ast.Module(imports, []), f"{path.name}:{cell.id}", "exec"), {})


def test_it_tells_a_story(path: Path) -> None:
    cells = read(path).cells
    assert cells[0].cell_type == "markdown"
    assert cells[0].source.startswith("# ")
    assert "minutes" in cells[0].source
    assert cells[-1].source.startswith(("## Take with you", "## Decide"))
    questions = [cell for cell in cells if cell.cell_type == "markdown" and "?" in cell.source]
    assert len(questions) >= 4


def test_predictions_come_before_measurements(path: Path) -> None:
    if path.stem.startswith("05"):
        pytest.skip("the results notebook has no predictions of its own")
    first_measurement = position(path, "cold_starts(light")
    assert position(path, "predictions = {") < first_measurement < position(path, "compare(predictions")


def test_no_guess_is_left_in_the_predictions(path: Path) -> None:
    if path.stem.startswith("05"):
        pytest.skip("the results notebook has no predictions of its own")
    source = read(path).cells[position(path, "predictions = {")].source
    (assignment,) = ast.parse(source).body
    assert isinstance(assignment, ast.Assign)
    guesses = ast.literal_eval(assignment.value)
    assert guesses
    assert set(guesses.values()) == {None}


def test_what_is_measured_is_kept_and_the_run_is_finished(path: Path) -> None:
    begun, finished = position(path, "results.begin("), position(path, "run.finish()")
    assert begun <= finished
    assert "run=run" in read(path).cells[begun].source


def test_sizes_come_from_one_place(path: Path) -> None:
    source = "\n".join(cell.source for cell in code_of(path))
    assert "n = sizes()" in source
    assert "WORKSHOP_QUICK" not in source
    assert not re.search(r"\b(n|num)=\d", source)

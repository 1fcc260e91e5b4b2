"""Benchmarks find their place in the documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.bench import documents
from workshop.cloud.errors import CloudError
from workshop.cloud.paths import ROOT

OTHER = "<!-- bench fidelity -->\n<!-- /bench fidelity -->\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "docs").mkdir()
    return tmp_path


def test_only_what_is_between_the_marks_is_replaced(root: Path) -> None:
    document = root / "docs" / "fidelity.md"
    document.write_text(f"a\n<!-- bench tls -->\nold\n<!-- /bench tls -->\nb\n{OTHER}")
    assert documents.write("tls", "| new |", root) == document
    once = document.read_text()
    assert once == (f"a\n<!-- bench tls -->\n\n| new |\n\n<!-- /bench tls -->\nb\n{OTHER}")
    documents.write("tls", "| new |", root)
    assert document.read_text() == once


@pytest.mark.parametrize(
    "text",
    [
        "no marks\n",
        "<!-- bench tls -->\n",
        "<!-- /bench tls -->\n<!-- bench tls -->\n",
        "<!-- bench tls -->\n<!-- /bench tls -->\n<!-- bench tls -->\n<!-- /bench tls -->\n",
    ],
)
def test_missing_or_doubtful_marks_are_an_error_and_nothing_is_written(root: Path, text: str) -> None:
    document = root / "docs" / "fidelity.md"
    document.write_text(text)
    with pytest.raises(CloudError, match="needs one line <!-- bench tls -->"):
        documents.write("tls", "new", root)
    assert document.read_text() == text


@pytest.mark.parametrize("name", documents.DOCUMENTS)
def test_every_benchmark_has_its_place(name: str, root: Path) -> None:
    place = documents.DOCUMENTS[name]
    (root / place).write_text((ROOT / place).read_text())
    assert "| new |" in documents.write(name, "| new |", root).read_text()

"""README and docs name only tasks, options of ./poe and files that exist."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from tests.packaging.project import ROOT, tasks

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")), *sorted((ROOT / ".devcontainer").glob("*.md"))]


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_task_in_it_exists(document: Path) -> None:
    named = set(re.findall(r"(?:\./| run )poe ([a-z][a-z-]*)", document.read_text()))
    # "./poe task" in running text may be followed by a plain word; a task's name is in code.
    quoted = {task for task in named if re.search(rf"[`(/ ]poe {task}\b", document.read_text())}
    assert quoted - set(tasks()) == set()


def test_the_readme_names_every_task() -> None:
    named = set(re.findall(r"`\./poe ([a-z-]+)", (ROOT / "README.md").read_text()))
    assert set(tasks()) - named == set()


@pytest.mark.parametrize("document", DOCUMENTS, ids=name)
def test_every_link_inside_the_project_leads_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)", document.read_text())
    inside = [link for link in links if "://" not in link and not link.startswith("mailto:")]
    assert [link for link in inside if not (document.parent / link).exists()] == []


def test_ci_runs_exactly_the_tests() -> None:
    lines = [line for line in (ROOT / ".ci/run").read_text().splitlines() if line and not line.startswith("#")]
    assert lines[-1] == "exec ./poe test"
    assert [line.split()[0] for line in lines[:-1]] == ["set", "cd"]


@pytest.mark.parametrize("script", ["poe", ".ci/run", ".devcontainer/install.sh"])
def test_scripts_are_executable(script: str) -> None:
    assert os.access(ROOT / script, os.X_OK)

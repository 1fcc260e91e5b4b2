"""A small project with the real ./poe: it installs uv, poetry-core and poethepoet only, which takes seconds."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

from tests.packaging.project import ROOT, toml

PYPROJECT = """\
[project]
name = "small"
version = "1.0"
[tool.poetry]
packages = [{ include = "small.py" }]
[tool.poe.tasks]
where = { cmd = "python -c 'import small; print(small.__file__)'" }
say = "echo"
fail = "false"
[build-system]
requires = ["poetry-core"]
build-backend = "poetry.core.masonry.api"
"""


def make_checkout(directory: Path) -> Path:
    """A checkout at `directory`, whose pins are taken from this project's."""
    directory.mkdir(parents=True)
    shutil.copy(ROOT / "poe", directory / "poe")
    (directory / "pyproject.toml").write_text(PYPROJECT)
    (directory / "small.py").touch()
    (directory / "requirements.txt").write_text(_pins_of(_with_dependencies(["uv", "poetry-core", "poethepoet"])))
    return directory


def run_poe(
    checkout: Path, *arguments: str, cwd: Path | None = None, **environment: str
) -> subprocess.CompletedProcess[str]:
    """`./poe arguments`, with none of the variables that this test run's own ./poe has set."""
    inherited = {name: value for name, value in os.environ.items() if name not in {"VIRTUAL_ENV", "PYTHONPATH"}}
    return subprocess.run(
        [checkout / "poe", *arguments],
        cwd=cwd or checkout,
        env={**inherited, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )


def _with_dependencies(names: list[str]) -> set[str]:
    packages = {package["name"]: package for package in toml(ROOT / "poetry.lock")["package"]}
    found: set[str] = set()
    todo = list(names)
    while todo:
        name = todo.pop().lower()
        if name in packages and name not in found:
            found.add(name)
            todo += packages[name].get("dependencies", {})
    return found


def _pins_of(names: set[str]) -> str:
    entries = re.findall(r"^\S.*(?:\n +.*)*\n", (ROOT / "requirements.txt").read_text(), flags=re.MULTILINE)
    return "".join(entry for entry in entries if entry.split("==")[0].split("[")[0] in names)

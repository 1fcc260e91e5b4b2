"""The other way in: `poetry install`, for real, into an environment of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.packaging.project import ROOT

pytestmark = pytest.mark.slow

TOOLS = ("poetry==2.5.1", "poetry-plugin-export==1.10.1", "poetry-plugin-pypi-mirror==0.6.5")


def run(*command: str | Path, cwd: Path, **environment: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if name != "VIRTUAL_ENV"}
    result = subprocess.run(
        command, cwd=cwd, env={**inherited, **environment}, capture_output=True, text=True, check=False, timeout=900
    )
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


def mirror() -> dict[str, str]:
    """Poetry asks an index's JSON API, which mirrors often lack; the plugin has it use the address that pip uses."""
    from pip._internal.models.index import PyPI

    return {"POETRY_PYPI_MIRROR_URL": os.environ.get("POETRY_PYPI_MIRROR_URL", PyPI.simple_url)}


@pytest.fixture(scope="module")
def poetry(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Poetry in an environment of its own: its dependencies are not ours."""
    home = tmp_path_factory.mktemp("poetry")
    uv = Path(sys.executable).with_name("uv")
    run(uv, "venv", "--python", sys.executable, "env", cwd=home)
    run(uv, "pip", "install", *TOOLS, cwd=home, VIRTUAL_ENV=str(home / "env"))
    return home / "env/bin/poetry"


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("checkout")
    for name in ("pyproject.toml", "poetry.lock", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, directory / name)
    shutil.copytree(ROOT / "workshop", directory / "workshop", ignore=shutil.ignore_patterns("__pycache__"))
    return directory


def test_the_lock_fits_pyproject(poetry: Path, checkout: Path) -> None:
    run(poetry, "check", "--lock", cwd=checkout, **mirror())


def test_the_export_is_the_committed_file(poetry: Path, checkout: Path) -> None:
    exported = run(poetry, "export", "--without-urls", "--with", "dev", cwd=checkout, **mirror())
    assert exported.strip() == (ROOT / "requirements.txt").read_text().strip()


def test_poetry_install_gives_an_environment_that_works(poetry: Path, checkout: Path, tmp_path: Path) -> None:
    run(poetry, "install", "--no-interaction", cwd=checkout, POETRY_VIRTUALENVS_IN_PROJECT="true", **mirror())
    environment = checkout / ".venv/bin"
    where = run(environment / "python", "-c", "import workshop; print(workshop.__file__)", cwd=tmp_path)
    assert where.strip() == str(checkout / "workshop/__init__.py")
    assert "doctor" in run(environment / "workshop", "--help", cwd=tmp_path)
    listed = run(environment / "poe", "--directory", checkout, "--help", cwd=tmp_path)
    assert "build-and-deploy" in listed

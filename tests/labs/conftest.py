from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from workshop.labs import build, demo_users, deploy, records, sam
from workshop.labs.lab import Lab
from workshop.target import Cloud

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.fixture
def state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A state folder of the test's own in the place of the checkout's `.workshop`."""
    base = tmp_path / "state"

    def private_directory(*parts: str) -> Path:
        directory = base.joinpath(*parts)
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        return directory

    for module in (build, demo_users, deploy, records, sam):
        monkeypatch.setattr(module, "private_directory", private_directory)
    return base


@pytest.fixture
def labs(tmp_path: Path) -> Path:
    """A folder of labs with the tiny one in it, free to be changed."""
    directory = tmp_path / "labs"
    shutil.copytree(FIXTURES / "90-tiny", directory / "90-tiny", ignore=shutil.ignore_patterns(".aws-sam"))
    return directory


@pytest.fixture(scope="session")
def tiny(cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """The tiny lab, deployed to the local cloud, and taken away in the end."""
    directory = tmp_path_factory.mktemp("labs")
    shutil.copytree(FIXTURES / "90-tiny", directory / "90-tiny", ignore=shutil.ignore_patterns(".aws-sam"))
    lab = Lab("90", directory=directory)
    try:
        yield lab.deploy(cloud)
    finally:
        lab.delete(cloud)

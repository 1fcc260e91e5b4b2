"""What the installed package says of itself."""

from __future__ import annotations

import importlib.metadata

from tests.packaging.project import ROOT, toml

PROJECT = toml(ROOT / "pyproject.toml")["project"]


def test_the_environment_runs_this_checkout() -> None:
    import workshop

    assert workshop.__file__ == str(ROOT / "workshop/__init__.py")


def test_metadata() -> None:
    metadata = importlib.metadata.metadata(PROJECT["name"])
    assert metadata["Version"] == PROJECT["version"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Summary"]


def test_the_workshop_command() -> None:
    (command,) = importlib.metadata.entry_points(group="console_scripts", name="workshop")
    assert command.value == PROJECT["scripts"]["workshop"]
    assert callable(command.load())


def test_the_license_is_there_in_full() -> None:
    text = (ROOT / "LICENSE").read_text()
    assert "Apache License" in text
    assert "END OF TERMS AND CONDITIONS" in text


def test_the_rust_workspace_has_the_same_license_and_version() -> None:
    package = toml(ROOT / "Cargo.toml")["workspace"]["package"]
    assert (package["license"], package["version"]) == (PROJECT["license"], PROJECT["version"])

"""requirements.txt, which ./poe installs, is what poetry.lock says, and that is what pyproject.toml asks for."""

from __future__ import annotations

from tests.packaging.project import ROOT, declared, pins_of_lock, pins_of_requirements

EXPORT = "run: poetry lock && poetry export --without-urls --with dev -o requirements.txt"


def test_requirements_are_the_lock() -> None:
    locked, required = pins_of_lock(ROOT / "poetry.lock"), pins_of_requirements(ROOT / "requirements.txt")
    assert required - locked == set(), EXPORT
    assert locked - required == set(), EXPORT


def test_every_requirement_has_hashes() -> None:
    assert [pin.name for pin in pins_of_requirements(ROOT / "requirements.txt") if not pin.hashes] == []


def test_the_lock_holds_everything_that_is_asked_for() -> None:
    versions = {pin.name: pin.version for pin in pins_of_lock(ROOT / "poetry.lock")}
    assert set(declared()) - set(versions) == set(), EXPORT
    exact = {name: text.removeprefix("==") for name, text in declared().items() if text.lstrip("=")[:1].isdigit()}
    assert exact, "pyproject.toml pins nothing exactly"
    assert {name: versions[name] for name in exact} == exact, EXPORT


def test_no_file_names_a_package_index() -> None:
    for name in ("poetry.lock", "requirements.txt"):
        text = (ROOT / name).read_text()
        assert "--index-url" not in text
        assert "[package.source]" not in text
        assert "@ http" not in text


def test_what_poe_installs_with_is_pinned_too() -> None:
    assert {"uv", "poetry-core", "poethepoet"} <= {pin.name for pin in pins_of_requirements(ROOT / "requirements.txt")}

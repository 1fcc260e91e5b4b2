"""Reading versions from programs and from the project's files."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.doctor import versions
from workshop.doctor.versions import Version


@pytest.mark.parametrize(
    ("text", "version"),
    [
        ("rustc 1.95.0 (59807616e 2026-04-14)", Version(1, 95, 0)),
        ("SAM CLI, version 1.167.0", Version(1, 167, 0)),
        ("cc (Debian 12.2.0-14+deb12u1) 12.2.0", Version(12, 2, 0)),
        ("v20.20.2", Version(20, 20, 2)),
        ("javac 17.0.15", Version(17, 0, 15)),
        ("GNU Make 4.3", Version(4, 3, 0)),
        ("javac 21", Version(21, 0, 0)),
        ("no number at all", None),
    ],
)
def test_the_first_version_in_a_text(text: str, version: Version | None) -> None:
    assert versions.parse(text) == version


def test_versions_compare_by_number() -> None:
    assert Version(1, 9) < Version(1, 94)


def test_a_program_is_asked(program, monkeypatch: pytest.MonkeyPatch) -> None:
    program("tool", "echo 'tool 3.4.5' >&2")
    assert versions.ask(["tool", "--version"]) == Version(3, 4, 5)


def test_a_missing_a_failing_and_a_hanging_program_have_no_version(program, monkeypatch: pytest.MonkeyPatch) -> None:
    program("fails", "echo 1.2.3; exit 1")
    program("hangs", "exec sleep 60")
    monkeypatch.setattr(versions, "_TIME_LIMIT_S", 0.2)
    assert versions.ask(["absent-program", "--version"]) is None
    assert versions.ask(["fails"]) is None
    assert versions.ask(["hangs"]) is None


def test_pins_come_from_the_projects_files(tmp_path: Path) -> None:
    (tmp_path / "Cargo.toml").write_text('[workspace.package]\nrust-version = "1.80"\n')
    (tmp_path / "pyproject.toml").write_text('[project]\ndependencies = ["a-tool==1.2.3", "loose>=2"]\n')
    assert versions.rust_needed(tmp_path) == Version(1, 80)
    assert versions.pinned("a-tool", tmp_path) == Version(1, 2, 3)
    with pytest.raises(ValueError, match="does not pin loose"):
        versions.pinned("loose", tmp_path)


def test_this_project_pins_what_the_doctor_asks_for() -> None:
    assert versions.rust_needed() >= Version(1, 80)
    for package in ("aws-sam-cli", "cargo-lambda", "ziglang", "maturin"):
        assert versions.pinned(package)

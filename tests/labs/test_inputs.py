from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from workshop.cloud.paths import ROOT
from workshop.labs import catalog, inputs
from workshop.labs.errors import LabError
from workshop.labs.template import code_folders

LabFolder = catalog.LabFolder


@pytest.fixture
def lab(labs: Path) -> LabFolder:
    return catalog.find_lab("90", labs)


def _fingerprint(lab: LabFolder) -> str:
    return inputs.of_lab(lab).fingerprint()


def _edit_code(lab: LabFolder) -> None:
    (lab.path / "src" / "app.py").write_text("# another\n")


def _edit_template(lab: LabFolder) -> None:
    lab.template.write_text(lab.template.read_text() + "\n# another\n")


def _add_file(lab: LabFolder) -> None:
    (lab.path / "src" / "more.py").touch()


def _rename_file(lab: LabFolder) -> None:
    (lab.path / "src" / "app.py").rename(lab.path / "src" / "main.py")


def _make_executable(lab: LabFolder) -> None:
    (lab.path / "src" / "app.py").chmod(0o755)


@pytest.mark.parametrize("change", [_edit_code, _edit_template, _add_file, _rename_file, _make_executable])
def test_what_the_build_reads_changes_the_fingerprint(lab: LabFolder, change: Callable[[LabFolder], None]) -> None:
    before = _fingerprint(lab)
    change(lab)
    assert _fingerprint(lab) != before


@pytest.mark.parametrize("place", [".aws-sam/build/x.py", "src/__pycache__/app.pyc", "tests/test_app.py", "README.md"])
def test_what_the_build_does_not_read_leaves_it(lab: LabFolder, place: str) -> None:
    before = _fingerprint(lab)
    file = lab.path / place
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("another")
    assert _fingerprint(lab) == before


def test_a_folder_beside_the_lab_counts_when_the_template_points_at_it(lab: LabFolder) -> None:
    beside = lab.path.parent / "shared"
    (lab.path / "src").rename(beside)
    lab.template.write_text(lab.template.read_text().replace("CodeUri: src/", "CodeUri: ../shared"))
    before = _fingerprint(lab)
    (beside / "app.py").write_text("# another\n")
    assert code_folders(lab.template) == {beside}
    assert _fingerprint(lab) != before


def test_a_python_lab_does_not_depend_on_rust(lab: LabFolder) -> None:
    found = inputs.of_lab(lab)
    assert not found.uses_rust
    assert not any(ROOT / "shared_rust" in folder.parents for folder in found.folders)


S3 = {"amazon-roots", "s3-admin"}
# Lab 03 takes these for the sake of lab 04: features are not looked at.
EVENTS = {"analytics-client", "analytics-events"}
# Of what is not built beside lab 03's functions: the wheel and the layer.
APART = {"old-glibc", "same-features"}


@pytest.mark.parametrize(
    ("number", "crates"),
    [("02", {*S3, *APART, "s3-admin-py"}), ("03", {*S3, *EVENTS}), ("04", {*S3, *EVENTS, *APART})],
)
def test_the_rust_labs_depend_on_the_crates_behind_them_and_no_others(number: str, crates: set[str]) -> None:
    found = inputs.of_lab(catalog.find_lab(number))
    assert {folder.name for folder in found.folders if folder.parent == ROOT / "shared_rust"} == crates
    assert ROOT / "Cargo.lock" in found.files


def test_a_crate_in_the_labs_folder_counts_without_being_in_the_template(lab: LabFolder) -> None:
    (lab.path / "extension").mkdir()
    (lab.path / "extension" / "Cargo.toml").write_text("[dependencies]\nanalytics-events = { workspace = true }\n")
    found = inputs.of_lab(lab)
    assert found.uses_rust
    assert ROOT / "shared_rust" / "analytics-events" in found.folders


def test_a_code_folder_that_is_missing_is_named(lab: LabFolder) -> None:
    lab.template.write_text(lab.template.read_text().replace("CodeUri: src/", "CodeUri: gone/"))
    with pytest.raises(LabError, match="gone/, which does not exist"):
        inputs.of_lab(lab)


def test_a_template_that_is_no_yaml_is_named(lab: LabFolder) -> None:
    lab.template.write_text("Resources: [")
    with pytest.raises(LabError, match=r"template\.yaml cannot be read"):
        inputs.of_lab(lab)

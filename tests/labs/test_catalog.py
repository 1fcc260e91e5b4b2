from __future__ import annotations

from pathlib import Path

import pytest

from workshop.labs import catalog
from workshop.labs.errors import LabError


def test_a_lab_is_found_by_its_name_and_by_its_number(labs: Path) -> None:
    assert catalog.find_lab("90-tiny", labs) == catalog.find_lab("90", labs)


def test_an_unknown_lab_is_refused_with_those_there_are(labs: Path) -> None:
    with pytest.raises(LabError, match=r"no lab '91'.*90-tiny"):
        catalog.find_lab("91", labs)


@pytest.mark.parametrize("name", ["notes", "9-short", "91_underscore", "91-no-template"])
def test_other_folders_are_no_labs(labs: Path, name: str) -> None:
    (labs / name).mkdir()
    if name != "91-no-template":
        (labs / name / "template.yaml").touch()
    assert [lab.name for lab in catalog.all_labs(labs)] == ["90-tiny"]


def test_the_stack_is_the_one_that_a_plain_sam_deploy_means(labs: Path) -> None:
    lab = catalog.find_lab("90", labs)
    assert lab.stack_name == "workshop-test-90-tiny"
    (lab.path / "samconfig.toml").unlink()
    assert lab.stack_name == "s3-admin-90-tiny"


def test_no_labs_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(LabError, match="none"):
        catalog.find_lab("01", tmp_path / "nowhere")

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.labs import build, catalog, records, tools
from workshop.labs.errors import LabError


@pytest.fixture
def lab(labs: Path, state: Path) -> catalog.LabFolder:
    return catalog.find_lab("90", labs)


def test_sam_runs_when_something_changed_and_only_then(
    lab: catalog.LabFolder, state: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    first = build.build(lab)
    assert "building 90-tiny: done after" in capsys.readouterr().out
    assert (lab.path / ".aws-sam" / "build" / "GreetFunction" / "app.py").is_file()
    assert "Build Succeeded" in (state / "logs" / "build-90-tiny.log").read_text()

    assert build.build(lab) == first
    assert capsys.readouterr().out == ""

    (lab.path / "src" / "new.py").write_text("NEW = 1\n")
    assert build.build(lab) != first
    assert (lab.path / ".aws-sam" / "build" / "GreetFunction" / "new.py").is_file()


def test_a_failing_build_shows_the_last_lines_the_log_and_is_tried_again(lab: catalog.LabFolder, state: Path) -> None:
    lab.template.write_text(lab.template.read_text().replace("Runtime: python3.11", "Runtime: python1.0"))
    with pytest.raises(LabError, match="building 90-tiny failed") as failed:
        build.build(lab)
    assert str(state / "logs" / "build-90-tiny.log") in str(failed.value)
    assert "'python1.0' runtime is not supported" in str(failed.value)
    assert records.last_build(lab) is None


def test_an_interrupted_build_is_not_taken_for_a_finished_one(
    lab: catalog.LabFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    fingerprint = build.build(lab)
    (lab.path / "src" / "new.py").touch()

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(tools, "run", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build.build(lab)
    (lab.path / "src" / "new.py").unlink()
    assert records.last_build(lab) is None
    assert build.build(lab) == fingerprint


def test_a_missing_tool_is_named(lab: catalog.LabFolder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "environment", lambda extra: {"PATH": "/nonexistent", **extra})
    monkeypatch.setenv("PATH", "/nonexistent")
    with pytest.raises(LabError, match=r"sam cannot be run .*\./poe doctor"):
        build.build(lab)

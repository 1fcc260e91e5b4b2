"""Functions in a language that is not there: left out by name, and nothing else with them."""

from __future__ import annotations

from pathlib import Path

import pytest

from workshop.doctor.finding import Finding, Status
from workshop.labs import build, catalog, inputs, left_out
from workshop.labs.template import function_folders


def finding(name: str, status: Status) -> Finding:
    return Finding(name, status, "not found", "8 or newer", "a function", "")


@pytest.fixture
def lab(labs: Path) -> catalog.LabFolder:
    """The tiny lab with one function more, in C#."""
    folder = labs / "90-tiny"
    (folder / "sharp").mkdir()
    (folder / "sharp" / "Sharp.csproj").write_text("<Project/>")
    template = folder / "template.yaml"
    resource = (
        "  SharpFunction:\n    Type: AWS::Serverless::Function\n    Properties: {CodeUri: sharp, Handler: bootstrap}\n"
    )
    outputs = "  SharpFunction: {Value: !Ref SharpFunction}\n  SharpArn: {Value: !GetAtt SharpFunction.Arn}\n"
    text = template.read_text().replace("Resources:\n", f"Resources:\n{resource}", 1)
    template.write_text(text.replace("\nOutputs:\n", f"\nOutputs:\n{outputs}", 1))
    assert outputs in template.read_text()
    return catalog.find_lab("90", labs)


@pytest.fixture(params=[Status.OK, Status.LEFT_OUT])
def sdk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Status:
    status: Status = request.param
    monkeypatch.setattr(left_out, "_TOOLCHAINS", (("*.csproj", (lambda: finding(".NET SDK", status),)),))
    return status


def test_only_what_cannot_be_built_is_left_out(lab: catalog.LabFolder, sdk: Status) -> None:
    missing = left_out.of_lab(lab)
    if sdk is Status.OK:
        assert missing == []
        return
    assert [function.name for function in missing] == ["sharp"]
    assert left_out.sentence(missing) == "left out: sharp (.NET SDK not found; ./poe doctor tells how to get it)"


def test_the_template_without_them(lab: catalog.LabFolder, sdk: Status) -> None:
    before = lab.template.read_text()
    with left_out.without(lab, left_out.of_lab(lab)) as options:
        if sdk is Status.OK:
            assert options == []
            return
        copy = lab.path / options[1]
        assert set(function_folders(lab.template)) - set(function_folders(copy)) == {"SharpFunction"}
        assert "Sharp" not in copy.read_text()
        assert copy.read_text().count("!Ref") == before.count("!Ref") - 1
    assert not copy.exists()
    assert lab.template.read_text() == before


def test_a_toolchain_that_comes_makes_another_build(lab: catalog.LabFolder) -> None:
    needed = inputs.of_lab(lab)
    assert needed.fingerprint() != needed.fingerprint(without=["sharp"])


def test_the_rest_is_built(
    lab: catalog.LabFolder, state: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    status = Status.LEFT_OUT
    monkeypatch.setattr(left_out, "_TOOLCHAINS", (("*.csproj", (lambda: finding(".NET SDK", status),)),))
    build.build(lab)
    assert "90-tiny: left out: sharp (.NET SDK not found" in capsys.readouterr().out
    built = {path.name for path in (lab.path / ".aws-sam" / "build").iterdir()}
    assert "GreetFunction" in built
    assert "SharpFunction" not in built

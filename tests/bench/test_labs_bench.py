"""`./poe bench labs` without the cloud: whose turn it is, what is compared with, what it refuses."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from workshop.bench import labs as bench
from workshop.bench.labs.copies import edited, packed
from workshop.bench.labs.setting import in_turn
from workshop.bench.labs.walks import Walk, walk
from workshop.errors import WorkshopError
from workshop.labs import Lab
from workshop.measure import Invocation, LambdaFunction, MeasureError, Report


def test_each_contestant_has_each_place_in_a_round() -> None:
    order: list[str] = []

    def called(name: str) -> int:
        order.append(name)
        return len(order)

    found = in_turn({name: lambda name=name: called(name) for name in "abc"}, 3)  # type: ignore[misc]
    assert "".join(order) == "abcbcacab"
    assert found == {"a": [1, 6, 8], "b": [2, 4, 9], "c": [3, 5, 7]}


def test_an_unknown_part_is_refused_with_those_there_are() -> None:
    with pytest.raises(WorkshopError, match=r"no such part: usages\. There are .*usage"):
        bench.check(["usages", "init"])


def _lab(tmp_path: Path, text: str) -> Lab:
    folder = tmp_path / "70-some"
    code = folder / ".aws-sam" / "build" / "UsageFunction"
    code.mkdir(parents=True)
    (folder / "template.yaml").write_text("Resources: {}\n")
    (code / "aws.py").write_text(text)
    (code / "other.py").write_text("other = 1\n")
    return Lab("70-some", directory=tmp_path)


def test_an_edited_copy_has_the_lines_in_place_and_all_other_files(tmp_path: Path) -> None:
    package = edited(_lab(tmp_path, "a = 1\nb = 2\n"), "UsageFunction", "aws.py", "a = 1", "tuned = True")
    with zipfile.ZipFile(io.BytesIO(package)) as archive:
        assert sorted(archive.namelist()) == ["aws.py", "other.py"]
        assert archive.read("aws.py") == b"a = 1\ntuned = True\nb = 2\n"


def test_a_copy_that_would_be_the_lab_itself_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkshopError, match=r"aws\.py has not one line 'c = 3'"):
        edited(_lab(tmp_path, "a = 1\n"), "UsageFunction", "aws.py", "c = 3", "tuned = True")


def test_a_lab_that_is_not_built_is_told(tmp_path: Path) -> None:
    with pytest.raises(WorkshopError, match=r"not built here: run \./poe build-and-deploy 70"):
        edited(_lab(tmp_path, "a = 1\n"), "AuditFunction", "aws.py", "a = 1", "tuned = True")


def test_a_package_keeps_a_program_executable(tmp_path: Path) -> None:
    (tmp_path / "bootstrap").write_text("program")
    (tmp_path / "bootstrap").chmod(0o755)
    with zipfile.ZipFile(io.BytesIO(packed(tmp_path, {}))) as archive:
        assert archive.getinfo("bootstrap").external_attr >> 16 & 0o111


class FakeFunction(LambdaFunction):
    """Answers walks of two calls, of 3 and 2 objects."""

    def invoke(self, payload: Any, qualifier: str | None = None) -> Invocation:
        query = payload["queryStringParameters"] or {}
        if query.get("prefix") == "broken":
            return Invocation("", 1.0, error="HTTP 503: slow down")
        second = "cursor" in query
        body = {"objects": 2 if second else 3, "truncated": not second, "cursor": None if second else "on"}
        report = Report("id", 5.0, 6.0, 512, 20 if second else 30, cpu_ms=4.0 if second else 7.0)
        return Invocation("", 1.0, "id", report, {"statusCode": 200, "body": json.dumps(body)})


def test_a_walk_is_the_sum_of_its_calls() -> None:
    function = FakeFunction(client=None, function_name="usage", lab="lab 09")  # type: ignore[arg-type]
    assert walk(function, "bucket") == Walk(objects=5, calls=2, cpu_ms=11.0, max_memory_mb=30)


def test_a_walk_that_fails_says_whose_it_was_and_why() -> None:
    function = FakeFunction(client=None, function_name="x", lab="lab 09", function="usage")  # type: ignore[arg-type]
    with pytest.raises(MeasureError, match="lab 09 usage: HTTP 503: slow down"):
        walk(function, "bucket", prefix="broken")

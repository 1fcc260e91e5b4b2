"""The doctor as a command: table, JSON, exit code."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from workshop.doctor import checks, cli
from workshop.doctor.finding import Finding, Status

FOUND = Finding("Rust", Status.OK, "1.95.0", "1.94 or newer", "builds lab 03")
LEFT_OUT = Finding("Java", Status.LEFT_OUT, "not found", "17", "Java function", "sudo apt-get install jdk")
MISSING = Finding("make [x]", Status.MISSING, "not found", "any", "makefiles", "sudo apt-get install make")


def run(findings: list[Finding], monkeypatch: pytest.MonkeyPatch, *arguments: str):
    monkeypatch.setattr(cli, "examine", lambda: findings)
    return CliRunner().invoke(cli.app, arguments)


def test_a_fit_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run([FOUND, LEFT_OUT], monkeypatch)
    assert result.exit_code == 0
    assert "sudo apt-get install jdk" in result.output
    assert "./poe run" in result.output


def test_a_machine_that_lacks_something_required(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run([FOUND, MISSING], monkeypatch)
    assert result.exit_code == 1
    assert "Required and missing: make [x]." in result.output
    assert "sudo apt-get install make" in result.output


def test_json_has_the_same_findings_and_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run([FOUND, MISSING], monkeypatch, "--json")
    assert result.exit_code == 1
    findings = json.loads(result.output)
    assert [finding["name"] for finding in findings] == ["Rust", "make [x]"]
    assert findings[1]["status"] == "missing"
    assert findings[1]["remedy"] == MISSING.remedy


def test_every_check_answers_and_what_is_not_well_has_a_remedy() -> None:
    findings = checks.examine()
    assert len({finding.name for finding in findings}) == len(checks.CHECKS)
    assert all(finding.remedy for finding in findings if finding.status is not Status.OK)
    assert not any(finding.remedy for finding in findings if finding.status is Status.OK)

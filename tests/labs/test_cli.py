from __future__ import annotations

import pytest
from typer.testing import CliRunner

from workshop.labs import cli
from workshop.labs.errors import LabError


def _error(*arguments: str) -> str:
    result = CliRunner().invoke(cli.app, list(arguments))
    assert isinstance(result.exception, LabError), result.output
    return str(result.exception)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["build-and-deploy", "77"], "no lab '77'"),
        (["build-and-deploy", "--parameter", "MemorySize"], "NAME=VALUE"),
        (["build-and-deploy", "--parameter", "Memory Size=1"], "NAME=VALUE"),
        (["build-and-deploy", "--profile", "mine"], "go with --target aws"),
        (["seed", "--region", "eu-west-1"], "go with --target aws"),
        (["seed", "--target", "aws", "--profile", "no-such-profile", "--yes"], "no-such-profile"),
        (["users", "list", "77"], "no lab '77'"),
    ],
)
def test_a_mistake_is_told_before_anything_is_started(arguments: list[str], told: str) -> None:
    assert told in _error(*arguments)


def test_writing_to_an_aws_account_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cli, "cloud_of", lambda *_: None)
    monkeypatch.setattr(cli.seed, "seed", lambda *_, **__: pytest.fail("not confirmed"))
    result = CliRunner().invoke(cli.app, ["seed", "--target", "aws"], input="n\n")
    assert result.exit_code == 1
    assert "cost money" in result.output

from __future__ import annotations

from typing import Any

import pytest

from workshop.cloud.execution import function as functions


def config(**changes: Any) -> dict[str, Any]:
    base = {
        "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:f:7",
        "FunctionName": "f",
        "Version": "7",
        "Runtime": "provided.al2023",
        "CodeSha256": "abc",
        "Environment": {"Variables": {"A": "1"}},
    }
    return {**base, **changes}


def test_reads_what_lambda_defaults() -> None:
    function = functions.read(config())
    assert function.key == ("123456789012", "eu-west-1", "f", "7")
    assert (function.memory_mb, function.timeout_s, function.tmp_mb) == (128, 3.0, 512)
    assert function.log_group == "/aws/lambda/f"


@pytest.mark.parametrize(
    "change",
    [
        {"MemorySize": 256},
        {"Environment": {"Variables": {"A": "2"}}},
        {"CodeSha256": "def"},
        {"Timeout": 4},
        {"Layers": [{"Arn": "x"}]},
    ],
)
def test_any_change_of_configuration_means_new_environments(change: dict[str, Any]) -> None:
    assert functions.read(config(**change)).revision != functions.read(config()).revision


def test_a_new_description_does_not() -> None:
    assert functions.read(config(Description="new")).revision == functions.read(config()).revision

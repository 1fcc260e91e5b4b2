from __future__ import annotations

import dataclasses
import json

import pytest

from workshop.cloud.execution import function as functions
from workshop.cloud.execution import platform_log
from workshop.cloud.execution.environment import InitPhase, Outcome
from workshop.cloud.execution.function import FunctionConfig
from workshop.cloud.execution.output import LogLine, Output

REQUEST = "8f6b0c3e-7d0a-4a53-9f0e-0f1f5d0c2a11"


@pytest.fixture
def function() -> FunctionConfig:
    return functions.read(
        {
            "FunctionArn": "arn:aws:lambda:us-east-1:000000000000:function:f",
            "FunctionName": "f",
            "Runtime": "python3.11",
            "MemorySize": 256,
            "Timeout": 3,
        }
    )


def warm() -> Outcome:
    outcome = Outcome(duration_ms=12.3449, cpu_ms=9.0, max_memory_mb=40)
    outcome.output.add(LogLine(5, "hello", "function"))
    return outcome


def cold() -> Outcome:
    return dataclasses.replace(warm(), inits=[InitPhase("success", 150.12, 140.0, False, None)])


def text(function: FunctionConfig, outcome: Outcome) -> list[str]:
    return [line.line for line in platform_log.lines(function, REQUEST, 0, outcome)]


def test_warm_invocation_in_aws_words(function: FunctionConfig) -> None:
    assert text(function, warm()) == [
        f"START RequestId: {REQUEST} Version: $LATEST",
        "hello",
        f"END RequestId: {REQUEST}",
        f"LOCAL RequestId: {REQUEST}\tCPU Time: 9.000 ms\t",
        f"REPORT RequestId: {REQUEST}\tDuration: 12.34 ms\tBilled Duration: 13 ms\tMemory Size: 256 MB\t"
        "Max Memory Used: 40 MB\t",
    ]


def test_cold_invocation_bills_its_init(function: FunctionConfig) -> None:
    lines = text(function, cold())
    assert lines[0].startswith("INIT_START Runtime Version: python3.11")
    assert lines[-1].endswith(
        "Billed Duration: 163 ms\tMemory Size: 256 MB\tMax Memory Used: 40 MB\tInit Duration: 150.12 ms\t"
    )


def test_a_suppressed_init_is_no_init_duration(function: FunctionConfig) -> None:
    failed = InitPhase("error", 20.0, 10.0, False, "Runtime.ExitError")
    again = InitPhase("success", 30.0, 10.0, True, None)
    lines = text(function, dataclasses.replace(warm(), inits=[failed, again]))
    assert "INIT_REPORT Init Duration: 20.00 ms\tPhase: init\tStatus: error\tError Type: Runtime.ExitError" in lines
    assert "Init Duration" not in lines[-1]


def test_a_failed_init_says_in_which_phase(function: FunctionConfig) -> None:
    late = InitPhase("timeout", 10_000.0, 10.0, False, "Sandbox.Timedout")
    again = InitPhase("error", 20.0, 10.0, True, "Runtime.ExitError")
    lines = text(function, dataclasses.replace(warm(), inits=[late, again]))
    assert "INIT_REPORT Init Duration: 10000.00 ms\tPhase: init\tStatus: timeout" in lines
    assert "INIT_REPORT Init Duration: 20.00 ms\tPhase: invoke\tStatus: error\tError Type: Runtime.ExitError" in lines


def test_timeout_is_said_with_its_limit(function: FunctionConfig) -> None:
    lines = text(function, Outcome(status="timeout", error_type="Sandbox.Timedout", duration_ms=3000))
    assert any(line.endswith(f"{REQUEST} Task timed out after 3.00 seconds\n") for line in lines)
    assert lines[-1].endswith("\tStatus: timeout\t")


def test_error_names_its_type(function: FunctionConfig) -> None:
    lines = text(function, Outcome(status="error", error_type="Runtime.OutOfMemory", duration_ms=1))
    assert lines[-1].endswith("\tStatus: error\tError Type: Runtime.OutOfMemory\t")


def test_the_handlers_own_exception_is_no_error_of_the_platform(function: FunctionConfig) -> None:
    assert "Status" not in text(function, Outcome(status="error", error_type="KeyError", duration_ms=1))[-1]


def test_without_cpu_figures_nothing_is_made_up(function: FunctionConfig) -> None:
    assert not any(line.startswith("LOCAL") for line in text(function, dataclasses.replace(cold(), cpu_ms=None)))


def test_reported_memory_never_exceeds_the_size(function: FunctionConfig) -> None:
    assert "Max Memory Used: 256 MB" in text(function, Outcome(max_memory_mb=300))[-1]


def test_of_endless_output_the_beginning_and_the_end_are_kept(function: FunctionConfig) -> None:
    outcome = Outcome(output=Output(kept_bytes=50_000))
    for number in range(1000):
        outcome.output.add(LogLine(number, f"{number:04} " + "x" * 995, "function"))
    lines = text(function, outcome)
    said = next(index for index, line in enumerate(lines) if line.startswith("LOCAL "))
    assert [int(line[:4]) for line in lines[1:said]] == list(range(said - 1))
    assert 10 < said < 50
    last = [int(line[:4]) for line in lines[said + 1 :] if line.endswith("x")]
    assert last == list(range(last[0], 1000))
    assert sum(len(line) for line in lines[said + 1 :]) > 4096
    assert int(lines[said].split()[1]) == 1000 - (said - 1) - len(last)
    records = [
        line.line for line in platform_log.lines(dataclasses.replace(function, json_logs=True), REQUEST, 0, outcome)
    ]
    assert {"requestId": REQUEST, "lines": 1000 - (said - 1) - len(last)} in [
        json.loads(line)["record"] for line in records if line.startswith("{")
    ]


def test_json_records(function: FunctionConfig) -> None:
    json_function = dataclasses.replace(function, json_logs=True)
    lines = text(json_function, cold())
    records = [json.loads(line) for line in lines if line != "hello"]
    kinds = [record["type"] for record in records]
    assert kinds == ["platform.initStart", "platform.start", "local.report", "platform.report"]
    assert records[-1]["record"] == {
        "requestId": REQUEST,
        "status": "success",
        "metrics": {
            "durationMs": 12.345,
            "billedDurationMs": 163,
            "memorySizeMB": 256,
            "maxMemoryUsedMB": 40,
            "initDurationMs": 150.12,
        },
    }


def test_system_log_level_warn_keeps_quiet_about_success(function: FunctionConfig) -> None:
    quiet = dataclasses.replace(function, json_logs=True, system_log_level="WARN")
    assert text(quiet, cold()) == ["hello"]
    assert any("platform.report" in line for line in text(quiet, Outcome(status="error", error_type="X")))


def test_a_wait_for_a_core_is_told_and_only_where_there_was_one(function: FunctionConfig) -> None:
    held_back = text(function, dataclasses.replace(warm(), waited_ms=1234.56))
    assert held_back[-2].endswith("\tWaited for a core: 1234.6 ms\t")
    assert "Waited" not in text(function, dataclasses.replace(warm(), waited_ms=0.03))[-2]

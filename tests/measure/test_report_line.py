from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workshop.measure import MeasureError, parse_report

RECORDED = Path(__file__).parent / "recorded"
ID = "6bc28136-xmpl-4365-b021-0ce6b2e64ab0"


def test_cold_start_as_aws_writes_it() -> None:
    report = parse_report((RECORDED / "cold.txt").read_text())
    assert (report.duration_ms, report.billed_ms, report.memory_mb, report.max_memory_mb) == (12.34, 163, 128, 40)
    assert report.init_ms == 150.12
    assert report.cold
    assert report.version == "$LATEST"
    assert report.cpu_ms is None


def test_local_line_adds_cpu_time() -> None:
    report = parse_report((RECORDED / "local-cold.txt").read_text())
    assert (report.cpu_ms, report.init_cpu_ms) == (12.345, 30.1)


def test_snapstart_counts_its_restore_as_cold_and_as_billed() -> None:
    report = parse_report((RECORDED / "snapstart.txt").read_text())
    assert (report.restore_ms, report.billed_ms, report.init_ms, report.cold) == (474.16, 470 + 205, None, True)


def test_timeout_has_a_status() -> None:
    report = parse_report((RECORDED / "timeout.txt").read_text())
    assert (report.status, report.duration_ms, report.cold) == ("timeout", 3000.0, False)


def test_json_logs() -> None:
    report = parse_report((RECORDED / "json.txt").read_text())
    assert (report.init_ms, report.duration_ms, report.billed_ms) == (110.513, 5.2, 116)
    assert (report.cpu_ms, report.init_cpu_ms, report.version) == (4.9, 90.25, "7")


def test_an_error_of_the_function_is_told() -> None:
    line = f"REPORT RequestId: {ID}\tDuration: 1.00 ms\tBilled Duration: 1 ms\tMemory Size: 128 MB\t"
    report = parse_report(line + "Max Memory Used: 9 MB\tStatus: error\tError Type: Runtime.ExitError\t")
    assert (report.status, report.error_type) == ("error", "Runtime.ExitError")


def test_the_last_report_counts_and_one_can_be_asked_for() -> None:
    log = _text("a-1", 1.0, None) + _text("a-2", 2.0, None)
    assert parse_report(log).duration_ms == 2.0
    assert parse_report(log, "a-1").duration_ms == 1.0
    with pytest.raises(MeasureError, match="a-3"):
        parse_report(log, "a-3")


@pytest.mark.parametrize("log", ["", "REPORT RequestId: x\tDuration: fast", '{"type": "platform.report"}', "{]"])
def test_no_report_is_an_error_that_names_the_fix(log: str) -> None:
    with pytest.raises(MeasureError, match="system log level must be INFO"):
        parse_report(log)


def test_lines_of_another_invocation_do_not_mix() -> None:
    log = f"LOCAL RequestId: other\tCPU Time: 99.000 ms\t\n{_text('a-1', 1.0, None)}"
    assert parse_report(log).cpu_ms is None


amounts = st.floats(0, 1e6).map(lambda value: round(value, 2))
ids = st.uuids().map(str)
noise = st.text(st.characters(exclude_characters="\n"), max_size=60).filter(
    lambda line: not line.startswith(("REPORT RequestId", "LOCAL RequestId", "START RequestId", "{"))
)


@given(ids, amounts, st.none() | amounts, st.integers(128, 10240), amounts, st.lists(noise, max_size=5))
def test_what_is_written_is_read(
    request_id: str, duration: float, init: float | None, memory: int, cpu: float, lines: list[str]
) -> None:
    printed = "".join(line + "\n" for line in lines)
    local = f"LOCAL RequestId: {request_id}\tCPU Time: {cpu:.3f} ms\t\n"
    report = parse_report(printed + local + _text(request_id, duration, init, memory))
    assert (report.request_id, report.duration_ms, report.init_ms) == (request_id, duration, init)
    assert (report.memory_mb, report.cpu_ms) == (memory, cpu)


@given(ids, amounts, st.none() | amounts, st.lists(noise, max_size=5))
def test_json_and_text_say_the_same(request_id: str, duration: float, init: float | None, lines: list[str]) -> None:
    metrics = {"durationMs": duration, "billedDurationMs": 5, "memorySizeMB": 128, "maxMemoryUsedMB": 40}
    metrics |= {} if init is None else {"initDurationMs": init}
    record = {"type": "platform.report", "record": {"requestId": request_id, "metrics": metrics, "status": "success"}}
    printed = "".join(json.dumps({"message": line}) + "\n" for line in lines)
    assert parse_report(printed + json.dumps(record)) == parse_report(_text(request_id, duration, init))


@given(st.text())
def test_a_log_without_a_report_fails_in_no_other_way(log: str) -> None:
    with pytest.raises(MeasureError, match="no REPORT line"):
        parse_report(log.replace("REPORT", "").replace("platform", ""))


def _text(request_id: str, duration: float, init: float | None, memory: int = 128) -> str:
    cold = f"Init Duration: {init:.2f} ms\t" if init is not None else ""
    return (
        f"REPORT RequestId: {request_id}\tDuration: {duration:.2f} ms\tBilled Duration: 5 ms\t"
        f"Memory Size: {memory} MB\tMax Memory Used: 40 MB\t{cold}\n"
    )

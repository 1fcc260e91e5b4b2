r"""Reads what Lambda's platform writes about one invocation: START, END and REPORT, as text or as JSON.

The text form (fields are separated by tabs):

    REPORT RequestId: <uuid>\tDuration: 12.34 ms\tBilled Duration: 163 ms\tMemory Size: 128 MB\t
    Max Memory Used: 40 MB\tInit Duration: 150.12 ms\t        (one line)

The JSON form is a `platform.report` record, the schema of which is in AWS's Telemetry API reference:
https://docs.aws.amazon.com/lambda/latest/dg/telemetry-schema-reference.html#platform-report

A platform that knows more than AWS tells may put one line of its own before REPORT: `LOCAL`, or a
`local.report` record, with the CPU time of the invocation and of INIT.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from workshop.measure.errors import MeasureError

_REQUEST_ID = re.compile(r"[0-9A-Za-z-]+")


@dataclass(frozen=True)
class Report:
    """The platform's figures for one invocation. Times are milliseconds, memory is MB (MiB, as AWS counts it).

    `init_ms` is None for a warm invocation; `cpu_ms` and `init_cpu_ms` are None where the platform does
    not tell them, as on AWS. `restore_ms` is SnapStart's counterpart of `init_ms`.
    """

    request_id: str
    duration_ms: float
    billed_ms: float
    memory_mb: int
    max_memory_mb: int
    init_ms: float | None = None
    restore_ms: float | None = None
    status: str = "success"
    error_type: str | None = None
    version: str | None = None
    cpu_ms: float | None = None
    init_cpu_ms: float | None = None

    @property
    def cold(self) -> bool:
        """Whether this invocation had to wait for a new execution environment."""
        return self.init_ms is not None or self.restore_ms is not None


def parse_report(log: str, request_id: str | None = None) -> Report:
    """The last REPORT of `log` (that of `request_id`, if given) with what its START and LOCAL lines add.

    `log` is any piece of a function's log, such as the tail that `Invoke` returns with `LogType="Tail"`;
    lines that the platform did not write are skipped. Raises `MeasureError` when there is no such REPORT.
    """
    report: dict[str, Any] | None = None
    extras: dict[str, dict[str, Any]] = {}
    for kind, fields in _platform_lines(log):
        found = fields.pop("request_id")
        if request_id is not None and found != request_id:
            continue
        if kind == "report":
            report = {"request_id": found, **fields}
        else:
            extras.setdefault(found, {}).update(fields)
    if report is None:
        wanted = f" for request {request_id}" if request_id else ""
        raise MeasureError(
            f"there is no REPORT line{wanted} in the log: with JSON logs the function's system log level must be INFO"
        )
    return Report(**(extras.get(report["request_id"], {}) | report))


def _platform_lines(log: str) -> Iterator[tuple[str, dict[str, Any]]]:
    """Kind (start, local, report) and fields of each line that the platform wrote."""
    # Not splitlines(): it also splits at characters that a function may well have printed inside a line.
    for line in log.split("\n"):
        parsed = _json_record(line) if line.startswith("{") else _text_line(line)
        if parsed is not None:
            yield parsed


def _text_line(line: str) -> tuple[str, dict[str, Any]] | None:
    kind, _, rest = line.partition(" RequestId: ")
    if kind == "START":
        request_id, _, version = rest.strip().partition(" Version: ")
        return "start", {"request_id": request_id, "version": version or None}
    if kind not in ("REPORT", "LOCAL"):
        return None
    request_id, *parts = (part.strip() for part in rest.split("\t"))
    named = dict(part.split(": ", 1) for part in parts if ": " in part)
    if not _REQUEST_ID.fullmatch(request_id):
        return None
    try:
        fields = _report_of_text(named) if kind == "REPORT" else _local_of_text(named)
    except (KeyError, ValueError):  # a line of the function's own that only looks like one
        return None
    return kind.lower(), {"request_id": request_id, **fields}


def _report_of_text(named: Mapping[str, str]) -> dict[str, Any]:
    return {
        "duration_ms": _number(named["Duration"], "ms"),
        "billed_ms": _number(named["Billed Duration"], "ms") + (_optional(named, "Billed Restore Duration") or 0.0),
        "memory_mb": int(_number(named["Memory Size"], "MB")),
        "max_memory_mb": int(_number(named["Max Memory Used"], "MB")),
        "init_ms": _optional(named, "Init Duration"),
        "restore_ms": _optional(named, "Restore Duration"),
        "status": named.get("Status", "success"),
        "error_type": named.get("Error Type"),
    }


def _local_of_text(named: Mapping[str, str]) -> dict[str, Any]:
    return {"cpu_ms": _number(named["CPU Time"], "ms"), "init_cpu_ms": _optional(named, "Init CPU Time")}


def _optional(named: Mapping[str, str], name: str) -> float | None:
    return _number(named[name], "ms") if name in named else None


def _number(text: str, unit: str) -> float:
    value, _, found = text.partition(" ")
    if found != unit:
        raise ValueError(f"{text!r} is not in {unit}")
    return float(value)


def _json_record(line: str) -> tuple[str, dict[str, Any]] | None:
    try:
        entry = json.loads(line)
        kind, record = entry["type"], entry["record"]
        if kind == "platform.start":
            return "start", {"request_id": record["requestId"], "version": record.get("version")}
        if kind == "platform.report":
            return "report", {"request_id": record["requestId"], **_report_of_record(record)}
        if kind == "local.report":
            metrics = record["metrics"]
            cpu = {"cpu_ms": metrics["cpuTimeMs"], "init_cpu_ms": metrics.get("initCpuTimeMs")}
            return "local", {"request_id": record["requestId"], **cpu}
    except (ValueError, KeyError, TypeError, AttributeError):  # the function's own JSON log, or a line cut short
        return None
    return None


def _report_of_record(record: Mapping[str, Any]) -> dict[str, Any]:
    metrics = record["metrics"]
    return {
        "duration_ms": metrics["durationMs"],
        "billed_ms": metrics["billedDurationMs"] + metrics.get("billedRestoreDurationMs", 0),
        "memory_mb": metrics["memorySizeMB"],
        "max_memory_mb": metrics["maxMemoryUsedMB"],
        "init_ms": metrics.get("initDurationMs"),
        "restore_ms": metrics.get("restoreDurationMs"),
        "status": record.get("status", "success"),
        "error_type": record.get("errorType"),
    }

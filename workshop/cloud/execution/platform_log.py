"""The platform's log lines, as AWS writes them in text and in JSON format.

One line is ours: `LOCAL`, just before `REPORT`, tells the CPU time, which AWS does not, and how long the invocation
was held back until a core was free.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

from workshop.cloud.execution.environment import Outcome
from workshop.cloud.execution.function import FunctionConfig
from workshop.cloud.execution.output import LogLine, Output

# Being admitted at once takes microseconds.
_WORTH_SAYING_MS = 1.0
# An exception of the handler's own is no error of the platform: REPORT does not mention it.
_PLATFORM_ERRORS = ("Runtime.", "Sandbox.", "Extension.", "Function.", "Local.")


def lines(function: FunctionConfig, request_id: str, started_ms: int, outcome: Outcome) -> list[LogLine]:
    """START, the function's own output, END and REPORT (or their JSON records) of one invocation, in order."""
    write = _json_records if function.json_logs else _text_lines
    return list(write(function, request_id, started_ms, outcome))


def billed_ms(outcome: Outcome) -> int:
    """Duration and INIT, rounded up together: since 2025-08-01 AWS bills INIT of managed runtimes too."""
    init = outcome.init.init_ms if outcome.init else 0.0
    return math.ceil(round(outcome.duration_ms + init, 3))


def _now_ms() -> int:
    return time.time_ns() // 1_000_000


def _platform(time_ms: int, line: str) -> LogLine:
    return LogLine(time_ms, line, "platform")


def iso(time_ms: int) -> str:
    """RFC 3339 with milliseconds."""
    return datetime.fromtimestamp(time_ms / 1000, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _text_lines(function: FunctionConfig, request_id: str, started_ms: int, outcome: Outcome) -> Iterator[LogLine]:
    if outcome.inits:
        yield _platform(started_ms, f"INIT_START Runtime Version: {function.runtime}.local\tRuntime Version ARN: ")
    for phase in outcome.inits:
        if phase.status != "success":
            named = phase.error_type and phase.status != "timeout"
            error = f"\tError Type: {phase.error_type}" if named else ""
            within = "invoke" if phase.suppressed else "init"
            yield _platform(
                started_ms,
                f"INIT_REPORT Init Duration: {phase.init_ms:.2f} ms\tPhase: {within}\tStatus: {phase.status}{error}",
            )
    yield _platform(started_ms, f"START RequestId: {request_id} Version: {function.version}")
    yield from _printed(outcome.output, lambda time_ms, count: _platform(time_ms, _left_out(count)))
    now = _now_ms()
    if outcome.status == "timeout":
        seconds = f"{function.timeout_s:.2f}"
        yield _platform(now, f"{iso(now)} {request_id} Task timed out after {seconds} seconds\n")
    yield _platform(now, f"END RequestId: {request_id}")
    if outcome.cpu_ms is not None:
        yield _platform(now, _local_line(request_id, outcome))
    yield _platform(now, _report_line(function, request_id, outcome))


def last_words(output: Output) -> list[LogLine]:
    """What was printed after the last invocation, by an extension in its SHUTDOWN phase, say."""
    return list(_printed(output, lambda time_ms, count: _platform(time_ms, _left_out(count))))


def _printed(output: Output, say_left_out: Callable[[int, int], LogLine]) -> Iterator[LogLine]:
    """What the function printed, and where lines are missing how many."""
    yield from output.first
    if output.left_out_lines:
        yield say_left_out(output.last[0].time_ms, output.left_out_lines)
    yield from output.last


def _left_out(count: int) -> str:
    return f"LOCAL {count} lines left out: the local cloud keeps 32 MB of what an invocation prints, and the end"


def _local_line(request_id: str, outcome: Outcome) -> str:
    init_cpu_ms = outcome.init.cpu_ms if outcome.init else None
    init = f"Init CPU Time: {init_cpu_ms:.3f} ms\t" if init_cpu_ms is not None else ""
    waited = f"Waited for a core: {outcome.waited_ms:.1f} ms\t" if outcome.waited_ms >= _WORTH_SAYING_MS else ""
    return f"LOCAL RequestId: {request_id}\tCPU Time: {outcome.cpu_ms:.3f} ms\t{init}{waited}"


def _report_line(function: FunctionConfig, request_id: str, outcome: Outcome) -> str:
    fields = [
        f"REPORT RequestId: {request_id}",
        f"Duration: {outcome.duration_ms:.2f} ms",
        f"Billed Duration: {billed_ms(outcome)} ms",
        f"Memory Size: {function.memory_mb} MB",
        f"Max Memory Used: {min(outcome.max_memory_mb, function.memory_mb)} MB",
    ]
    if outcome.init:
        fields.append(f"Init Duration: {outcome.init.init_ms:.2f} ms")
    if outcome.status == "timeout":
        fields.append("Status: timeout")
    elif outcome.error_type and outcome.error_type.startswith(_PLATFORM_ERRORS):
        fields += ["Status: error", f"Error Type: {outcome.error_type}"]
    return "\t".join(fields) + "\t"


def _json_records(function: FunctionConfig, request_id: str, started_ms: int, outcome: Outcome) -> Iterator[LogLine]:
    # SystemLogLevel WARN keeps only what went wrong.
    talks = function.system_log_level in ("INFO", "DEBUG", "TRACE") or outcome.status != "success"

    def record(time_ms: int, kind: str, content: dict[str, object]) -> LogLine:
        text = json.dumps({"time": iso(time_ms), "type": kind, "record": content}, separators=(",", ":"))
        return _platform(time_ms, text)

    if talks and outcome.inits:
        version = f"{function.runtime}.local"
        about = {"initializationType": "on-demand", "phase": "init", "runtimeVersion": version}
        yield record(started_ms, "platform.initStart", {**about, "functionVersion": function.version})
    for phase in outcome.inits:
        if phase.status != "success":
            metrics = {"durationMs": round(phase.init_ms, 3)}
            about = {"initializationType": "on-demand", "phase": "init", "status": phase.status}
            error = {"errorType": phase.error_type} if phase.error_type else {}
            yield record(started_ms, "platform.initReport", {**about, **error, "metrics": metrics})
    if talks:
        yield record(started_ms, "platform.start", {"requestId": request_id, "version": function.version})
    yield from _printed(
        outcome.output,
        lambda time_ms, count: record(time_ms, "local.leftOut", {"requestId": request_id, "lines": count}),
    )
    if talks:
        now = _now_ms()
        if outcome.cpu_ms is not None:
            yield record(now, "local.report", _local_record(request_id, outcome.cpu_ms, outcome))
        yield record(now, "platform.report", _report_record(function, request_id, outcome))


def _local_record(request_id: str, cpu_ms: float, outcome: Outcome) -> dict[str, object]:
    metrics = {"cpuTimeMs": round(cpu_ms, 3)}
    if outcome.init and outcome.init.cpu_ms is not None:
        metrics["initCpuTimeMs"] = round(outcome.init.cpu_ms, 3)
    if outcome.waited_ms >= _WORTH_SAYING_MS:
        metrics["waitedForCoreMs"] = round(outcome.waited_ms, 1)
    return {"requestId": request_id, "metrics": metrics}


def _report_record(function: FunctionConfig, request_id: str, outcome: Outcome) -> dict[str, object]:
    metrics: dict[str, object] = {
        "durationMs": round(outcome.duration_ms, 3),
        "billedDurationMs": billed_ms(outcome),
        "memorySizeMB": function.memory_mb,
        "maxMemoryUsedMB": min(outcome.max_memory_mb, function.memory_mb),
    }
    if outcome.init:
        metrics["initDurationMs"] = round(outcome.init.init_ms, 3)
    error = {"errorType": outcome.error_type} if outcome.status != "success" and outcome.error_type else {}
    return {"requestId": request_id, "status": outcome.status, **error, "metrics": metrics}

"""The metrics in `AWS/Lambda`: of every invocation, whoever asked for it, with the duration that its REPORT line tells.

MiniStack records those of `Invoke` only, with the time that its own work takes, and a throttled call twice and as an
invocation, too.
"""

from __future__ import annotations

from ministack.services import cloudwatch, lambda_svc

_NAMESPACE = "AWS/Lambda"


def apply() -> None:
    """Record throttles only, each once; `record` is for the rest."""

    def emit(function_name: str, duration_ms: float, error: bool, throttle: bool) -> None:
        del error
        # The second time it is told with how long refusing took.
        if throttle and not duration_ms:
            _record(function_name, "Throttles", 1, "Count")

    lambda_svc._emit_lambda_metrics = emit


def record(function_name: str, duration_ms: float, *, failed: bool) -> None:
    """Record one invocation under the account and region of the calling context."""
    _record(function_name, "Invocations", 1, "Count")
    _record(function_name, "Errors", int(failed), "Count")
    _record(function_name, "Throttles", 0, "Count")
    _record(function_name, "Duration", duration_ms, "Milliseconds")


def _record(function_name: str, metric: str, value: float, unit: str) -> None:
    cloudwatch.record_metric(_NAMESPACE, metric, value, unit, {"FunctionName": function_name})

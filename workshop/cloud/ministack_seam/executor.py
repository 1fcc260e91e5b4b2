"""Puts our Lambda executor in the place of MiniStack's own."""

from __future__ import annotations

import contextlib
import contextvars
import json
from collections.abc import Callable
from typing import Any

from ministack.core import lambda_runtime
from ministack.services import lambda_svc
from ministack.services.cloudformation import provisioners

from workshop.cloud.execution import function as functions
from workshop.cloud.execution.executor import Executor, Invocation, Package
from workshop.cloud.execution.output import LogLine
from workshop.cloud.execution.pool import Pool
from workshop.cloud.ministack_seam import caller, logs, metrics
from workshop.cloud.ministack_seam.afterwards import Afterwards

_TAIL_LIMIT = 4096


def install(executor: Executor, pool: Pool, afterwards: Afterwards) -> None:
    """From here on every invocation, whoever asks for it, runs through `executor`."""

    def dispatch(
        func: dict[str, Any], config: dict[str, Any], event: Any, request_id: str, started: float
    ) -> dict[str, Any]:
        del started  # our clocks are the execution environment's
        payload = json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()
        invocation = executor.invoke(
            config, lambda: _package(func, config, afterwards), payload, request_id, caller.current()
        )
        afterwards.put(lambda: _leave_behind(config, invocation))
        return _result(invocation)

    lambda_svc._execute_function_dispatch = dispatch
    _end_environments_on_reset(pool)
    _end_environments_on_change(pool)


def is_current(key: tuple[str, str, str, str], revision: str) -> bool:
    """Whether a function (account, region, name, version) is still there, in that very configuration."""
    account, region, name, version = key
    record = lambda_svc._functions._data.get((account, region, name))
    if record is not None and version != "$LATEST":
        record = record["versions"].get(version)
    return record is not None and functions.revision(record["config"]) == revision


def _leave_behind(config: dict[str, Any], invocation: Invocation) -> None:
    logs.store(_log_group(config), invocation.log_stream, invocation.lines)
    metrics.record(config["FunctionName"], invocation.duration_ms, failed=invocation.failed)


def _package(func: dict[str, Any], config: dict[str, Any], afterwards: Afterwards) -> Package:
    # An environment ends outside of any request, whose account and region it still belongs to.
    context = contextvars.copy_context()
    layers = (lambda_svc._resolve_layer_zip(layer) for layer in config.get("Layers") or [])
    return Package(
        code=func["code_zip"],
        layers=[layer for layer in layers if layer],
        credentials=lambda_runtime.execution_credentials(config),
        log=lambda stream, lines: context.run(afterwards.put, lambda: logs.store(_log_group(config), stream, lines)),
    )


def _log_group(config: dict[str, Any]) -> str:
    return (config.get("LoggingConfig") or {}).get("LogGroup") or f"/aws/lambda/{config['FunctionName']}"


def _result(invocation: Invocation) -> dict[str, Any]:
    """An invocation in the shape that MiniStack's Lambda service passes on."""
    text = invocation.payload.decode("utf-8", "replace")
    result: dict[str, Any] = {"log": _tail(invocation.lines)}
    result["body"], result["raw_payload"] = text, True
    with contextlib.suppress(ValueError):
        result["body"], result["raw_payload"] = json.loads(text), False
    if invocation.failed:
        result["error"], result["function_error"] = True, "Unhandled"
    return result


def _tail(lines: list[LogLine]) -> str:
    """The end of the log, of which MiniStack gives the last 4 KB on. Not all of it: that may be many megabytes."""
    tail: list[str] = []
    length = 0
    for line in reversed(lines):
        tail.append(line.line)
        length += len(line.line) + 1
        if length >= _TAIL_LIMIT:
            break
    return "\n".join(reversed(tail)) + "\n"


def _end_environments_on_reset(pool: Pool) -> None:
    original = lambda_svc.reset

    def reset() -> None:
        pool.clear()
        original()

    lambda_svc.reset = reset


def _end_environments_on_change(pool: Pool) -> None:
    """A deleted or updated function's idle environments end at once, those in use after their event."""

    def then_reap(original: Callable[..., Any]) -> Callable[..., Any]:
        def changed(*args: Any, **options: Any) -> Any:
            answer = original(*args, **options)
            pool.reap()
            return answer

        return changed

    lambda_svc._delete_function = then_reap(lambda_svc._delete_function)
    lambda_svc._update_code = then_reap(lambda_svc._update_code)
    lambda_svc._update_config = then_reap(lambda_svc._update_config)
    handlers: dict[str, Any] = provisioners._RESOURCE_HANDLERS["AWS::Lambda::Function"]
    handlers["delete"] = then_reap(handlers["delete"])

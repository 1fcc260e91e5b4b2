"""Runs invocations: the piece that takes the place of MiniStack's own Lambda executor."""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from workshop.cloud.errors import CloudError
from workshop.cloud.execution import function as functions
from workshop.cloud.execution import page_cache, platform_log, runtimes, sandbox
from workshop.cloud.execution.code_cache import CodeCache
from workshop.cloud.execution.conditions import Conditions
from workshop.cloud.execution.environment import ExecutionEnvironment, LogLine, Outcome
from workshop.cloud.execution.function import FunctionConfig
from workshop.cloud.execution.pool import Pool
from workshop.cloud.execution.spare import Spare
from workshop.cloud.execution.supervisor import EnvironmentLostError

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Package:
    """A function's deployment package and layers as zips, and the credentials of its role."""

    code: bytes
    layers: list[bytes]
    credentials: dict[str, str]


@dataclass(frozen=True)
class Invocation:
    """One invocation's answer as the Lambda service gives it on: payload, error marker, log lines."""

    payload: bytes
    failed: bool
    lines: list[LogLine]
    log_stream: str


class Executor:
    """From a function's configuration and an event to an `Invocation`."""

    def __init__(
        self,
        spare: Spare,
        cache: CodeCache,
        pool: Pool,
        endpoint: sandbox.Endpoint,
        cgroup_parent: str,
        conditions: Conditions,
    ) -> None:
        self._spare = spare
        self._cache = cache
        self._pool = pool
        self._endpoint = endpoint
        self._cgroup_parent = cgroup_parent
        self._conditions = conditions

    def invoke(self, config: dict[str, Any], load: Callable[[], Package], event: bytes, request_id: str) -> Invocation:
        """Run one event. `load` is called only when a new environment is needed."""
        function = functions.read(config)
        started_ms = time.time_ns() // 1_000_000
        environment = self._pool.take(function.key, function.revision)
        try:
            if environment is None:
                environment = self._create(function, load())
                self._pool.adopt(environment)
            try:
                outcome = environment.invoke({"request_id": request_id, "function_arn": function.arn}, event)
            finally:
                self._pool.give_back(function.key, environment)
                self._spare.refill()
        except (EnvironmentLostError, CloudError) as error:
            _log.error("%s: %s", function.name, error)
            outcome = _could_not_run(error)
        lines = platform_log.lines(function, request_id, started_ms, outcome)
        stream = environment.log_stream if environment else f"{request_id}"
        return Invocation(outcome.payload, outcome.error_type is not None, lines, stream)

    def _create(self, function: FunctionConfig, package: Package) -> ExecutionEnvironment:
        runtime = runtimes.find(function)
        code = self._cache.unpack(package.code)
        layers = [self._cache.unpack(layer) for layer in package.layers]
        if self._conditions.cold_pages:
            page_cache.evict([code, *layers, *(mount.source for mount in runtime.mounts)])
        described = sandbox.describe(
            function,
            runtime,
            code=code,
            layers=layers,
            credentials=package.credentials,
            endpoint=replace(self._endpoint, round_trip_ms=self._conditions.network_delay_ms),
            cgroup_parent=self._cgroup_parent,
        )
        return ExecutionEnvironment(
            self._spare.take(), described.create, log_stream=described.log_stream, revision=function.revision
        )


def _could_not_run(error: Exception) -> Outcome:
    """The local cloud's own failure, told apart from a function's by its type."""
    kind = "Local.EnvironmentFailed"
    body = json.dumps({"errorType": kind, "errorMessage": str(error)}).encode()
    return Outcome(payload=body, error_type=kind, status="error")

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
from workshop.cloud.execution.admission import INIT_SHARE, Admission, share_of
from workshop.cloud.execution.caller import NOBODY, Caller
from workshop.cloud.execution.code_cache import CodeCache
from workshop.cloud.execution.conditions import Conditions
from workshop.cloud.execution.environment import ExecutionEnvironment, Outcome
from workshop.cloud.execution.function import FunctionConfig
from workshop.cloud.execution.output import LogLine
from workshop.cloud.execution.pool import Pool
from workshop.cloud.execution.spare import Spare
from workshop.cloud.execution.supervisor import EnvironmentLostError

_log = logging.getLogger(__name__)

# A client that gives up after a minute, as boto3 does, has its reason in the log before.
_LONG_WAIT_S = 20.0


@dataclass(frozen=True)
class Package:
    """A function's deployment package and layers as zips, and the credentials of its role.

    `log` stores lines in a log stream of the function: those that come when no invocation is there to answer them.
    """

    code: bytes
    layers: list[bytes]
    credentials: dict[str, str]
    log: Callable[[str, list[LogLine]], None]


@dataclass(frozen=True)
class Invocation:
    """One invocation's answer as the Lambda service gives it on: payload, error marker, log lines, time in ms."""

    payload: bytes
    failed: bool
    lines: list[LogLine]
    log_stream: str
    duration_ms: float


class Executor:
    """From a function's configuration and an event to an `Invocation`."""

    def __init__(
        self,
        spare: Spare,
        cache: CodeCache,
        pool: Pool,
        admission: Admission,
        endpoint: sandbox.Endpoint,
        cgroup_parent: str,
        conditions: Conditions,
    ) -> None:
        self._spare = spare
        self._cache = cache
        self._pool = pool
        self._admission = admission
        self._endpoint = endpoint
        self._cgroup_parent = cgroup_parent
        self._conditions = conditions

    def invoke(
        self,
        config: dict[str, Any],
        load: Callable[[], Package],
        event: bytes,
        request_id: str,
        caller: Caller = NOBODY,
    ) -> Invocation:
        """Run one event when it is admitted. `load` is called only when a new environment is needed."""
        function = functions.read(config)
        share = share_of(function.memory_mb)
        warm = (function.key, function.revision)
        with self._admission.enter(
            weigh=lambda: share if self._pool.has_warm(*warm) else max(share, INIT_SHARE),
            claim=lambda: self._pool.take(*warm),
        ) as (ticket, environment):
            if ticket.waited_s > _LONG_WAIT_S:
                _log.warning("%s waited %.0f s for a free core", function.name, ticket.waited_s)
            started_ms = time.time_ns() // 1_000_000
            try:
                if environment is None:
                    environment = self._create(function, load())
                    self._pool.adopt(environment)
                ticket.cpu_time = environment.cpu_time
                request = {"request_id": request_id, "function_arn": function.arn, **caller.fields()}
                try:
                    outcome = environment.invoke(request, event, lambda: self._admission.shrink(ticket, share))
                finally:
                    self._pool.give_back(function.key, environment)
                    self._spare.refill()
            except (EnvironmentLostError, CloudError) as error:
                _log.error("%s: %s", function.name, error)
                outcome = _could_not_run(error)
        outcome.waited_ms = ticket.waited_s * 1000
        lines = platform_log.lines(function, request_id, started_ms, outcome)
        stream = environment.log_stream if environment else f"{request_id}"
        return Invocation(outcome.payload, outcome.failed, lines, stream, outcome.duration_ms)

    def _create(self, function: FunctionConfig, package: Package) -> ExecutionEnvironment:
        runtime = runtimes.find(function, self._endpoint.trust)
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
            self._spare.take(),
            described.create,
            log_stream=described.log_stream,
            revision=function.revision,
            last_words=lambda stream, output: package.log(stream, platform_log.last_words(output)),
        )


def _could_not_run(error: Exception) -> Outcome:
    """The local cloud's own failure, told apart from a function's by its type."""
    kind = "Local.EnvironmentFailed"
    body = json.dumps({"errorType": kind, "errorMessage": str(error)}).encode()
    return Outcome(payload=body, failed=True, error_type=kind, status="error")

"""A deployed Lambda function, by the public Lambda API: invoke it, change its settings, put them back."""

from __future__ import annotations

import base64
import json
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError, WaiterError

from workshop.measure.errors import MeasureError
from workshop.measure.report_line import Report, parse_report
from workshop.measure.rows import now

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient

# For the client that measures: one try, since a silent second one would be measured as part of the first;
# as much patience as the longest function has time (15 minutes), plus its INIT; and a fixed name, since boto3
# makes its own anew for each call, which is a fifth of what a call takes in boto3 itself.
CLIENT_CONFIG = Config(
    retries={"total_max_attempts": 1}, read_timeout=930, tcp_keepalive=True, user_agent="rustifying-serverless-workshop"
)

# The variable that is touched to make running execution environments stale.
COLD_START_VARIABLE = "WORKSHOP_COLD_START"

_ERROR_LENGTH = 200


@dataclass(frozen=True)
class Configuration:
    """What measuring needs to know of a function's configuration; memory in MB."""

    runtime: str
    architecture: str
    memory_mb: int
    environment: Mapping[str, str]
    code_sha256: str


@dataclass(frozen=True)
class Invocation:
    """One invocation: the answer (parsed JSON) or the error, and the platform's report if it gave one."""

    started_at: str
    client_ms: float
    request_id: str = ""
    report: Report | None = None
    answer: Any = None
    error: str | None = None


@dataclass(frozen=True)
class LambdaFunction:
    """A deployed function and the labels that its rows get.

    `client` is a boto3 Lambda client, made with `CLIENT_CONFIG`; two functions are equal when name and labels are.
    """

    client: LambdaClient = field(repr=False, compare=False)
    function_name: str
    lab: str = ""
    function: str = ""
    target: str = "aws"

    def invoke(self, payload: Any, qualifier: str | None = None) -> Invocation:
        """Invoke once, with the log's tail. What fails is told by `Invocation.error`, never raised."""
        body = json.dumps(payload).encode()
        extra = {"Qualifier": qualifier} if qualifier else {}
        started_at, start = now(), time.perf_counter()
        try:
            response = self.client.invoke(
                FunctionName=self.function_name,
                LogType="Tail",
                Payload=body,
                **extra,  # type: ignore[arg-type]
            )
            answer = response["Payload"].read()
        except (ClientError, BotoCoreError) as error:
            return Invocation(started_at, _since(start), error=_shortened(f"{type(error).__name__}: {error}"))
        client_ms = _since(start)
        log = base64.b64decode(response.get("LogResult", "")).decode("utf-8", "replace")
        request_id = response["ResponseMetadata"].get("RequestId", "")
        failed = bool(response.get("FunctionError"))
        return _invocation(started_at, client_ms, request_id, log, answer, failed=failed)

    def configuration(self) -> Configuration:
        """The configuration of `$LATEST`. Raises `MeasureError` when it cannot be read."""
        try:
            found = self.client.get_function_configuration(FunctionName=self.function_name)
        except (ClientError, BotoCoreError) as error:
            raise MeasureError(f"{self.function_name} cannot be read: {error}. Is the lab deployed?") from error
        environment = found.get("Environment", {})
        if "Error" in environment:
            # Writing the variables back without having read them would delete them.
            raise MeasureError(
                f"the environment variables of {self.function_name} may not be read, so they could not be put "
                "back after measuring: grant kms:Decrypt on the function's key"
            )
        return Configuration(
            runtime=found.get("Runtime", "container image"),
            architecture=found.get("Architectures", ["x86_64"])[0],
            memory_mb=found["MemorySize"],
            environment=environment.get("Variables", {}),
            code_sha256=found["CodeSha256"],
        )

    def configure(self, *, memory_mb: int | None = None, environment: Mapping[str, str] | None = None) -> None:
        """Change `$LATEST` and wait until invocations see the change."""
        changes: dict[str, Any] = {}
        if memory_mb is not None:
            changes["MemorySize"] = memory_mb
        if environment is not None:
            changes["Environment"] = {"Variables": dict(environment)}
        try:
            self.client.update_function_configuration(FunctionName=self.function_name, **changes)
            self.client.get_waiter("function_updated_v2").wait(FunctionName=self.function_name)
        except (ClientError, WaiterError) as error:
            raise MeasureError(f"{self.function_name} cannot be configured: {error}") from error

    def force_cold_start(self, memory_mb: int | None = None) -> None:
        """Make the next invocation of `$LATEST` a cold start (and give it another memory size, if wanted).

        Changing the configuration makes every running execution environment stale, so a variable that
        nobody reads is given a new value. `workshop.measure.kept` takes it out again.
        """
        environment = {**self.configuration().environment, COLD_START_VARIABLE: uuid.uuid4().hex}
        self.configure(memory_mb=memory_mb, environment=environment)


def _invocation(
    started_at: str, client_ms: float, request_id: str, log: str, answer: bytes, *, failed: bool
) -> Invocation:
    report, error = None, None
    try:
        report = parse_report(log)
    except MeasureError as missing:
        error = str(missing)
    try:
        parsed = json.loads(answer) if answer else None
    except ValueError:
        parsed, error = None, "the function's answer is not JSON"
    error = (_function_error(parsed) if failed else _http_error(parsed)) or error
    request_id = report.request_id if report else request_id
    return Invocation(started_at, client_ms, request_id, report, parsed, error and _shortened(error))


def _function_error(answer: Any) -> str:
    if isinstance(answer, dict):
        parts = [str(answer[name]) for name in ("errorType", "errorMessage") if answer.get(name)]
        return ": ".join(parts) or "the function failed and did not say why"
    return f"the function failed: {answer}"


def _http_error(answer: Any) -> str | None:
    """What an API Gateway proxy answer of 400 or more says: a handler that caught its error has still failed."""
    status = answer.get("statusCode") if isinstance(answer, dict) else None
    if not isinstance(status, int) or status < 400:
        return None
    try:
        detail = json.loads(answer.get("body") or "")["detail"]
    except (ValueError, KeyError, TypeError):
        return f"HTTP {status}"
    return f"HTTP {status}: {detail}"


def _shortened(text: str) -> str:
    return text if len(text) <= _ERROR_LENGTH else text[: _ERROR_LENGTH - 1] + "…"


def _since(start: float) -> float:
    return round((time.perf_counter() - start) * 1000, 3)

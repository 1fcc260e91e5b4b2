"""The part of Lambda's API that measuring uses, in memory: versions, aliases, warm and stale environments."""

from __future__ import annotations

import base64
import copy
import io
import json
import uuid
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from workshop.measure import LambdaFunction

Handler = Callable[[Any, int], Any]


class ConflictError(ClientError):
    pass


class NotFoundError(ClientError):
    pass


def error(kind: type[ClientError], code: str) -> ClientError:
    return kind({"Error": {"Code": code, "Message": code}}, "Operation")


class FakeLambda:
    """One function. `handler(payload, memory_mb)` returns an answer or raises; durations are made by `duration_ms`."""

    class exceptions:  # noqa: N801 - as boto3 has it
        ResourceConflictException = ConflictError
        ResourceNotFoundException = NotFoundError

    def __init__(self, memory_mb: int = 512, environment: dict[str, str] | None = None) -> None:
        self.latest: dict[str, Any] = {
            "Runtime": "python3.11",
            "Architectures": ["x86_64"],
            "MemorySize": memory_mb,
            "Environment": {"Variables": environment or {}},
            "CodeSha256": "code",
        }
        self.versions: dict[str, dict[str, Any]] = {}
        self.aliases: dict[str, str] = {}
        self.warm: set[str] = set()
        self.calls: list[str] = []
        self.published = 0
        self.handler: Handler = lambda payload, memory_mb: {"statusCode": 200, "body": "{}"}
        self.duration_ms: Callable[[int], float] = lambda memory_mb: 10.0
        self.always_warm = False
        self.interrupt_after: int | None = None

    def get_function_configuration(self, FunctionName: str) -> dict[str, Any]:  # noqa: N803
        return copy.deepcopy(self.latest)

    def update_function_configuration(self, FunctionName: str, **changes: Any) -> None:  # noqa: N803
        self.calls.append("update")
        self.latest |= copy.deepcopy(changes)
        self.warm.discard("$LATEST")

    def get_waiter(self, name: str) -> Any:
        assert name in ("function_updated_v2", "published_version_active")

        class Waiter:
            def wait(self, **_: Any) -> None: ...

        return Waiter()

    def publish_version(self, FunctionName: str) -> dict[str, str]:  # noqa: N803
        last = self.versions.get(str(self.published))
        if last != self.latest:  # Lambda publishes nothing new if nothing changed
            self.published += 1
            self.versions[str(self.published)] = copy.deepcopy(self.latest)
        return {"Version": str(self.published)}

    def create_alias(self, FunctionName: str, Name: str, FunctionVersion: str) -> None:  # noqa: N803
        if Name in self.aliases:
            raise error(ConflictError, "ResourceConflictException")
        self.aliases[Name] = FunctionVersion

    def update_alias(self, FunctionName: str, Name: str, FunctionVersion: str) -> None:  # noqa: N803
        self.aliases[Name] = FunctionVersion

    def get_alias(self, FunctionName: str, Name: str) -> dict[str, str]:  # noqa: N803
        if Name not in self.aliases:
            raise error(NotFoundError, "ResourceNotFoundException")
        return {"FunctionVersion": self.aliases[Name]}

    def delete_alias(self, FunctionName: str, Name: str) -> None:  # noqa: N803
        del self.aliases[Name]

    def delete_function(self, FunctionName: str, Qualifier: str) -> None:  # noqa: N803
        if Qualifier in self.aliases.values():
            raise error(ConflictError, "ResourceConflictException")
        del self.versions[Qualifier]

    def get_paginator(self, name: str) -> Any:
        assert name == "list_versions_by_function"
        pages = [{"Versions": [{"Version": "$LATEST"}]}, {"Versions": [{"Version": one} for one in self.versions]}]

        class Paginator:
            def paginate(self, **_: Any) -> Any:
                return pages

        return Paginator()

    def invoke(self, FunctionName: str, LogType: str, Payload: bytes, Qualifier: str = "$LATEST") -> dict[str, Any]:  # noqa: N803
        assert LogType == "Tail"
        self.calls.append(f"invoke {Qualifier}")
        if self.interrupt_after is not None:
            self.interrupt_after -= 1
            if self.interrupt_after < 0:
                raise KeyboardInterrupt
        version = self.aliases.get(Qualifier, Qualifier)
        memory = (self.latest if version == "$LATEST" else self.versions[version])["MemorySize"]
        cold = version not in self.warm and not self.always_warm
        self.warm.add(version)
        request_id = str(uuid.uuid4())
        response: dict[str, Any] = {"StatusCode": 200, "ResponseMetadata": {"RequestId": request_id}}
        try:
            answer = self.handler(json.loads(Payload), memory)
        except ValueError as failure:
            response["FunctionError"] = "Unhandled"
            answer = {"errorType": "ValueError", "errorMessage": str(failure)}
        log = report(request_id, self.duration_ms(memory), memory, 100.0 if cold else None)
        return response | {
            "LogResult": base64.b64encode(log.encode()).decode(),
            "Payload": io.BytesIO(json.dumps(answer).encode()),
        }


def report(request_id: str, duration_ms: float, memory_mb: int, init_ms: float | None) -> str:
    """START, END and REPORT as AWS writes them."""
    billed = int(-(-(duration_ms + (init_ms or 0)) // 1))
    init = f"Init Duration: {init_ms:.2f} ms\t" if init_ms is not None else ""
    return (
        f"START RequestId: {request_id} Version: $LATEST\nEND RequestId: {request_id}\n"
        f"REPORT RequestId: {request_id}\tDuration: {duration_ms:.2f} ms\tBilled Duration: {billed} ms\t"
        f"Memory Size: {memory_mb} MB\tMax Memory Used: 40 MB\t{init}\n"
    )


def function(client: FakeLambda, name: str = "buckets", lab: str = "01-python-baseline") -> LambdaFunction:
    return LambdaFunction(client, f"{lab}-{name}", lab=lab, function=name, target="test")  # type: ignore[arg-type]

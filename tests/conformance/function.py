"""What both sides run, and what they tell of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.conformance.clients import Client, Extension

TRACE = "/var/trace"
"""Where a function or an extension writes what happens to it, a line each, in a file `events`."""


@dataclass(frozen=True)
class Function:
    """A function, and perhaps an external extension beside it."""

    client: Client
    extension: Extension | None = None
    timeout_s: int = 10


@dataclass(frozen=True)
class Request:
    """One invocation: its payload, the client context as the API takes it (Base64 of JSON), a caller's trace id.

    The Cognito identity is for our side only: the emulator has no way to be told of one.
    """

    payload: bytes = b"{}"
    client_context: str | None = None
    trace_id: str | None = None
    cognito_identity: Mapping[str, str] | None = None


@dataclass
class Run:
    """The answers of one environment in their order, and the events that were traced in it up to its end."""

    answers: list[bytes] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Files:
    """The directories of one function, made for one side, and its client's mounts."""

    code: Path
    layer: Path
    trace: Path
    mounts: Mapping[str, Path]

    @classmethod
    def write(cls, function: Function, directory: Path) -> Files:
        code, layer, trace = directory / "code", directory / "layer", directory / "trace"
        for made in (code, layer / "extensions", trace):
            made.mkdir(parents=True)
        # The function's user in our sandbox is not root.
        trace.chmod(0o777)
        function.client.write(code)
        if function.extension is not None:
            program = layer / "extensions" / "tracer"
            function.extension(program)
            program.chmod(0o755)
        return cls(code, layer, trace, {**function.client.mounts(), TRACE: trace})

    def traced(self) -> list[str]:
        events = self.trace / "events"
        return events.read_text().splitlines() if events.exists() else []


VARIABLES = {
    "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin",
    "LD_LIBRARY_PATH": "/var/lang/lib:/var/task:/var/task/lib:/opt/lib",
    "LANG": "en_US.UTF-8",
    "AWS_REGION": "us-east-1",
    "AWS_LAMBDA_LOG_FORMAT": "Text",
    "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/conformance",
    "AWS_LAMBDA_LOG_STREAM_NAME": "conformance",
}
NAME, MEMORY_MB = "conformance", 512

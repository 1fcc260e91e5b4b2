"""What both sides run, and what they tell of it."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from workshop.cloud.execution import runtime_packages

RUNTIME = f"python{sys.version_info.major}.{sys.version_info.minor}"
INTERPRETER = f"/var/lang/bin/{RUNTIME}"
TRACE = "/var/trace"
"""Where a function or an extension writes what happens to it, a line each, in a file `events`."""


@dataclass(frozen=True)
class Function:
    """A Python function, and perhaps an external extension beside it."""

    source: str
    extension: str | None = None
    timeout_s: int = 10


@dataclass(frozen=True)
class Request:
    """One invocation: its payload, and the client context as the API takes it (Base64 of JSON)."""

    payload: bytes = b"{}"
    client_context: str | None = None


@dataclass
class Run:
    """The answers of one environment in their order, and the events that were traced in it up to its end."""

    answers: list[bytes] = field(default_factory=list)
    trace: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Files:
    """The directories of one function, made for one side."""

    code: Path
    layer: Path
    trace: Path

    @classmethod
    def write(cls, function: Function, directory: Path) -> Files:
        files = cls(directory / "code", directory / "layer", directory / "trace")
        for made in (files.code, files.layer / "extensions", files.trace):
            made.mkdir(parents=True)
        # The function's user in our sandbox is not root.
        files.trace.chmod(0o777)
        (files.code / "app.py").write_text(function.source)
        if function.extension is not None:
            program = files.layer / "extensions" / "tracer"
            program.write_text(f"#!{INTERPRETER}\n{function.extension}")
            program.chmod(0o755)
        return files

    def mounts(self) -> Mapping[str, Path]:
        """The managed runtime and the trace, by their place inside."""
        return {
            "/var/lang": Path(sys.base_prefix),
            f"/var/lang/lib/{RUNTIME}/site-packages": runtime_packages.python(RUNTIME),
            TRACE: self.trace,
        }

    def traced(self) -> list[str]:
        events = self.trace / "events"
        return events.read_text().splitlines() if events.exists() else []


COMMAND = [INTERPRETER, "-m", "awslambdaric", "app.handler"]
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

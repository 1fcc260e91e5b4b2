"""A function under our execution environment, driven by the classes that the local cloud drives it with."""

from __future__ import annotations

import base64
import json
import subprocess
import uuid
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.conformance.function import MEMORY_MB, NAME, TRACE, VARIABLES, Files, Function, Request, Run
from workshop.cloud import binary
from workshop.cloud.execution.environment import ExecutionEnvironment
from workshop.cloud.execution.supervisor import Supervisor


def run(function: Function, requests: Sequence[Request], directory: Path) -> Run:
    """Every request in turn in one environment, then its SHUTDOWN."""
    files, program = Files.write(function, directory), binary.build()
    group = f"conformance-{uuid.uuid4().hex[:8]}"
    environment = ExecutionEnvironment(
        Supervisor(program, group), _create(function, files, group), log_stream="conformance", revision="1"
    )
    result = Run()
    try:
        for request in requests:
            result.answers.append(environment.invoke(_invoke(request), request.payload).payload)
    finally:
        environment.shutdown()
        subprocess.run([program, "sweep", "--cgroup-parent", group], capture_output=True, check=True)
    result.trace = files.traced()
    return result


def _create(function: Function, files: Files, group: str) -> dict[str, Any]:
    mounts = [
        {"source": str(source), "target": target, "read_only": target != TRACE}
        for target, source in files.mounts.items()
    ]
    return {
        "function_name": NAME,
        "function_arn": f"arn:aws:lambda:us-east-1:012345678912:function:{NAME}",
        "handler": function.client.handler,
        "runtime": function.client.runtime,
        "argv": list(function.client.command),
        "env": VARIABLES,
        "code": str(files.code),
        "layers": [str(files.layer)],
        "mounts": mounts,
        "memory_mb": MEMORY_MB,
        "timeout_ms": function.timeout_s * 1000,
        "cgroup_parent": group,
    }


def _invoke(request: Request) -> dict[str, Any]:
    message: dict[str, Any] = {"request_id": str(uuid.uuid4())}
    if request.client_context is not None:
        message["client_context"] = json.loads(base64.b64decode(request.client_context))
    if request.trace_id is not None:
        message["trace_id"] = request.trace_id
    if request.cognito_identity is not None:
        message["cognito_identity"] = dict(request.cognito_identity)
    return message

"""The `create` message of an execution environment: everything it needs to know of its function."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from workshop.cloud import aws_names
from workshop.cloud.execution.function import FunctionConfig
from workshop.cloud.execution.runtimes import Runtime

INIT_LIMIT_MS = 10_000
# The account that AWS runs functions under.
_SANDBOX_USER, _SANDBOX_GROUP = 993, 990


@dataclass(frozen=True)
class Endpoint:
    """How functions reach the cloud: a loopback port forwarded into each environment, and whom to trust there."""

    port: int
    plain_port: int
    """Of the same cloud without TLS."""
    trust: Path
    """Directory with `bundle.pem` (the system's roots and ours), mounted at /var/tls."""
    variables: dict[str, str] = field(default_factory=dict)
    round_trip_ms: float = 0.0
    """What a round trip to it takes beyond the loopback's."""

    @property
    def address(self) -> str:
        """Host and port, the same inside and outside an environment."""
        return f"127.0.0.1:{self.port}"

    def forwards(self) -> list[dict[str, Any]]:
        """Ports inside and where they lead: the endpoint itself, and those that AWS's names are called at."""
        inside = {self.address: self.port, "127.0.0.1:443": self.port, "127.0.0.1:80": self.plain_port}
        round_trip_us = round(self.round_trip_ms * 1000)
        return [
            {"listen": listen, "connect": f"127.0.0.1:{port}", "round_trip_us": round_trip_us}
            for listen, port in inside.items()
        ]

    def environment(self) -> dict[str, str]:
        """The variables by which the SDKs find the endpoint and its certificate authority."""
        bundle = "/var/tls/bundle.pem"
        return {
            "AWS_ENDPOINT_URL": f"https://{self.address}",
            "AWS_CA_BUNDLE": bundle,
            "SSL_CERT_FILE": bundle,
            "NODE_EXTRA_CA_CERTS": "/var/tls/ca.pem",
            **self.variables,
        }


@dataclass(frozen=True)
class Sandbox:
    """One environment to be made: its `create` message and the log stream that is its own."""

    create: dict[str, Any]
    log_stream: str


def describe(
    function: FunctionConfig,
    runtime: Runtime,
    *,
    code: Path,
    layers: list[Path],
    credentials: dict[str, str],
    endpoint: Endpoint,
    cgroup_parent: str,
) -> Sandbox:
    """The sandbox for one environment of a function."""
    stream = f"{datetime.now(UTC):%Y/%m/%d}/[{function.version}]{uuid.uuid4().hex}"
    mounts = [{"source": str(mount.source), "target": mount.target, "read_only": True} for mount in runtime.mounts]
    mounts.append({"source": str(endpoint.trust), "target": "/var/tls", "read_only": True})
    create = {
        "function_name": function.name,
        "function_version": function.version,
        "function_arn": function.arn,
        "handler": function.handler,
        "runtime": function.runtime,
        "argv": runtime.command,
        "env": _variables(function, runtime, credentials, endpoint, stream),
        "code": str(code),
        "layers": [str(layer) for layer in layers],
        "mounts": mounts,
        "memory_mb": function.memory_mb,
        "timeout_ms": round(function.timeout_s * 1000),
        "init_timeout_ms": INIT_LIMIT_MS,
        "tmp_mb": function.tmp_mb,
        "forward": endpoint.forwards(),
        "dns": list(aws_names.SUFFIXES),
        "cgroup_parent": cgroup_parent,
        "freeze": True,
        "uid": _SANDBOX_USER,
        "gid": _SANDBOX_GROUP,
        "log_format": "JSON" if function.json_logs else "Text",
    }
    return Sandbox(create, stream)


def _variables(
    function: FunctionConfig, runtime: Runtime, credentials: dict[str, str], endpoint: Endpoint, stream: str
) -> dict[str, str]:
    """The environment: Lambda's defaults, the runtime's, the user's, then what Lambda reserves for itself."""
    defaults = {
        "PATH": "/var/lang/bin:/usr/local/bin:/usr/bin:/bin:/opt/bin",
        "LD_LIBRARY_PATH": "/var/task:/var/task/lib:/opt/lib",
        "LANG": "en_US.UTF-8",
        "TZ": ":UTC",
    }
    reserved = {
        "AWS_REGION": function.region,
        "AWS_DEFAULT_REGION": function.region,
        "AWS_EXECUTION_ENV": f"AWS_Lambda_{function.runtime}",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": function.version,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory_mb),
        "AWS_LAMBDA_LOG_GROUP_NAME": function.log_group,
        "AWS_LAMBDA_LOG_STREAM_NAME": stream,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "on-demand",
        "AWS_LAMBDA_LOG_FORMAT": "JSON" if function.json_logs else "Text",
        # With text logs the level is the function's own affair, as on AWS.
        **({"AWS_LAMBDA_LOG_LEVEL": function.application_log_level} if function.json_logs else {}),
        **credentials,
    }
    variables = {**defaults, **runtime.variables, **endpoint.environment(), **function.variables, **reserved}
    # Set to nothing by the function: it goes by AWS's host names. Not every SDK takes an empty URL for none.
    return {name: value for name, value in variables.items() if value or name != "AWS_ENDPOINT_URL"}

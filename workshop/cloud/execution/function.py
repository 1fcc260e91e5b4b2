"""A Lambda function's configuration, as far as running it needs, read from the service's own record."""

from __future__ import annotations

import hashlib
import marshal
from dataclasses import dataclass
from typing import Any

# A change of any of these means new execution environments, as on AWS.
_REVISION_FIELDS = (
    "CodeSha256", "LastModified", "RevisionId", "MemorySize", "Timeout", "Runtime", "Handler", "Environment",
    "Layers", "EphemeralStorage", "Role", "LoggingConfig",
)  # fmt: skip


@dataclass(frozen=True)
class FunctionConfig:
    """One version of one function. Sizes in MB, times in seconds, as in the Lambda API."""

    account: str
    region: str
    name: str
    version: str
    arn: str
    runtime: str
    handler: str
    memory_mb: int
    timeout_s: float
    tmp_mb: int
    variables: dict[str, str]
    log_group: str
    json_logs: bool
    application_log_level: str
    system_log_level: str
    revision: str
    architecture: str

    @property
    def key(self) -> tuple[str, str, str, str]:
        """What an execution environment belongs to, whatever its configuration is at the moment."""
        return (self.account, self.region, self.name, self.version)


def read(config: dict[str, Any]) -> FunctionConfig:
    """From the record that GetFunctionConfiguration answers."""
    arn = config["FunctionArn"].split(":")
    logging = config.get("LoggingConfig") or {}
    return FunctionConfig(
        account=arn[4],
        region=arn[3],
        name=config["FunctionName"],
        version=config.get("Version") or "$LATEST",
        arn=config["FunctionArn"],
        runtime=config.get("Runtime") or "",
        handler=config.get("Handler") or "",
        memory_mb=int(config.get("MemorySize") or 128),
        timeout_s=float(config.get("Timeout") or 3),
        tmp_mb=int((config.get("EphemeralStorage") or {}).get("Size") or 512),
        variables=dict((config.get("Environment") or {}).get("Variables") or {}),
        log_group=logging.get("LogGroup") or f"/aws/lambda/{config['FunctionName']}",
        json_logs=logging.get("LogFormat") == "JSON",
        application_log_level=(logging.get("ApplicationLogLevel") or "INFO").upper(),
        system_log_level=(logging.get("SystemLogLevel") or "INFO").upper(),
        revision=revision(config),
        architecture=(config.get("Architectures") or ["x86_64"])[0],
    )


def revision(config: dict[str, Any]) -> str:
    """Tells one configuration from another."""
    # Made twice in each invocation: JSON takes four times as long. Version 2 has no references, so that
    # equal values give equal bytes.
    parts = [config.get(name) for name in _REVISION_FIELDS]
    return hashlib.sha256(marshal.dumps(parts, 2)).hexdigest()

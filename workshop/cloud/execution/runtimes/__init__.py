"""What starts a function of each runtime: the command, and what is mounted for it.

A runtime is found on this machine when it is first needed; one that is missing is an error that names it.
"""

from __future__ import annotations

from pathlib import Path

from workshop.cloud.errors import CloudError
from workshop.cloud.execution.function import FunctionConfig
from workshop.cloud.execution.runtimes import dotnet, java, node, python
from workshop.cloud.execution.runtimes.runtime import Mount, Runtime

__all__ = ["Mount", "Runtime", "find"]


def find(function: FunctionConfig, trust: Path) -> Runtime:
    """The runtime for a function; `trust` is the directory at /var/tls. Raises CloudError for one that is missing."""
    name = function.runtime
    if name.startswith("provided"):
        return Runtime(["/var/task/bootstrap"])
    if name.startswith("python"):
        return python.find(function)
    if name.startswith("nodejs"):
        return node.find(function)
    if name.startswith("java"):
        return java.find(function, trust)
    if name.startswith("dotnet"):
        return dotnet.find(function)
    raise CloudError(
        f"runtime '{name}' is not available in the local cloud; it has provided.al2023, provided.al2, "
        "and python3.x, nodejs*.x and java* where this machine has them"
    )

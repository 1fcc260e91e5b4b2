"""What starts a function of each runtime: the command, and what is mounted for it.

A runtime is found on this machine when it is first needed; one that is missing is an error that names it.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path

from workshop.cloud.errors import CloudError
from workshop.cloud.execution import runtime_packages
from workshop.cloud.execution.function import FunctionConfig


@dataclass(frozen=True)
class Mount:
    """A directory of this machine, read-only in the sandbox."""

    source: Path
    target: str


@dataclass(frozen=True)
class Runtime:
    """How to run a function: command line, mounts and environment variables beyond Lambda's own."""

    command: list[str]
    mounts: list[Mount] = field(default_factory=list)
    variables: dict[str, str] = field(default_factory=dict)


def find(function: FunctionConfig) -> Runtime:
    """The runtime for a function. Raises CloudError for one that this machine lacks."""
    if function.runtime.startswith("provided"):
        return Runtime(["/var/task/bootstrap"])
    if function.runtime.startswith("python"):
        return _python(function)
    raise CloudError(
        f"runtime '{function.runtime}' is not available in the local cloud; it has provided.al2023, provided.al2 "
        f"and {_this_python()}"
    )


def _this_python() -> str:
    return f"python{sys.version_info.major}.{sys.version_info.minor}"


def _python(function: FunctionConfig) -> Runtime:
    """The managed Python runtime: the interpreter at /var/lang, boto3 and the runtime client in its site-packages.

    Mounting the interpreter's whole prefix makes it readable for the sandbox's user wherever it is installed, and
    mounting over its site-packages hides what the owner of the machine has put there.
    """
    if function.runtime != _this_python():
        raise CloudError(
            f"runtime '{function.runtime}' needs that interpreter; this machine's workshop runs {_this_python()}. "
            f"Set 'Runtime: {_this_python()}' or start the workshop with the other Python"
        )
    site_packages = f"/var/lang/lib/{function.runtime}/site-packages"
    return Runtime(
        command=[f"/var/lang/bin/{function.runtime}", "-m", "awslambdaric", function.handler],
        mounts=[
            Mount(Path(sys.base_prefix), "/var/lang"),
            Mount(runtime_packages.python(function.runtime), site_packages),
        ],
        variables={
            "PYTHONPATH": f"/opt/python/lib/{function.runtime}/site-packages:/opt/python",
            "LD_LIBRARY_PATH": "/var/lang/lib:/var/task:/var/task/lib:/opt/lib",
        },
    )

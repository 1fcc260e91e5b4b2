"""The managed Python runtimes."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

from workshop.cloud.errors import CloudError
from workshop.cloud.execution import runtime_packages
from workshop.cloud.execution.function import FunctionConfig
from workshop.cloud.execution.runtimes import programs
from workshop.cloud.execution.runtimes.runtime import Mount, Runtime


def find(function: FunctionConfig) -> Runtime:
    """The interpreter at /var/lang, boto3 and the runtime client in its site-packages.

    Mounting the interpreter's whole prefix makes it readable for the sandbox's user wherever it is installed, and
    mounting over its site-packages hides what the owner of the machine has put there.
    """
    prefix, interpreter = _interpreter(function.runtime)
    site_packages = f"/var/lang/lib/{function.runtime}/site-packages"
    return Runtime(
        command=[f"/var/lang/bin/{function.runtime}", "-m", "awslambdaric", function.handler],
        mounts=[
            Mount(prefix, "/var/lang"),
            Mount(runtime_packages.python(function.runtime, interpreter), site_packages),
        ],
        variables={
            "PYTHONPATH": f"/opt/python/lib/{function.runtime}/site-packages:/opt/python",
            "LD_LIBRARY_PATH": "/var/lang/lib:/var/task:/var/task/lib:/opt/lib",
        },
    )


def _interpreter(runtime: str) -> tuple[Path, Path]:
    """Prefix and program of the interpreter: the workshop's own, or one on PATH."""
    own = f"python{sys.version_info.major}.{sys.version_info.minor}"
    if runtime == own:
        return Path(sys.base_prefix), Path(sys.executable)
    # A virtual environment's own bin may come first on PATH, so the prefix asked for is the one it was made from.
    for program in programs.on_path(runtime):
        prefix = _base_prefix(program)
        if prefix and (prefix / "bin" / runtime).is_file():
            return prefix, prefix / "bin" / runtime
    raise CloudError(
        f"runtime '{runtime}' needs that interpreter, and there is no working '{runtime}' on PATH. "
        f"Install it and run './poe stop', or set 'Runtime: {own}', which the workshop itself runs on"
    )


@cache
def _base_prefix(program: Path) -> Path | None:
    answer = programs.ask([program, "-c", "import sys; print(sys.base_prefix)"])
    return Path(answer.strip()) if answer else None

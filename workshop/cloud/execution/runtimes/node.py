"""The managed Node runtimes, on this machine's Node and with a runtime client of our own."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from workshop.cloud.errors import CloudError
from workshop.cloud.execution import runtime_packages
from workshop.cloud.execution.function import FunctionConfig
from workshop.cloud.execution.runtimes import programs
from workshop.cloud.execution.runtimes.programs import Installed
from workshop.cloud.execution.runtimes.runtime import Mount, Runtime

_ASK = "console.log(process.versions.node.split('.')[0] + ' ' + process.execPath)"


def find(function: FunctionConfig) -> Runtime:
    """Node at /var/lang, the runtime client and the AWS SDK v3 at /var/runtime.

    The SDK is mounted a second time at /node_modules, because ES modules look there and not in NODE_PATH.
    """
    major = programs.number(function.runtime)
    node = _choose(function.runtime, major)
    packages = runtime_packages.node()
    return Runtime(
        command=["/var/lang/bin/node", "/var/runtime/index.mjs"],
        mounts=[
            Mount(node.prefix, "/var/lang"),
            Mount(packages, "/var/runtime"),
            Mount(packages / "node_modules", "/node_modules"),
        ],
        variables={
            "NODE_PATH": f"/opt/nodejs/node{major}/node_modules:/opt/nodejs/node_modules:/var/runtime/node_modules",
            "LD_LIBRARY_PATH": "/var/lang/lib:/var/task:/var/task/lib:/opt/lib",
        },
    )


def _choose(runtime: str, major: int) -> Installed:
    installed = [node for program in programs.on_path("node") if (node := _installed(program))]
    chosen = programs.choose(installed, major)
    if chosen is None:
        found = f"it has {max(node.major for node in installed)}" if installed else "it has none on PATH"
        raise CloudError(
            f"runtime '{runtime}' needs Node {major} or newer on this machine; {found}. "
            "Install it (see ./poe doctor), run './poe stop', and try again"
        )
    if chosen.major != major:
        programs.say_newer(runtime, f"Node {chosen.major}")
    return chosen


@cache
def _installed(program: Path) -> Installed | None:
    answer = programs.ask([program, "-e", _ASK])
    if not answer:
        return None
    major, _, path = answer.strip().partition(" ")
    return Installed(int(major), Path(path).parents[1]) if major.isdigit() else None

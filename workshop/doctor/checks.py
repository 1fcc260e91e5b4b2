"""All checks, side by side: most of their time is waiting for a program to print its version."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from workshop.doctor import cgroups, isolation, machine, packaged, runtimes, toolchain
from workshop.doctor.finding import Finding

Check = Callable[[], Finding]

CHECKS: tuple[Check, ...] = (
    machine.operating_system,
    toolchain.python,
    toolchain.python_runtime,
    toolchain.rust,
    toolchain.rust_components,
    toolchain.c_compiler,
    toolchain.make,
    toolchain.git,
    packaged.sam,
    packaged.cargo_lambda,
    packaged.zig,
    packaged.maturin,
    runtimes.java,
    runtimes.maven,
    runtimes.node,
    runtimes.dotnet,
    machine.disk,
    machine.memory,
    machine.cores,
    machine.clock,
    machine.port,
    isolation.namespaces,
    cgroups.cgroups,
)


def examine(checks: Sequence[Check] = CHECKS) -> list[Finding]:
    """One finding a check, in the order of `checks`."""
    with ThreadPoolExecutor() as pool:
        return list(pool.map(lambda check: check(), checks))

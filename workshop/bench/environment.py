"""One execution environment by itself, without the cloud around it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from workshop.bench import hello, memory
from workshop.bench.table import Figure
from workshop.cloud import aws_names, binary, sweep
from workshop.cloud.execution.code_cache import CodeCache
from workshop.cloud.execution.environment import ExecutionEnvironment, Outcome
from workshop.cloud.execution.sandbox import Endpoint
from workshop.cloud.execution.supervisor import Supervisor

MEMORY_SIZES = (128, 256, 512, 1024, 1769)
_WORK_MS = 200
# The pool starts its next process after an invocation; by the next cold start it is ready.
_TIME_TO_PREPARE_S = 0.1
# As the server makes environments: forwarded ports and a name server are part of what one costs. Nobody calls them.
_ENDPOINT = Endpoint(port=4567, plain_port=4566, trust=Path("/var/tls"))


def figures(n: int) -> Iterator[Figure]:
    """What an environment costs beyond the function's own time, and how true its CPU share is."""
    program = binary.build()
    with tempfile.TemporaryDirectory() as directory:
        code = CodeCache(Path(directory)).unpack(hello.package())
        creations, inits, overheads = [], [], []
        for _ in range(n):
            creation, init, overhead = _one(program, code)
            creations.append(creation)
            inits.append(init)
            overheads.append(overhead)
        yield Figure("creating an environment, beyond INIT", "ms", creations)
        yield Figure("INIT of a Rust hello", "ms", inits)
        yield Figure("warm round trip of an environment, beyond duration", "ms", overheads)
        yield from _resident(program, code, n)
        for size in MEMORY_SIZES:
            yield _share(program, code, size, n)


def _one(program: Path, code: Path) -> tuple[float, float, float]:
    """(creation beyond INIT, INIT, warm round trip beyond duration), in ms."""
    supervisor = Supervisor(program, sweep.cgroup_parent())
    time.sleep(_TIME_TO_PREPARE_S)
    begun = time.perf_counter()
    environment = _environment(supervisor, code, 1769)
    try:
        first = environment.invoke({"request_id": "first"}, b"{}")
        cold_ms = (time.perf_counter() - begun) * 1000
        init_ms = first.init.init_ms if first.init else 0.0
        begun = time.perf_counter()
        warm = environment.invoke({"request_id": "second"}, b"{}")
        warm_ms = (time.perf_counter() - begun) * 1000
    finally:
        environment.kill()
    return cold_ms - init_ms - first.duration_ms, init_ms, warm_ms - warm.duration_ms


def _resident(program: Path, code: Path, n: int) -> Iterator[Figure]:
    """Memory of an idle environment without its function's process, in MiB."""
    found = []
    for _ in range(n):
        supervisor = Supervisor(program, sweep.cgroup_parent())
        environment = _environment(supervisor, code, 1769)
        try:
            environment.invoke({"request_id": "first"}, b"{}")
            found.append(memory.resident_kib(memory.own_processes(supervisor.pid, program)))
        finally:
            environment.kill()
    for which, kib in zip(("RSS", "PSS"), zip(*found, strict=True), strict=True):
        yield Figure(f"an idle environment's own processes, {which}", "MiB", [value / 1024 for value in kib])


def _share(program: Path, code: Path, memory_mb: int, n: int) -> Figure:
    """Duration of CPU-bound work over what memory/1769 of a vCPU makes of it: 1 is ideal."""
    environment = _environment(Supervisor(program, sweep.cgroup_parent()), code, memory_mb)
    ideal_ms = _WORK_MS * 1769 / memory_mb
    try:
        environment.invoke({"request_id": "warm-up"}, b"{}")
        work = f'{{"spin_ms": {_WORK_MS}}}'.encode()
        outcomes: list[Outcome] = [environment.invoke({"request_id": f"r{i}"}, work) for i in range(n)]
    finally:
        environment.kill()
    ratios = [outcome.duration_ms / ideal_ms for outcome in outcomes]
    return Figure(f"{_WORK_MS} ms of CPU work at {memory_mb} MB, duration / ideal", "", ratios)


def _environment(supervisor: Supervisor, code: Path, memory_mb: int) -> ExecutionEnvironment:
    create = {
        "function_name": "hello",
        "function_version": "$LATEST",
        "function_arn": "arn:aws:lambda:us-east-1:000000000000:function:hello",
        "handler": "hello",
        "runtime": "provided.al2023",
        "argv": ["/var/task/bootstrap"],
        "env": {"PATH": "/usr/bin:/bin"},
        "code": str(code),
        "layers": [],
        "mounts": [],
        "memory_mb": memory_mb,
        "timeout_ms": 60_000,
        "init_timeout_ms": 10_000,
        "tmp_mb": 512,
        "forward": _ENDPOINT.forwards(),
        "dns": list(aws_names.SUFFIXES),
        "cgroup_parent": sweep.cgroup_parent(),
        "freeze": True,
        "uid": 993,
        "gid": 990,
    }
    return ExecutionEnvironment(supervisor, create, log_stream="bench", revision="bench")

"""A function under AWS's Runtime Interface Emulator, the program that the aws-sam-cli package brings along.

It runs in mount and PID namespaces of its own, in which the function's directories lie where Lambda has them.
"""

from __future__ import annotations

import contextlib
import os
import platform
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

import httpx

from tests.conformance.function import MEMORY_MB, NAME, TRACE, VARIABLES, Files, Function, Request, Run

_ARCHITECTURE = {"x86_64": "x86_64", "aarch64": "arm64"}
_NAMESPACES = ("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child")
_PLACE = "/var/emulator"
_INVOCATIONS = "/2015-03-31/functions/function/invocations"


def missing() -> str | None:
    """What this machine lacks for it, in a sentence; None if it can run."""
    if not program().is_file():
        return f"no Runtime Interface Emulator for {platform.machine()} in the aws-sam-cli package"
    if shutil.which("unshare") is None:
        return "no 'unshare' (util-linux), which gives the Runtime Interface Emulator its own mounts"
    probe = subprocess.run([*_NAMESPACES, "mount", "-t", "tmpfs", "tmpfs", "/var"], capture_output=True, check=False)
    return "mounts of its own for the Runtime Interface Emulator need root" if probe.returncode else None


def program() -> Path:
    """The emulator inside the installed aws-sam-cli package."""
    spec = find_spec("samcli")
    assert spec is not None
    assert spec.origin is not None
    name = f"aws-lambda-rie-{_ARCHITECTURE.get(platform.machine(), platform.machine())}"
    return Path(spec.origin).parent / "local" / "rapid" / name


def run(function: Function, requests: Sequence[Request], directory: Path) -> Run:
    """Every request in turn in one environment, then its SHUTDOWN (SIGTERM)."""
    files, result = Files.write(function, directory), Run()
    with _started(function, files, directory) as address, httpx.Client(base_url=address, timeout=60) as client:
        for request in requests:
            answer = client.post(_INVOCATIONS, content=request.payload, headers=_headers(request))
            result.answers.append(answer.content)
    result.trace = files.traced()
    return result


def _headers(request: Request) -> dict[str, str]:
    given = {"X-Amz-Client-Context": request.client_context, "X-Amzn-Trace-Id": request.trace_id}
    return {name: value for name, value in given.items() if value is not None}


@contextlib.contextmanager
def _started(function: Function, files: Files, directory: Path) -> Iterator[str]:
    emulator, runtime_api = f"127.0.0.1:{_free_port()}", f"127.0.0.1:{_free_port()}"
    command = [
        f"{_PLACE}/{program().name}", "--log-level", "error", "--runtime-interface-emulator-address", emulator,
        "--runtime-api-address", runtime_api, *function.client.command,
    ]  # fmt: skip
    variables = {
        **VARIABLES,
        "_HANDLER": function.client.handler,
        "AWS_LAMBDA_FUNCTION_NAME": NAME,
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout_s),
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(MEMORY_MB),
        "LAMBDA_TASK_ROOT": "/var/task",
    }
    script = _mounts(files, directory / "var") + 'cd /var/task\nexec "$@"\n'
    with (directory / "output").open("wb") as output:
        process = subprocess.Popen(
            [*_NAMESPACES, "sh", "-ec", script, "sh", *command], env=variables, stdout=output, stderr=output
        )
    try:
        _wait_for(emulator, process, directory / "output")
        yield f"http://{emulator}"
        _terminate(process)
    finally:
        process.kill()
        process.wait()


def _mounts(files: Files, var: Path) -> str:
    """The new /var is put together elsewhere first: what is bound into it may lie under the machine's own /var."""
    var.mkdir()
    task = {"/var/task": files.code, "/var/runtime": files.code, _PLACE: program().parent}
    lines = [f"mount -t tmpfs tmpfs '{var}'"]
    for target, source in {**task, **files.mounts}.items():
        place = var / Path(target).relative_to("/var")
        lines += [f"mkdir -p '{place}'", f"mount --bind '{source}' '{place}'"]
        if target != TRACE:
            lines.append(f"mount -o remount,bind,ro '{place}'")
    lines += [f"mount --bind '{files.layer}' /opt", f"mount --rbind '{var}' /var"]
    # Last: everything that is mounted may lie under the machine's own /tmp.
    lines.append("mount -t tmpfs tmpfs /tmp")
    return "\n".join(lines) + "\n"


def _terminate(process: subprocess.Popen[bytes]) -> None:
    """Let it shut down. `unshare` stands before it and does not pass signals on."""
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    for child in children:
        os.kill(int(child), signal.SIGTERM)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(timeout=5)


def _wait_for(address: str, process: subprocess.Popen[bytes], output: Path) -> None:
    host, port = address.split(":")
    end = time.monotonic() + 20
    while process.poll() is None and time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection((host, int(port)), timeout=1):
            return
        time.sleep(0.02)
    raise AssertionError(f"the Runtime Interface Emulator did not start: {output.read_text()}")


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port

"""Starting, finding and stopping the server of this checkout."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time

from workshop.cloud import binary, fingerprint, paths, ports, state, sweep
from workshop.cloud.errors import CloudError
from workshop.cloud.execution import admission_setting, runtime_packages
from workshop.cloud.state import ServerState
from workshop.files import lock

DEFAULT_PORT = 4666
_START_LIMIT_S = 60.0
_STOP_LIMIT_S = 15.0
_PORT_LIMIT_S = 3.0
_BUSY = "another command is starting or stopping the local cloud: waiting for it"


def ensure_running() -> ServerState:
    """The running server, started if there is none.

    Raises CloudError when it cannot be started or was started from other code than this checkout has now.
    """
    with lock(paths.lock_file(), waiting=_BUSY):
        server = current()
        if server is None:
            return _start()
        _refuse_stale(server)
        return server


def require_running() -> ServerState:
    """The running server; CloudError if there is none."""
    server = current()
    if server is None:
        raise CloudError("the local cloud is not running: start it with ./poe build-and-deploy")
    _refuse_stale(server)
    return server


def current() -> ServerState | None:
    """The server of this checkout if it is alive."""
    server = state.read(paths.state_file())
    return server if server and server.is_alive else None


def stop() -> sweep.Leftovers:
    """Stop the server and everything it started; answers what could not be removed (nothing, if all is well)."""
    with lock(paths.lock_file(), waiting=_BUSY):
        server = current()
        if server:
            _end(server)
        paths.state_file().unlink(missing_ok=True)
        return sweep.remove_leftovers(sweep.cgroup_parent())


def _refuse_stale(server: ServerState) -> None:
    if server.fingerprint != fingerprint.of_server():
        raise CloudError(
            "the running local cloud was started from other code than this checkout has now: "
            "stop it with ./poe stop, then try again"
        )


def _start() -> ServerState:
    port = _free_port()
    program = binary.build()
    for shortcoming in [*binary.shortcomings(program), *admission_setting.shortcomings()]:
        print(f"local cloud: {shortcoming}", file=sys.stderr)
    runtime_packages.python(f"python{sys.version_info.major}.{sys.version_info.minor}")
    sweep.remove_leftovers(sweep.cgroup_parent())
    paths.state_file().unlink(missing_ok=True)
    command = [
        sys.executable, "-m", "workshop.cloud.server",
        "--port", str(port), "--tls-port", str(ports.any_free()), "--binary", str(program),
    ]  # fmt: skip
    with paths.log_file().open("ab") as log:
        process = subprocess.Popen(
            command, cwd=paths.ROOT, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
        )
    return _wait_until_ready(process)


def _wait_until_ready(process: subprocess.Popen[bytes]) -> ServerState:
    end = time.monotonic() + _START_LIMIT_S
    while time.monotonic() < end:
        if process.poll() is not None:
            raise CloudError(f"the local cloud did not start: {_last_words()}")
        server = current()
        if server and ports.answers(server.port) and ports.answers(server.tls_port):
            process.returncode = 0  # it goes on without us: nobody is to miss its end
            return server
        time.sleep(0.05)
    process.kill()
    raise CloudError(f"the local cloud did not answer within {_START_LIMIT_S:.0f} s: see {paths.log_file()}")


def _last_words() -> str:
    lines = paths.log_file().read_text(errors="replace").strip().splitlines()
    return f"{lines[-1] if lines else 'no message'} (log: {paths.log_file()})"


def _end(server: ServerState) -> None:
    os.kill(server.pid, signal.SIGTERM)
    end = time.monotonic() + _STOP_LIMIT_S
    while server.is_alive:
        if time.monotonic() > end:
            os.kill(server.pid, signal.SIGKILL)
        time.sleep(0.02)


def _free_port() -> int:
    """The port that clients use: the default, or `WORKSHOP_PORT`. Taken is an error, never a silent other one."""
    text = os.environ.get("WORKSHOP_PORT", str(DEFAULT_PORT))
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise CloudError(f"WORKSHOP_PORT is '{text}': set it to a port number from 1 to 65535")
    # A killed server's threads may hold its port a moment longer than the process seems to live.
    end = time.monotonic() + _PORT_LIMIT_S
    while not _can_bind(int(text)):
        if time.monotonic() > end:
            raise CloudError(
                f"port {text} is taken by another program: stop that, or choose another with WORKSHOP_PORT=<port>"
            )
        time.sleep(0.05)
    return int(text)


def _can_bind(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True

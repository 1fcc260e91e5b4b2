from __future__ import annotations

import dataclasses
import os
import subprocess
import sys
from pathlib import Path

from workshop.cloud import state
from workshop.cloud.state import ServerState


def of_this_process() -> ServerState:
    started = state.process_start_time(os.getpid())
    assert started
    return ServerState(os.getpid(), started, 1, 2, "id", "secret")


def test_written_and_read_again_by_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    state.write(path, of_this_process())
    assert state.read(path) == of_this_process()
    assert path.stat().st_mode & 0o077 == 0


def test_a_torn_or_missing_file_is_no_server(tmp_path: Path) -> None:
    path = tmp_path / "server.json"
    assert state.read(path) is None
    path.write_text('{"pid": 1, "st')
    assert state.read(path) is None


def test_a_dead_or_reused_pid_is_not_alive() -> None:
    process = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"])
    started = state.process_start_time(process.pid) or ""
    server = dataclasses.replace(of_this_process(), pid=process.pid, started=started)
    assert server.is_alive
    assert not dataclasses.replace(server, started="1").is_alive
    process.kill()
    process.wait()
    assert not server.is_alive


def test_the_secret_is_not_in_the_repr() -> None:
    assert "secret" not in repr(of_this_process()).replace("secret_access_key", "")

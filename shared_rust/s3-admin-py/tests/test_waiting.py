"""What happens while S3 does not answer: deadlines, Ctrl-C, other threads."""

from __future__ import annotations

import signal
import socket
from typing import TYPE_CHECKING

from conftest import run_python

if TYPE_CHECKING:
    from pathlib import Path


def test_a_deadline_ends_a_call(site: Path, silent_endpoint: str) -> None:
    code = """if True:
        import s3_admin
        for call in (lambda: s3_admin.list_buckets(timeout=0.3), lambda: s3_admin.usage("plain", timeout=0.3)):
            try:
                call()
            except s3_admin.TimedOut as error:
                assert isinstance(error, TimeoutError)
                print(error.status, error)
    """
    with run_python(site, silent_endpoint, code) as python:
        output, errors = python.communicate(timeout=60)
    assert output.splitlines() == ["504 S3 took too long"] * 2, errors


def test_nobody_listens(site: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        closed = f"http://127.0.0.1:{server.getsockname()[1]}"
    code = """if True:
        import s3_admin
        try:
            s3_admin.list_buckets()
        except s3_admin.Unreachable as error:
            print(error.status, error.code, error)
    """
    with run_python(site, closed, code) as python:
        output, errors = python.communicate(timeout=60)
    assert output == "503 Unreachable S3 is out of reach\n", errors


def test_ctrl_c_ends_a_call(site: Path, silent_server: socket.socket, silent_endpoint: str) -> None:
    code = """if True:
        import s3_admin
        try:
            s3_admin.list_buckets()
        except KeyboardInterrupt:
            print("interrupted")
    """
    with run_python(site, silent_endpoint, code) as python:
        # S3 has got the request, so the call is at work for certain.
        connection, _ = silent_server.accept()
        with connection:
            assert connection.recv(1)
            python.send_signal(signal.SIGINT)
            output, errors = python.communicate(timeout=60)
    assert (python.returncode, output) == (0, "interrupted\n"), errors


def test_other_threads_run_on(site: Path, silent_endpoint: str) -> None:
    # With the GIL held, the thread would not get to its end before the call's deadline.
    code = """if True:
        import s3_admin, threading, time
        done = []
        def work():
            for _ in range(20):
                time.sleep(0.01)
            done.append(time.monotonic())
        s3_admin.warm_up()
        thread = threading.Thread(target=work)
        thread.start()
        try:
            s3_admin.list_buckets(timeout=5)
        except s3_admin.TimedOut:
            print("first" if done and done[0] < time.monotonic() - 1 else "late")
    """
    with run_python(site, silent_endpoint, code) as python:
        output, errors = python.communicate(timeout=60)
    assert output == "first\n", errors

"""A local cloud of the test's own is stopped, or killed: nothing of it stays."""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cloud.functions import RUNTIME, package
from workshop.cloud import control, sweep
from workshop.cloud.state import ServerState
from workshop.target import Cloud

pytestmark = pytest.mark.cloud


@pytest.fixture
def server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ServerState]:
    """A second cloud, beside the one that other tests use, with a warm environment."""
    monkeypatch.setenv("WORKSHOP_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("WORKSHOP_PORT", str(free_port()))
    cloud = Cloud.local()
    warm_up(cloud)
    yield control.require_running()
    control.stop()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def gone(pids: list[int]) -> bool:
    """Whether these processes have all ended within ten seconds."""
    end = time.monotonic() + 10
    while (alive := [pid for pid in pids if Path(f"/proc/{pid}").exists()]) and time.monotonic() < end:
        time.sleep(0.05)
    return not alive


def warm_up(cloud: Cloud) -> None:
    role = cloud.client("iam").create_role(RoleName="warm", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = package("def handler(event, context):\n    return event\n")
    client = cloud.client("lambda")
    client.create_function(
        FunctionName="warm", Role=role, Runtime=RUNTIME, Handler="app.handler", Code={"ZipFile": code}
    )
    client.get_waiter("function_active_v2").wait(FunctionName="warm")
    assert client.invoke(FunctionName="warm", Payload=b"1")["Payload"].read() == b"1"


def test_stop_leaves_nothing(server: ServerState) -> None:
    inside = sweep.find(server.cgroup_parent).processes
    assert inside or not sweep.find(server.cgroup_parent).cgroups
    assert not control.stop()
    assert not server.is_alive
    assert not sweep.find(server.cgroup_parent)
    assert not [pid for pid in inside if Path(f"/proc/{pid}").exists()]


def test_a_killed_cloud_takes_its_functions_along(server: ServerState) -> None:
    inside = sweep.find(server.cgroup_parent).processes
    os.kill(server.pid, signal.SIGKILL)
    assert gone([*inside, server.pid]) or not server.is_alive
    assert gone(inside)
    assert control.current() is None
    assert not control.stop()
    assert not sweep.find(server.cgroup_parent)

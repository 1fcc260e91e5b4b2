"""A cloud that is killed while hostile functions are at work leaves nothing behind."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from tests.cloud.functions import RUNTIME, package
from tests.cloud.hostile import TRICKS
from tests.cloud.test_endings import free_port, gone
from workshop.cloud import control, paths, sweep
from workshop.target import Cloud

pytestmark = [pytest.mark.cloud, pytest.mark.slow]

AT_WORK = [
    ("fork-bomb", ["linger", "fork_bomb"]),
    ("full-tmp", ["linger", "fill_tmp_and_keep"]),
    ("allocator", "allocate"),
    ("closed", ["linger", "close_sockets"]),
    ("garbage", ["forever", "garbage"]),
    ("flood", ["flood", 1_000_000]),
    ("deaf", "ignore_sigterm"),
    ("sleeper", ["linger", "nothing"]),
]


@pytest.fixture
def own_state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A second cloud's, beside the one that other tests use."""
    monkeypatch.setenv("WORKSHOP_STATE", str(tmp_path / "state"))
    monkeypatch.setenv("WORKSHOP_PORT", str(free_port()))
    # All are to be at work at once; those that never rest would keep the others out.
    monkeypatch.setenv("WORKSHOP_ADMISSION", "off")
    yield tmp_path / "state"
    control.stop()


def set_to_work(cloud: Cloud) -> None:
    """All tricks at once, each in a function of its own; returns when each has an environment that is at work."""
    client = cloud.client("lambda", config=Config(retries={"total_max_attempts": 1}, max_pool_connections=20))
    code = package(TRICKS)
    role = cloud.client("iam").create_role(RoleName="hostile", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    for name, _ in AT_WORK:
        client.create_function(
            FunctionName=name, Role=role, Runtime=RUNTIME, Handler="app.handler", Code={"ZipFile": code},
            Timeout=300, MemorySize=1024,
        )  # fmt: skip

    def call(name: str, event: object) -> None:
        try:
            while True:  # the allocator ends again and again
                client.invoke(FunctionName=name, Payload=json.dumps(event))
        except (BotoCoreError, ClientError):
            return

    for name, event in AT_WORK:
        threading.Thread(target=call, args=(name, event), daemon=True).start()
    end, wanted, seen = time.monotonic() + 180, {name for name, _ in AT_WORK}, set[str]()
    parent = sweep.cgroup_parent()
    while seen < wanted:
        assert time.monotonic() < end, f"never at work: {wanted - seen}"
        seen |= {name for pid in sweep.find(parent).processes if (name := function_of(pid))}
        time.sleep(0.05)
    time.sleep(1)


def function_of(pid: int) -> str:
    try:
        variables = Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
    except OSError:
        return ""
    prefix = b"AWS_LAMBDA_FUNCTION_NAME="
    return next((one.removeprefix(prefix).decode() for one in variables if one.startswith(prefix)), "")


def kill() -> list[int]:
    """Kill the server; answers the processes that were inside its environments."""
    server = control.require_running()
    inside = sweep.find(sweep.cgroup_parent()).processes
    os.kill(server.pid, signal.SIGKILL)
    while server.is_alive:  # the kernel takes its time to end so many threads
        time.sleep(0.001)
    return inside


@pytest.mark.skipif(os.geteuid() != 0, reason="left out: without root there may be no cgroups to look into")
def test_nothing_is_left_at_the_next_start_nor_at_the_next_stop(own_state: Path) -> None:
    set_to_work(Cloud.local())
    before = kill()
    assert len(before) > len(AT_WORK)
    # The next start, at once.
    cloud = Cloud.local()
    assert gone(before)
    answers_again(cloud)
    set_to_work(cloud)
    before = kill()
    # The next stop, at once.
    assert not control.stop()
    assert gone(before)
    assert not sweep.find(sweep.cgroup_parent())
    assert str(own_state) not in Path("/proc/self/mounts").read_text()
    assert not [path for path in paths.private_directory("cloud", "code").iterdir() if path.name.startswith(".")]
    assert not paths.state_file().exists()


def answers_again(cloud: Cloud) -> None:
    role = cloud.client("iam").create_role(RoleName="good", AssumeRolePolicyDocument="{}")["Role"]["Arn"]
    code = package("def handler(event, context):\n    return event\n")
    client = cloud.client("lambda")
    client.create_function(
        FunctionName="good", Role=role, Runtime=RUNTIME, Handler="app.handler", Code={"ZipFile": code}
    )
    assert client.invoke(FunctionName="good", Payload=b"1")["Payload"].read() == b"1"

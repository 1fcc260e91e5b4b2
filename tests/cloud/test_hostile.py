"""Hostile functions: each fails alone, in AWS's words, while a good one beside it goes on."""

from __future__ import annotations

import json
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config

from tests.cloud.functions import EXTENSION, Function, layer, python_function
from tests.cloud.hostile import TRICKS
from workshop.cloud import control
from workshop.target import Cloud

pytestmark = [pytest.mark.cloud, pytest.mark.slow]


@pytest.fixture(scope="module")
def good(cloud: Cloud) -> Iterator[Function]:
    with python_function(cloud, "def handler(event, context):\n    return event\n", Timeout=20) as made:
        made.invoke(0)
        yield made


@contextmanager
def going_on(good: Function) -> Iterator[None]:
    """Calls the good function over and over meanwhile; each of its answers has to be right."""
    stop, wrong, calls = threading.Event(), [], 0

    def call() -> None:
        nonlocal calls
        while not stop.is_set() or not calls:
            answer = good.invoke(calls)
            if answer.error or answer.payload != calls:
                wrong.append(answer)
            calls += 1
            stop.wait(0.05)

    with ThreadPoolExecutor(1) as thread:
        beside = thread.submit(call)
        try:
            yield
        finally:
            stop.set()
            beside.result(timeout=60)
    assert not wrong


@pytest.fixture(scope="module")
def hostile(cloud: Cloud) -> Iterator[Function]:
    with python_function(cloud, TRICKS, Timeout=20, MemorySize=512) as made:
        yield made


def test_a_fork_bomb_meets_the_process_limit(cloud: Cloud, good: Function) -> None:
    with python_function(cloud, TRICKS, Timeout=60, MemorySize=3008) as made, going_on(good):
        answer = made.invoke("fork_bomb")
        assert 100 < answer.payload <= 1024, answer
        assert made.invoke("exit").payload["errorType"] == "Runtime.ExitError"
        assert made.invoke("processes").payload <= 2, "the bomb is still there"


def test_a_full_tmp_is_the_functions_own_affair(hostile: Function, good: Function) -> None:
    hostile.configure(MemorySize=1024)
    with going_on(good):
        assert 500 <= hostile.invoke("fill_tmp").payload <= 512
        assert hostile.invoke("nothing").error is None
    hostile.configure(MemorySize=512)


def test_too_much_memory_is_out_of_memory(hostile: Function, good: Function) -> None:
    with going_on(good):
        answer = hostile.invoke("allocate")
        assert answer.payload["errorType"] == "Runtime.OutOfMemory"
        assert hostile.invoke("nothing").error is None


def test_closed_sockets_harm_no_later_invocation(cloud: Cloud, good: Function) -> None:
    """The runtime's client gives its answer over a new connection, and cannot ask for the next event."""
    with python_function(cloud, TRICKS, Timeout=5, MemorySize=1769) as made, going_on(good):
        answer = made.invoke("close_sockets")
        assert (answer.error, answer.payload) == (None, "close_sockets")
        assert "\tStatus: timeout" in answer.log
        assert made.invoke("nothing").payload == "nothing"


def test_garbage_on_the_runtime_api_is_answered_and_the_invocation_goes_on(hostile: Function, good: Function) -> None:
    with going_on(good):
        assert hostile.invoke("garbage").payload == "garbage"
        assert hostile.invoke("nothing").payload == "nothing"


def test_ignoring_sigterm_does_not_help(cloud: Cloud, good: Function) -> None:
    with python_function(cloud, TRICKS, Timeout=5, MemorySize=1769) as made, going_on(good):
        assert "Task timed out after 5.00 seconds" in made.invoke("ignore_sigterm").payload["errorMessage"]
        assert made.invoke("processes").payload <= 2


def resident_mb() -> float:
    status = Path(f"/proc/{control.require_running().pid}/status").read_text()
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def test_what_a_flood_of_output_takes_of_the_server_is_bounded(cloud: Cloud, good: Function) -> None:
    printed_mb = 150
    with python_function(cloud, TRICKS, Timeout=60, MemorySize=1769) as made, going_on(good):
        made.invoke("nothing")
        before = resident_mb()
        client = cloud.client("lambda")
        event = json.dumps(["flood", printed_mb])
        answer = client.invoke(FunctionName=made.name, Payload=event, LogType="Tail")
        assert json.loads(answer["Payload"].read()) == "flood"
        tail = b64decode(answer["LogResult"])
        assert resident_mb() - before < 0.7 * printed_mb
    assert len(tail) == 4096
    assert b"the last line" in tail
    assert b"\nREPORT RequestId: " in tail


def test_a_line_is_split_at_the_size_of_an_event(cloud: Cloud, hostile: Function) -> None:
    answer = hostile.invoke("long_line")
    request = answer.log.split("REPORT RequestId: ")[1].split("\t")[0]
    logs, group = cloud.client("logs"), f"/aws/lambda/{hostile.name}"
    end, found = time.monotonic() + 20, []
    while not any("REPORT" in one and request in one for one in found) and time.monotonic() < end:
        streams = logs.describe_log_streams(logGroupName=group)["logStreams"]
        pages = [
            logs.get_log_events(logGroupName=group, logStreamName=one["logStreamName"], startFromHead=True)
            for one in streams
        ]
        found = [event["message"] for page in pages for event in page["events"]]
        time.sleep(0.1)
    pieces = [len(one) for one in found if one.startswith("zzz")]
    assert sum(pieces) == 600_000
    assert max(pieces) <= 256 * 1024


@pytest.mark.parametrize(
    ("ending", "seconds", "reported"),
    [
        ("time.sleep(1); sys.exit(1)", 20, "Status: error\tError Type: Extension.Crash"),
        ("time.sleep(3600)", 5, "Status: timeout"),
    ],
    ids=["crashes", "hangs"],
)
def test_an_extension_that_fails_is_reported_and_harms_no_answer(
    cloud: Cloud, good: Function, ending: str, seconds: int, reported: str
) -> None:
    source = "def handler(event, context):\n    return event\n"
    with (
        layer(cloud, EXTENSION + ending) as arn,
        python_function(cloud, source, Layers=[arn], Timeout=seconds, MemorySize=1769) as made,
        going_on(good),
    ):
        for _ in range(2):
            answer = made.invoke(1)
            assert (answer.error, answer.payload) == (None, 1), "the function had answered before"
            assert answer.log.rstrip().endswith(reported)


def test_an_extension_that_ends_in_init_fails_the_invocation(cloud: Cloud, good: Function) -> None:
    with (
        layer(cloud, "#!/bin/sh\nexit 1\n") as arn,
        python_function(cloud, TRICKS, Layers=[arn]) as made,
        going_on(good),
    ):
        answer = made.invoke("nothing")
        assert answer.error == "Unhandled"
        assert answer.payload["errorType"] == "Extension.Crash"


def test_two_hundred_at_once_leave_the_good_one_its_turn(cloud: Cloud, good: Function) -> None:
    count = 200
    config = Config(max_pool_connections=count, read_timeout=300, retries={"max_attempts": 0})
    client = cloud.client("lambda", config=config)
    with python_function(cloud, TRICKS, Timeout=30) as made, going_on(good), ThreadPoolExecutor(count) as threads:

        def call(_: int) -> Any:
            return json.loads(client.invoke(FunctionName=made.name, Payload=b'"nothing"')["Payload"].read())

        assert list(threads.map(call, range(count))) == ["nothing"] * count

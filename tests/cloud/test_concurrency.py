"""Many invocations at once: admitted so that they do not disturb each other, throttled as on AWS."""

from __future__ import annotations

import json
import math
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from botocore.config import Config

from tests.cloud.functions import RUNTIME, Function, python_function
from workshop.cloud.sweep import cgroup_parent, find
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

WORK = """
    import time
    def handler(event, context):
        end = time.process_time() + event
        while time.process_time() < end: pass
"""
ECHO = "def handler(event, context):\n    return event\n"
SLEEP = "import time\ndef handler(event, context):\n    time.sleep(event)\n"


def side_by_side(count: int, call: Callable[[int], Any]) -> list[Any]:
    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(call, range(count)))


def test_parallel_ones_take_as_long_as_one_alone(cloud: Cloud) -> None:
    """Four at 1024 MB for each core want 2.3 times what there is.

    A busy machine only ever adds time. So of each round the faster quarter counts, of all rounds the best, in turn for
    one at a time and for all at once; there are as many rounds as it takes, within reason. Not admitted, all are slow.
    """
    count, rounds = 4 * len(os.sched_getaffinity(0)), 10
    alone = together = math.inf
    with python_function(cloud, WORK, MemorySize=1024, Timeout=30) as made:

        def duration(_: int) -> float:
            return made.invoke(0.15).reported("Duration") or 0

        side_by_side(count, duration)  # warm environments
        for number in range(rounds):
            alone = min(alone, *(duration(0) for _ in range(3)))
            together = min(together, sorted(side_by_side(count, duration))[count // 4])
            if number > 0 and together / alone < 1.6:
                break
    assert together / alone < 1.6


NESTED = """
    import boto3, json
    client = boto3.client("lambda")
    def handler(event, context):
        if event == 0:
            return ["done"]
        answer = client.invoke(FunctionName=context.function_name, Payload=json.dumps(event - 1))
        return [*json.loads(answer["Payload"].read()), event]
"""


def test_a_chain_of_calls_at_full_size_completes(cloud: Cloud) -> None:
    with python_function(cloud, NESTED, MemorySize=10240, Timeout=60) as made:
        made.allow("lambda:InvokeFunction")
        assert made.invoke(3).payload == ["done", 1, 2, 3]


def test_two_hundred_at_once_all_succeed(cloud: Cloud) -> None:
    count = 200
    client = cloud.client(
        "lambda", config=Config(max_pool_connections=count, read_timeout=300, retries={"max_attempts": 0})
    )
    with python_function(cloud, ECHO, Timeout=30) as made:

        def call(number: int) -> Any:
            answer = client.invoke(FunctionName=made.name, Payload=json.dumps(number))
            return answer.get("FunctionError"), json.loads(answer["Payload"].read())

        answers = side_by_side(count, call)
    assert answers == [(None, number) for number in range(count)]


def test_reserved_concurrency_throttles_as_aws_words_it(cloud: Cloud) -> None:
    client = cloud.client("lambda", config=Config(retries={"max_attempts": 0}))

    def call(made: Function, seconds: float, **options: Any) -> dict[str, Any]:
        try:
            client.invoke(FunctionName=made.name, Payload=json.dumps(seconds), **options)
        except client.exceptions.TooManyRequestsException as error:
            return dict(error.response)
        return {}

    with python_function(cloud, SLEEP, Timeout=20) as made:
        version = client.publish_version(FunctionName=made.name)["Version"]
        client.put_function_concurrency(FunctionName=made.name, ReservedConcurrentExecutions=1)
        answers = side_by_side(2, lambda _: call(made, 3.0))
        client.put_function_concurrency(FunctionName=made.name, ReservedConcurrentExecutions=0)
        never = call(made, 0.0, Qualifier=version)
        client.delete_function_concurrency(FunctionName=made.name)
        assert call(made, 0.0) == {}
    [refused] = [answer for answer in answers if answer]
    for answer in (refused, never):
        assert answer["ResponseMetadata"]["HTTPStatusCode"] == 429
        assert answer["Reason"] == "ReservedFunctionConcurrentInvocationLimitExceeded"
        assert answer["Type"] == "User"
        assert answer["Error"] == {"Code": "TooManyRequestsException", "Message": "Rate Exceeded."}


def environments(name: str) -> int:
    """Processes of a function's environments, told by the variable that each of them has."""
    wanted = f"AWS_LAMBDA_FUNCTION_NAME={name}".encode()
    count = 0
    for pid in find(cgroup_parent()).processes:
        try:
            count += wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0")
        except OSError:
            continue
    return count


def ended_soon(name: str) -> bool:
    """Well within the five seconds after which the reaper would find them anyway."""
    end = time.monotonic() + 3
    while environments(name) and time.monotonic() < end:
        time.sleep(0.05)
    return environments(name) == 0


def test_a_deleted_or_updated_functions_environments_end_at_once(cloud: Cloud) -> None:
    with python_function(cloud, ECHO) as made:
        made.invoke(1)
        assert environments(made.name) > 0
        made.configure(Timeout=9)
        assert ended_soon(made.name)
        made.invoke(2)
        assert environments(made.name) > 0
    assert ended_soon(made.name)


def test_a_template_reserves_concurrency_and_its_deletion_ends_environments(cloud: Cloud) -> None:
    properties = {
        "FunctionName": "test-reserving",
        "Runtime": RUNTIME,
        "Handler": "index.handler",
        "Role": "arn:aws:iam::000000000000:role/test-reserving",
        "Code": {"ZipFile": ECHO},
        "ReservedConcurrentExecutions": 7,
    }
    template = {"Resources": {"Reserving": {"Type": "AWS::Lambda::Function", "Properties": properties}}}
    stacks, client = cloud.client("cloudformation"), cloud.client("lambda")
    stacks.create_stack(StackName="test-reserving", TemplateBody=json.dumps(template))
    try:
        stacks.get_waiter("stack_create_complete").wait(StackName="test-reserving", WaiterConfig={"Delay": 1})
        reserved = client.get_function_concurrency(FunctionName="test-reserving")
        assert reserved["ReservedConcurrentExecutions"] == 7
        client.invoke(FunctionName="test-reserving", Payload=b"1")
        assert environments("test-reserving") > 0
    finally:
        stacks.delete_stack(StackName="test-reserving")
    stacks.get_waiter("stack_delete_complete").wait(StackName="test-reserving", WaiterConfig={"Delay": 1})
    assert ended_soon("test-reserving")

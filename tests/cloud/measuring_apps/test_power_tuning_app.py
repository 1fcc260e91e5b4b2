"""What aws-lambda-power-tuning needs: SDK v3 from the runtime, versions and aliases, a state machine, nested calls."""

from __future__ import annotations

import itertools
import json
import math
import shutil
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import pytest

from tests.cloud.functions import Function, function, python_function
from tests.cloud.measuring_apps.packages import plain
from tests.cloud.measuring_apps.programs import TUNER
from workshop.measure import LambdaFunction, power_tuning
from workshop.target import Cloud

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="left out: no Node on this machine"),
]

POWERS = [128, 256, 512, 1024, 1769]
WORK = """
    import time
    def handler(event, context):
        end = time.process_time() + event
        while time.process_time() < end: pass
        return context.memory_limit_in_mb
"""
CPU_SECONDS = 0.08


@contextmanager
def tuner(cloud: Cloud, handler: str) -> Iterator[Function]:
    options = {"Runtime": "nodejs20.x", "Handler": f"app.{handler}", "MemorySize": 512, "Timeout": 120}
    with function(cloud, plain(TUNER), **options) as made:
        made.allow("lambda:*")
        yield made


@pytest.fixture(scope="module")
def target(cloud: Cloud) -> Iterator[Function]:
    with python_function(cloud, WORK, Timeout=60, MemorySize=256) as made:
        yield made


@pytest.fixture(scope="module")
def published(cloud: Cloud, target: Function) -> list[dict[str, Any]]:
    """The versions that the app's first function has made, its aliases made twice: created, then updated."""
    with tuner(cloud, "publish") as publisher:
        for _ in range(2):
            answer = publisher.invoke({"target": target.name, "powers": POWERS})
            assert answer.error is None, answer.payload
        return list(answer.payload)


def test_versions_and_aliases_have_their_sizes(cloud: Cloud, target: Function, published: list[dict[str, Any]]) -> None:
    client = cloud.client("lambda")
    for made in published:
        alias = client.get_alias(FunctionName=target.name, Name=f"RAM{made['power']}")
        assert alias["FunctionVersion"] == made["Version"]
        found = client.get_function_configuration(FunctionName=target.name, Qualifier=alias["Name"])
        assert found["MemorySize"] == made["power"]
    assert client.get_function_configuration(FunctionName=target.name)["MemorySize"] == 256


def state_machine(executor: str, analyzer: str) -> dict[str, Any]:
    """The shape of the app's own: branches in parallel, each with Retry and Catch."""
    branch = {
        "StartAt": "Iterator",
        "States": {
            "Iterator": {
                "Type": "Task",
                "Resource": executor,
                "Retry": [{"ErrorEquals": ["States.ALL"], "IntervalSeconds": 1, "MaxAttempts": 1}],
                "Catch": [{"ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Failed"}],
                "TimeoutSeconds": 300,
                "End": True,
            },
            "Failed": {"Type": "Pass", "End": True},
        },
    }
    branching = {
        "Type": "Map",
        "ItemsPath": "$.powers",
        "ItemSelector": {
            "power.$": "$$.Map.Item.Value",
            "target.$": "$.target",
            "num.$": "$.num",
            "payload.$": "$.payload",
            "fail.$": "$.fail",
        },
        "MaxConcurrency": 0,
        "ItemProcessor": branch,
        "ResultPath": "$.stats",
        "Next": "Analyzer",
    }
    analyzing = {"Type": "Task", "Resource": analyzer, "ResultPath": "$.analysis", "End": True}
    return {"StartAt": "Branching", "States": {"Branching": branching, "Analyzer": analyzing}}


def execute(cloud: Cloud, definition: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
    """The execution's output."""
    states, name = cloud.client("stepfunctions"), f"test-{uuid.uuid4().hex[:8]}"
    with ExitStack() as clean_up:
        role = role_of(cloud, name, clean_up)
        machine = states.create_state_machine(name=name, definition=json.dumps(definition), roleArn=role)
        clean_up.callback(states.delete_state_machine, stateMachineArn=machine["stateMachineArn"])
        started = states.start_execution(stateMachineArn=machine["stateMachineArn"], input=json.dumps(event))
        end = time.monotonic() + 200
        while True:
            found = states.describe_execution(executionArn=started["executionArn"])
            if found["status"] != "RUNNING":
                break
            assert time.monotonic() < end, "the execution does not end"
            time.sleep(0.2)
    assert found["status"] == "SUCCEEDED", found
    return dict(json.loads(found["output"]))


def failures(cloud: Cloud, made: Function, wanted: int) -> int:
    """How often the function has failed by its log, whose lines come behind the answers."""
    logs, end, found = cloud.client("logs"), time.monotonic() + 10, 0
    while found < wanted and time.monotonic() < end:
        time.sleep(0.1)
        answer = logs.filter_log_events(logGroupName=f"/aws/lambda/{made.name}", filterPattern='"Invoke Error"')
        found = len(answer["events"])
    return found


def role_of(cloud: Cloud, name: str, clean_up: ExitStack) -> str:
    iam = cloud.client("iam")
    principal = {"Service": "states.amazonaws.com"}
    trust = {"Statement": [{"Effect": "Allow", "Principal": principal, "Action": "sts:AssumeRole"}]}
    arn: str = iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust))["Role"]["Arn"]
    clean_up.callback(iam.delete_role, RoleName=name)
    statement = {"Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": "*"}
    iam.put_role_policy(RoleName=name, PolicyName="invoke", PolicyDocument=json.dumps({"Statement": [statement]}))
    clean_up.callback(iam.delete_role_policy, RoleName=name, PolicyName="invoke")
    return arn


def arn_of(made: Function) -> str:
    found = made.cloud.client("lambda").get_function_configuration(FunctionName=made.name)
    return str(found["FunctionArn"])


@pytest.mark.usefixtures("published")
def test_sizes_tuned_in_parallel_take_time_as_their_memory_says(cloud: Cloud, target: Function) -> None:
    with tuner(cloud, "execute") as executor, tuner(cloud, "analyze") as analyzer:
        definition = state_machine(arn_of(executor), arn_of(analyzer))
        event = {"target": target.name, "powers": POWERS, "num": 5, "payload": CPU_SECONDS, "fail": None}
        # The best of each size counts, because a busy machine only ever adds time, and most to what wants a whole core.
        best = dict.fromkeys(POWERS, math.inf)
        for _ in range(4):
            output = execute(cloud, definition, event)
            assert_is_the_apps_own(output)
            for one in output["stats"]:
                best[one["value"]] = min(best[one["value"]], *(sample["duration"] for sample in one["samples"]))
            if is_as_memory_says(best):
                break
    assert is_as_memory_says(best), best


def is_as_memory_says(best: dict[int, float]) -> bool:
    """Without admission, larger sizes took longer than small ones."""
    within = all(0.5 < best[power] * power / (CPU_SECONDS * 1000 * 1769) < 2 for power in POWERS)
    return within and all(best[small] > best[large] for small, large in itertools.pairwise(POWERS))


def assert_is_the_apps_own(output: dict[str, Any]) -> None:
    """The shape of its answer, and figures that are those of its samples."""
    found = output["analysis"]
    assert set(found) == {"power", "cost", "duration", "stateMachine", "stats"}
    assert set(found["stateMachine"]) == {"executionCost", "lambdaCost", "visualization"}
    assert [set(one) for one in found["stats"]] == [{"value", "averagePrice", "averageDuration"}] * len(POWERS)
    assert [one["value"] for one in found["stats"]] == POWERS
    durations = {one["value"]: one["averageDuration"] for one in found["stats"]}
    for one in output["stats"]:
        totals = [sample["duration"] + sample["init"] for sample in one["samples"]]
        assert min(totals) <= durations[one["value"]] <= max(totals)
    assert found["duration"] == durations[found["power"]]
    assert found["cost"] == min(one["averagePrice"] for one in found["stats"])
    assert found["stateMachine"]["lambdaCost"] > 0


@pytest.mark.usefixtures("published")
def test_a_size_that_fails_is_tried_again_caught_and_left_out(cloud: Cloud, target: Function) -> None:
    with tuner(cloud, "execute") as executor, tuner(cloud, "analyze") as analyzer:
        definition = state_machine(arn_of(executor), arn_of(analyzer))
        event = {"target": target.name, "powers": [512, 1024], "num": 1, "payload": 0.001, "fail": 512}
        output = execute(cloud, definition, event)
    assert [one["value"] for one in output["analysis"]["stats"]] == [1024]
    assert output["stats"][0]["error"]["Error"] == "RangeError"
    assert failures(cloud, executor, wanted=2) == 2, "tried again once"


@pytest.mark.usefixtures("published")
def test_the_executors_figures_are_those_of_the_report_lines(cloud: Cloud, target: Function) -> None:
    with tuner(cloud, "execute") as executor:
        answer = executor.invoke({"target": target.name, "power": 512, "num": 2, "payload": 0.01})
    assert answer.error is None, answer.payload
    samples = answer.payload["samples"]
    assert all(one["memory"] == 512 and int(one["answer"]) == 512 for one in samples)
    assert all(one["billed"] >= one["duration"] + one["init"] for one in samples)


def test_the_kits_own_power_tuning_agrees_with_the_report_lines(cloud: Cloud, target: Function) -> None:
    measured = LambdaFunction(cloud.client("lambda"), target.name, function="work", target="local")
    tuning = power_tuning(measured, CPU_SECONDS, power_values=POWERS, num=3, strategy="speed")  # type: ignore[arg-type]
    assert not tuning.rows["error"].notna().any()
    durations = {one["value"]: one["averageDuration"] for one in tuning.output["stats"]}
    for power in POWERS:
        rows = tuning.rows[tuning.rows["memory_mb"] == power]
        totals = rows["duration_ms"] + rows["init_ms"].fillna(0)
        assert durations[power] == pytest.approx(totals.mean())
        warm = rows[~rows["cold"].astype(bool)]["duration_ms"].min()
        assert 0.5 < warm * power / (CPU_SECONDS * 1000 * 1769) < 3, durations

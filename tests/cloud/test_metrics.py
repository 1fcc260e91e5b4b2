"""CloudWatch tells of a function what its REPORT lines do."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.cloud.functions import python_function
from workshop.measure import CLIENT_CONFIG
from workshop.measure.report_line import parse_report
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

SOURCE = """
    import time
    def handler(event, context):
        time.sleep(event["s"])
        return event["answer"]
"""
PATIENCE_S = 5


def statistics(cloud: Cloud, function: str, metric: str) -> tuple[int, float]:
    """(samples, sum) of the last minutes."""
    now = datetime.now(UTC)
    points: list[Any] = cloud.client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName=metric,
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - timedelta(minutes=10),
        EndTime=now + timedelta(minutes=10),
        Period=3600,
        Statistics=["Sum", "SampleCount"],
    )["Datapoints"]
    return int(sum(point["SampleCount"] for point in points)), sum(point["Sum"] for point in points)


def wait_for(cloud: Cloud, function: str, invocations: int) -> None:
    end = time.monotonic() + PATIENCE_S
    while statistics(cloud, function, "Duration")[0] < invocations and time.monotonic() < end:
        time.sleep(0.05)


def reported_durations(cloud: Cloud, function: str) -> list[float]:
    events = cloud.client("logs").filter_log_events(logGroupName=f"/aws/lambda/{function}", filterPattern="REPORT")
    return [parse_report(event["message"]).duration_ms for event in events["events"]]


def test_durations_are_those_of_the_report_lines(cloud: Cloud) -> None:
    with python_function(cloud, SOURCE) as made:
        for seconds in (0.1, 0.02, 0):
            assert made.invoke({"s": seconds, "answer": 1}).payload == 1
        assert made.invoke({"s": "no"}).error == "Unhandled"
        # Nobody waits for this one, and it counts, too.
        cloud.client("lambda").invoke(FunctionName=made.name, InvocationType="Event", Payload=b'{"s": 0, "answer": 2}')
        wait_for(cloud, made.name, 5)
        assert statistics(cloud, made.name, "Invocations") == (5, 5)
        assert statistics(cloud, made.name, "Errors") == (5, 1)
        reported = reported_durations(cloud, made.name)
        assert len(reported) == 5
        # Lines have two decimals.
        assert statistics(cloud, made.name, "Duration") == (5, pytest.approx(sum(reported), abs=5 * 0.005))


def test_a_throttled_call_is_no_invocation(cloud: Cloud) -> None:
    tries_once = cloud.client("lambda", config=CLIENT_CONFIG)
    with python_function(cloud, SOURCE) as made:
        tries_once.put_function_concurrency(FunctionName=made.name, ReservedConcurrentExecutions=0)
        with pytest.raises(tries_once.exceptions.TooManyRequestsException):
            tries_once.invoke(FunctionName=made.name, Payload=b'{"s": 0, "answer": 1}')
        assert statistics(cloud, made.name, "Throttles") == (1, 1)
        assert statistics(cloud, made.name, "Invocations") == (0, 0)

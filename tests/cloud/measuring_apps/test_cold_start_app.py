"""What SAR-measure-cold-start needs: the SDK v2 at AWS's host names, cold starts by a touched variable, Insights."""

from __future__ import annotations

import shutil
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.cloud.functions import Function, function, python_function
from tests.cloud.measuring_apps.packages import with_sdk_v2
from tests.cloud.measuring_apps.programs import COLD_STARTER
from workshop.measure import LambdaFunction, cold_starts
from workshop.target import Cloud

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(not (shutil.which("node") and shutil.which("npm")), reason="left out: no Node on this machine"),
]

COUNT, MEMORY = 4, 256
ECHO = "def handler(event, context):\n    return event\n"
QUERY = (
    "filter @type = 'REPORT' | parse @log /\\d+:\\/aws\\/lambda\\/(?<function>.*)/"
    " | stats count(@initDuration) as coldStarts, median(@initDuration + @duration) as median,"
    " percentile(@initDuration + @duration, 95) as p95, max(@initDuration + @duration) as max"
    " by function, @memorySize / 1000000 as memorySize"
)


@contextmanager
def starter(cloud: Cloud, handler: str) -> Iterator[Function]:
    options = {"Runtime": "nodejs20.x", "Handler": f"app.{handler}", "MemorySize": 1024, "Timeout": 120}
    variables = {"AWS_ENDPOINT_URL": ""}
    with function(cloud, with_sdk_v2(COLD_STARTER), Environment={"Variables": variables}, **options) as made:
        made.allow("lambda:*")
        made.allow("logs:*")
        yield made


def totals_in_the_log(cloud: Cloud, target: Function, count: int) -> list[float]:
    """INIT and duration in each REPORT line; they arrive behind the answers, as on AWS."""
    logs, group = cloud.client("logs"), f"/aws/lambda/{target.name}"
    end, found = time.monotonic() + 20, []
    while len(found) < count and time.monotonic() < end:
        time.sleep(0.1)
        events = logs.filter_log_events(logGroupName=group, filterPattern="")["events"]
        lines = [event["message"] for event in events if event["message"].startswith("REPORT")]
        found = [value(line, "Duration") + value(line, "Init Duration") for line in lines if "Init Duration" in line]
    return sorted(found)


def value(line: str, name: str) -> float:
    return float(line.split(f"\t{name}: ")[1].split()[0])


def test_sdk_v2_measures_cold_starts_at_awss_own_names(cloud: Cloud) -> None:
    started = int(time.time()) - 1
    with python_function(cloud, ECHO, MemorySize=MEMORY) as target:
        with starter(cloud, "measure") as measure:
            answer = measure.invoke({"target": target.name, "count": COUNT})
        assert answer.error is None, answer.payload
        assert answer.payload["host"] == "lambda.us-east-1.amazonaws.com"
        assert answer.payload["version"].startswith("2.")
        totals = totals_in_the_log(cloud, target, COUNT)
        with starter(cloud, "analyze") as analyze:
            told = analyze.invoke({"target": target.name, "started": started, "query": QUERY})
    assert told.error is None, told.payload
    [row] = told.payload
    assert row["function"] == target.name
    assert (row["memorySize"], row["coldStarts"]) == (str(MEMORY), str(COUNT))
    expected = {
        "median": statistics.median(totals),
        "p95": statistics.quantiles(totals, n=20, method="inclusive")[-1],
        "max": totals[-1],
    }
    assert {name: float(row[name]) for name in expected} == pytest.approx(expected)


def test_the_kits_own_cold_starts_are_those_of_the_log(cloud: Cloud) -> None:
    with python_function(cloud, ECHO, MemorySize=MEMORY) as target:
        measured = LambdaFunction(cloud.client("lambda"), target.name, function="echo", target="local")
        rows = cold_starts(measured, {}, n=COUNT)
        totals = totals_in_the_log(cloud, target, COUNT)
    assert list(rows["cold"]) == [True] * COUNT
    assert sorted(rows["init_ms"] + rows["duration_ms"]) == pytest.approx(totals)

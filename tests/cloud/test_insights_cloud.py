"""Logs Insights in the local cloud, through boto3, against the REPORT lines that the invocations returned."""

from __future__ import annotations

import re
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.cloud.functions import Answer, python_function
from workshop.target import Cloud

pytestmark = pytest.mark.cloud

SAYS = """
    def handler(event, context):
        print(f"said number={event} to everybody")
"""
COLD_STARTS, MEMORY = 5, 256


@dataclass
class Logged:
    """A function that was started cold several times, and once called warm after each start."""

    cloud: Cloud
    group: str
    cold: list[Answer]
    warm: list[Answer]
    started: int

    def query(self, text: str, **options: Any) -> Any:
        """The answer of GetQueryResults to a query over everything that was logged."""
        logs = self.cloud.client("logs")
        times = {"startTime": self.started - 1, "endTime": int(time.time()) + 1}
        asked = {"logGroupNames": [self.group], "queryString": text, **times, **options}
        return _results(logs, logs.start_query(**asked)["queryId"])

    def rows(self, text: str, **options: Any) -> list[dict[str, str]]:
        return [{cell["field"]: cell["value"] for cell in row} for row in self.query(text, **options)["results"]]


def _results(logs: Any, query_id: str) -> Any:
    end = time.monotonic() + 20
    while (answer := logs.get_query_results(queryId=query_id))["status"] == "Running":
        assert time.monotonic() < end, "the query does not end"
        time.sleep(0.02)
    return answer


@pytest.fixture(scope="module")
def logged(cloud: Cloud) -> Iterator[Logged]:
    cold, warm, started = [], [], int(time.time())
    with python_function(cloud, SAYS, MemorySize=MEMORY) as made:
        for number in range(COLD_STARTS):
            made.configure(Environment={"Variables": {"TOUCHED": str(number)}})
            cold.append(made.invoke(number))
            warm.append(made.invoke(number + 100))
        found = Logged(cloud, f"/aws/lambda/{made.name}", cold, warm, started)
        _wait_for_reports(found, 2 * COLD_STARTS)
        yield found


def _wait_for_reports(logged: Logged, wanted: int) -> None:
    """Log lines arrive behind the answer, as on AWS."""
    end = time.monotonic() + 20
    while logged.rows('filter @type = "REPORT" | stats count(*) as n')[0]["n"] != str(wanted):
        assert time.monotonic() < end, "the log lines do not arrive"
        time.sleep(0.1)


def reported(answer: Answer, name: str) -> float:
    found = answer.reported(name)
    assert found is not None
    return found


def test_cold_start_statistics_are_those_of_the_report_lines(logged: Logged) -> None:
    (row,) = logged.rows(
        'filter @type = "REPORT" | stats count(@initDuration) as coldStarts,'
        " median(@initDuration + @duration) as median, percentile(@initDuration + @duration, 95) as p95,"
        " stddev(@initDuration + @duration) as stddev, min(@initDuration + @duration) as min,"
        " max(@initDuration + @duration) as max by @memorySize / 1000000 as memorySize"
    )
    totals = sorted(reported(answer, "Init Duration") + reported(answer, "Duration") for answer in logged.cold)
    assert row["memorySize"] == str(MEMORY)
    assert row["coldStarts"] == str(COLD_STARTS)
    expected = {
        "median": statistics.median(totals),
        "p95": statistics.quantiles(totals, n=20, method="inclusive")[-1],
        "stddev": statistics.stdev(totals),
        "min": totals[0],
        "max": totals[-1],
    }
    assert {name: float(row[name]) for name in expected} == pytest.approx(expected)


def test_each_invocation_has_its_own_figures(logged: Logged) -> None:
    rows = logged.rows(
        'filter @type = "REPORT" | fields @requestId, @duration, @billedDuration, @maxMemoryUsed / 1000000 as used'
        " | display @requestId, @duration, @initDuration, @billedDuration, used"
    )
    expected = {}
    for answer in logged.cold + logged.warm:
        identity = re.search(r"REPORT RequestId: (\S+)", answer.log)
        assert identity
        names = ("Duration", "Init Duration", "Billed Duration", "Max Memory Used")
        expected[identity[1]] = [answer.reported(name) for name in names]
    columns = ("@duration", "@initDuration", "@billedDuration", "used")
    found = {row["@requestId"]: [float(row[name]) if name in row else None for name in columns] for row in rows}
    assert found == expected


def test_functions_own_lines_are_parsed(logged: Logged) -> None:
    rows = logged.rows(
        r"parse @message /number=(?<n>\d+) to/ | filter ispresent(n) and n >= 100"
        " | stats count(*) as c, sum(n) as total"
    )
    assert rows == [{"c": str(COLD_STARTS), "total": str(sum(range(100, 100 + COLD_STARTS)))}]


def test_times_limits_and_pointers_are_honoured(logged: Logged) -> None:
    query = "fields @timestamp, @message"
    assert logged.rows(query, startTime=logged.started - 100, endTime=logged.started - 50) == []
    rows = logged.rows(query, limit=3)
    assert len(rows) == 3
    logs = logged.cloud.client("logs")
    record = logs.get_log_record(logRecordPointer=rows[0]["@ptr"])["logRecord"]
    assert record["@message"] == rows[0]["@message"]


def test_statistics_and_status(logged: Logged) -> None:
    answer = logged.query('filter @type = "REPORT"')
    assert answer["status"] == "Complete"
    assert answer["statistics"]["recordsMatched"] == 2 * COLD_STARTS
    assert answer["statistics"]["recordsScanned"] > 2 * COLD_STARTS


@pytest.mark.parametrize("query", ["stats nosuch(@duration)", "fields @message | anomaly", "filter @message like /(/"])
def test_what_is_not_understood_is_a_malformed_query(logged: Logged, query: str) -> None:
    with pytest.raises(logged.cloud.client("logs").exceptions.MalformedQueryException):
        logged.query(query)


def test_a_group_that_is_not_there_and_a_query_that_has_ended(logged: Logged) -> None:
    logs = logged.cloud.client("logs")
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logged.query("fields @message", logGroupNames=["/no/such/group"])
    query = logs.start_query(logGroupName=logged.group, startTime=0, endTime=1, queryString="fields @message")
    assert _results(logs, query["queryId"])["results"] == []
    with pytest.raises(logs.exceptions.InvalidParameterException):
        logs.stop_query(queryId=query["queryId"])


def test_json_logs_have_their_fields(cloud: Cloud) -> None:
    with python_function(cloud, SAYS, LoggingConfig={"LogFormat": "JSON"}) as made:
        answer, started = made.invoke(1), int(time.time()) - 60
        logged = Logged(cloud, f"/aws/lambda/{made.name}", [answer], [], started)
        query = 'filter type = "platform.report" | fields record.metrics.durationMs, record.metrics.initDurationMs'
        end = time.monotonic() + 20
        rows: list[dict[str, str]] = []
        while not rows and time.monotonic() < end:
            time.sleep(0.1)
            groups = cloud.client("logs").describe_log_groups(logGroupNamePrefix=logged.group)["logGroups"]
            rows = logged.rows(query) if groups else []
    found = re.search(r'"durationMs":([\d.]+).*"initDurationMs":([\d.]+)', answer.log.splitlines()[-1])
    assert found
    figures = [float(rows[0][f"record.metrics.{name}"]) for name in ("durationMs", "initDurationMs")]
    assert figures == [float(found[1]), float(found[2])]


def test_queries_are_listed(logged: Logged) -> None:
    logs = logged.cloud.client("logs")
    texts = [f"fields @message | limit {number}" for number in (1, 2, 3)]
    for text in texts:
        logged.query(text)
    first = logs.describe_queries(logGroupName=logged.group, status="Complete", maxResults=2)
    second = logs.describe_queries(logGroupName=logged.group, maxResults=2, nextToken=first["nextToken"])
    assert [query["queryString"] for query in first["queries"] + second["queries"]][:3] == texts[::-1]
    told = first["queries"][0]
    assert told["logGroupName"] == logged.group
    assert (told["status"], told["queryLanguage"]) == ("Complete", "CWLI")
    assert logged.started * 1000 <= told["createTime"] <= time.time() * 1000
    assert told["queryDuration"] >= 0
    assert told["bytesScanned"] > 0
    assert logs.get_query_results(queryId=told["queryId"])["status"] == "Complete"


def test_queries_are_listed_by_group_and_status(logged: Logged) -> None:
    logs = logged.cloud.client("logs")
    logged.query("fields @message")
    assert logs.describe_queries(logGroupName=logged.group, status="Failed")["queries"] == []
    with pytest.raises(logs.exceptions.ResourceNotFoundException):
        logs.describe_queries(logGroupName="/no/such/group")

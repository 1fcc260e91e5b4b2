"""Logs Insights: our queries in the place of MiniStack's, which answers `Complete` with rows that are wrong.

MiniStack keeps the queries and gives out their results; what it stores for one is filled in here. A query runs in a
thread: the server goes on answering the functions that are being measured.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from ministack.core import responses
from ministack.services import cloudwatch_logs

from workshop.cloud.insights import MAX_ROWS, LogEvent, MalformedQueryError, Plan, parse, run
from workshop.cloud.ministack_seam import insights_queries as queries

_log = logging.getLogger(__name__)


def install() -> None:
    """From here on StartQuery, StopQuery and DescribeQueries are ours."""
    cloudwatch_logs._start_query = _start_query
    cloudwatch_logs._stop_query = queries.stop
    _know_describe_queries()


def _know_describe_queries() -> None:
    handle: Callable[..., Any] = cloudwatch_logs.handle_request

    async def handle_request(method: str, path: str, headers: Mapping[str, str], body: bytes, query: Any) -> Any:
        if not headers.get("x-amz-target", "").endswith(".DescribeQueries"):
            return await handle(method, path, headers, body, query)
        try:
            return queries.describe(json.loads(body or b"{}"))
        except ValueError:
            return queries.error("SerializationException", "Invalid JSON")

    cloudwatch_logs.handle_request = handle_request


def _start_query(data: dict[str, Any]) -> queries.Response:
    groups: list[str] = cloudwatch_logs._resolve_query_log_groups(data)
    refusal = _refusal(data, groups)
    if refusal:
        return queries.error(*refusal)
    try:
        plan = parse(data["queryString"])
    except MalformedQueryError as error:
        return queries.error("MalformedQueryException", str(error))
    start, end = (_milliseconds(data[name]) for name in ("startTime", "endTime"))
    events = list(_events(groups, start, end))
    query = queries.keep(data, groups)
    limit = data.get("limit") or MAX_ROWS
    threading.Thread(target=_run, args=(query, plan, events, limit), name="insights", daemon=True).start()
    return queries.json({"queryId": query["queryId"]})


def _run(query: dict[str, Any], plan: Plan, events: list[LogEvent], limit: int) -> None:
    """Fill in a query's results, unless it was stopped meanwhile."""
    try:
        result = run(plan, events, limit)
    except Exception:  # a fault of ours: the client is told, and does not wait for ever
        _log.exception("cannot run the query %s", query["queryString"])
        query["status"] = "Failed"
        return
    query["results"] = [[{"field": name, "value": value} for name, value in row] for row in result.rows]
    query["statistics"] = {
        "recordsMatched": float(result.matched),
        "recordsScanned": float(result.scanned),
        "bytesScanned": float(result.bytes_scanned),
    }
    query["queryDuration"] = time.time_ns() // 1_000_000 - query["createTime"]
    # Last: who sees it complete has to see its rows.
    if query["status"] == "Running":
        query["status"] = "Complete"


def _refusal(data: dict[str, Any], groups: list[str]) -> tuple[str, str] | None:
    if not groups:
        return "InvalidParameterException", "logGroupName, logGroupNames or logGroupIdentifiers is required"
    for name in groups:
        if name not in cloudwatch_logs._log_groups:
            return "ResourceNotFoundException", f"Log group '{name}' does not exist"
    if not isinstance(data.get("queryString"), str):
        return "InvalidParameterException", "queryString is required"
    if data.get("queryLanguage", "CWLI") != "CWLI":
        return "InvalidParameterException", "the local cloud knows the query language CWLI only"
    for name in ("startTime", "endTime"):
        if type(data.get(name)) is not int:
            return "InvalidParameterException", f"{name} has to be a whole number of seconds"
    limit = data.get("limit")
    if limit is not None and (type(limit) is not int or not 1 <= limit <= MAX_ROWS):
        return "InvalidParameterException", f"limit has to be from 1 to {MAX_ROWS}"
    if data["startTime"] > data["endTime"]:
        return "InvalidParameterException", "endTime is before startTime"
    return None


def _milliseconds(moment: int) -> int:
    """The API's seconds; so large a number can only be meant as milliseconds."""
    return moment if moment > 100_000_000_000 else moment * 1000


def _events(groups: list[str], start: int, end: int) -> Iterator[LogEvent]:
    """Events from start to end, both included."""
    account = responses.get_account_id()
    for group in groups:
        for stream_name, stream in cloudwatch_logs._log_groups[group]["streams"].items():
            for event in list(stream["events"]):
                if start <= event["timestamp"] <= end:
                    yield LogEvent(
                        timestamp=event["timestamp"],
                        ingestion_time=event["ingestionTime"],
                        message=event["message"],
                        log=f"{account}:{group}",
                        stream=stream_name,
                        pointer=event.get("eventId") or "",
                    )

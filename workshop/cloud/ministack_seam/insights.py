"""Logs Insights: our queries in the place of MiniStack's, which answers `Complete` with rows that are wrong.

MiniStack keeps the finished queries and gives out their results; what it stores for one is filled in here.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

from ministack.core import responses
from ministack.services import cloudwatch_logs

from workshop.cloud.insights import MAX_ROWS, LogEvent, MalformedQueryError, Result, parse, run

Response = tuple[int, dict[str, str], bytes]


def install() -> None:
    """From here on StartQuery and StopQuery are ours."""
    cloudwatch_logs._start_query = _start_query
    cloudwatch_logs._stop_query = _stop_query


def _start_query(data: dict[str, Any]) -> Response:
    groups: list[str] = cloudwatch_logs._resolve_query_log_groups(data)
    refusal = _refusal(data, groups)
    if refusal:
        return _error(*refusal)
    try:
        plan = parse(data["queryString"])
    except MalformedQueryError as error:
        return _error("MalformedQueryException", str(error))
    start, end = (_milliseconds(data[name]) for name in ("startTime", "endTime"))
    result = run(plan, _events(groups, start, end), data.get("limit") or MAX_ROWS)
    return _json({"queryId": _keep(data, result)})


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


def _keep(data: dict[str, Any], result: Result) -> str:
    query_id: str = responses.new_uuid()
    cloudwatch_logs._queries[query_id] = {
        "queryId": query_id,
        "logGroupName": data.get("logGroupName", ""),
        "logGroupNames": data.get("logGroupNames", []),
        "logGroupIdentifiers": data.get("logGroupIdentifiers", []),
        "startTime": data["startTime"],
        "endTime": data["endTime"],
        "createTime": time.time_ns() // 1_000_000,
        "queryString": data["queryString"],
        "status": "Complete",
        "results": [[{"field": name, "value": value} for name, value in row] for row in result.rows],
        "statistics": {
            "recordsMatched": float(result.matched),
            "recordsScanned": float(result.scanned),
            "bytesScanned": float(result.bytes_scanned),
        },
    }
    return query_id


def _stop_query(data: dict[str, Any]) -> Response:
    """A query is complete as soon as it has its id: as on AWS, what has ended cannot be stopped."""
    query_id = data.get("queryId")
    if query_id not in cloudwatch_logs._queries:
        return _error("ResourceNotFoundException", f"The specified query does not exist: {query_id}")
    return _error("InvalidParameterException", f"The specified query is not running: {query_id}")


def _json(answer: dict[str, Any]) -> Response:
    response: Response = responses.json_response(answer)
    return response


def _error(code: str, message: str) -> Response:
    response: Response = responses.error_response_json(code, message, 400)
    return response

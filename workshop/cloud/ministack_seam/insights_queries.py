"""Logs Insights' queries once they are started: kept, listed, stopped.

MiniStack keeps them for ever and cannot list them. A query holds its rows, so the oldest are forgotten here.
"""

from __future__ import annotations

import time
from typing import Any

from ministack.core import responses
from ministack.services import cloudwatch_logs

Response = tuple[int, dict[str, str], bytes]

# AWS keeps results for seven days; ours are in memory.
_KEPT = 200
_PAGE = 1000
_STATUSES = ("Scheduled", "Running", "Complete", "Failed", "Cancelled", "Timeout", "Unknown")


def keep(data: dict[str, Any], groups: list[str]) -> dict[str, Any]:
    """A new, running query by StartQuery's parameters."""
    query = {
        "queryId": responses.new_uuid(),
        "logGroupName": groups[0],
        "logGroupNames": groups,
        "startTime": data["startTime"],
        "endTime": data["endTime"],
        "createTime": time.time_ns() // 1_000_000,
        "queryString": data["queryString"],
        "status": "Running",
        "results": [],
    }
    queries = cloudwatch_logs._queries
    ended = [kept["queryId"] for kept in queries.values() if kept["status"] != "Running"]
    for query_id in ended[: max(0, len(ended) - _KEPT + 1)]:
        queries.pop(query_id, None)
    queries[query["queryId"]] = query
    return query


def describe(data: dict[str, Any]) -> Response:
    """DescribeQueries: those of the account and region, the newest first."""
    group, status, limit = data.get("logGroupName"), data.get("status"), data.get("maxResults", _PAGE)
    token = data.get("nextToken", "0")
    if group is not None and group not in cloudwatch_logs._log_groups:
        return error("ResourceNotFoundException", f"Log group '{group}' does not exist")
    if status is not None and status not in _STATUSES:
        return error("InvalidParameterException", f"status has to be one of {', '.join(_STATUSES)}")
    if type(limit) is not int or not 1 <= limit <= _PAGE:
        return error("InvalidParameterException", f"maxResults has to be from 1 to {_PAGE}")
    if not str(token).isdecimal():
        return error("InvalidParameterException", "The specified nextToken is invalid.")
    found = [
        _info(query)
        for query in reversed(list(cloudwatch_logs._queries.values()))
        if (group is None or group in query["logGroupNames"])
        and (status is None or status == query["status"])
        and data.get("queryLanguage", "CWLI") == "CWLI"
    ]
    start = int(token)
    answer: dict[str, Any] = {"queries": found[start : start + limit]}
    if start + limit < len(found):
        answer["nextToken"] = str(start + limit)
    return json(answer)


def _info(query: dict[str, Any]) -> dict[str, Any]:
    info = {name: query[name] for name in ("queryId", "queryString", "status", "createTime", "logGroupName")}
    info["queryLanguage"] = "CWLI"
    if "queryDuration" in query:
        info["queryDuration"] = query["queryDuration"]
        info["bytesScanned"] = query["statistics"]["bytesScanned"]
    return info


def stop(data: dict[str, Any]) -> Response:
    """StopQuery: as on AWS, what has ended cannot be stopped."""
    query = cloudwatch_logs._queries.get(data.get("queryId"))
    if query is None:
        return error("ResourceNotFoundException", f"The specified query does not exist: {data.get('queryId')}")
    if query["status"] != "Running":
        return error("InvalidParameterException", f"The specified query is not running: {query['queryId']}")
    query["status"] = "Cancelled"
    return json({"success": True})


def json(answer: dict[str, Any]) -> Response:
    """An answer in MiniStack's shape."""
    response: Response = responses.json_response(answer)
    return response


def error(code: str, message: str) -> Response:
    """A client's error in MiniStack's shape."""
    response: Response = responses.error_response_json(code, message, 400)
    return response

"""Writes five items in one batch and reads them back in another, as `shared_rust/dynamodb-light` does."""

from __future__ import annotations

import os
import platform
import time
from typing import Any

import boto3

TABLE = os.environ["TABLE_NAME"]
dynamodb = boto3.client("dynamodb")


def handler(_event: Any, _context: Any) -> dict[str, int]:
    """Ten items over the wire in two calls."""
    now_ms = int(time.time() * 1000)
    items = [_item(now_ms, number) for number in range(5)]
    dynamodb.batch_write_item(RequestItems={TABLE: [{"PutRequest": {"Item": item}} for item in items]})
    keys = [{"pk": item["pk"], "sk": item["sk"]} for item in items]
    read = dynamodb.batch_get_item(RequestItems={TABLE: {"Keys": keys}})["Responses"][TABLE]
    matching = sum(item in read for item in items)
    if matching != len(items):
        raise ValueError(f"{matching} of {len(items)} items came back as they were written")
    return {"items_written": len(items), "items_read": len(read)}


def _item(now_ms: int, number: int) -> dict[str, dict[str, str]]:
    return {
        "pk": {"S": f"test-{now_ms}-{number}"},
        "sk": {"S": "light"},
        "timestamp": {"N": str(now_ms + number)},
        "ttl": {"N": str(now_ms // 1000 + 86_400)},
        "workload": {"S": "light"},
        "runtime": {"S": f"python{platform.python_version()}"},
        "architecture": {"S": platform.machine()},
        "data": {"S": f"benchmark test data - item {number}"},
    }

"""One GetItem, as `shared_rust/dynamodb-light/src/bin/get-item.rs` does."""

from __future__ import annotations

import os
from typing import Any

import boto3

TABLE = os.environ["TABLE_NAME"]
dynamodb = boto3.client("dynamodb")


def handler(_event: Any, _context: Any) -> dict[str, bool]:
    """Whether the item is there: it is not, and need not be."""
    answer = dynamodb.get_item(TableName=TABLE, Key={"pk": {"S": "one"}, "sk": {"S": "light"}})
    return {"found": "Item" in answer}

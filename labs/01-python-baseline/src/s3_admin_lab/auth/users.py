"""Users of the API, in DynamoDB."""

from __future__ import annotations

import os

from s3_admin_lab import aws
from s3_admin_lab.auth import passwords

ROLES = ("viewer", "admin")

_dynamodb = aws.client("dynamodb")
_table = os.environ["USERS_TABLE"]


def role_of(username: str, password: str) -> str | None:
    """The role of the user whose password this is; None for anybody else, after the same time.

    Raises ServiceError.
    """
    with aws.calling("DynamoDB"):
        answer = _dynamodb.get_item(TableName=_table, Key={"username": {"S": username}}, ConsistentRead=True)
    record = answer.get("Item") or {}
    role = record.get("role", {}).get("S")
    known = passwords.verify(password, record.get("password_hash", {}).get("S"))
    enabled = not record.get("disabled", {}).get("BOOL", False)
    return role if known and enabled and role in ROLES else None

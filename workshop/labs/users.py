"""A lab's users: items of its DynamoDB table. Passwords come in, hashes go to the table, neither comes out."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Literal, get_args

from botocore.exceptions import ClientError

from workshop.labs.errors import LabError, aws_errors
from workshop.labs.passwords import hash_password, verify_password
from workshop.target import Cloud

Role = Literal["viewer", "admin"]
ROLES: tuple[Role, ...] = get_args(Role)

# What the labs' sign-in accepts (labs/README.md). A colon would end the name in HTTP Basic.
_NAME = re.compile(r"[^\s:]{1,64}")
_LONGEST_PASSWORD = 1024
SHORTEST_PASSWORD = 12


@dataclass(frozen=True)
class User:
    """A user as listed; `created_at` in RFC 3339."""

    username: str
    role: str
    created_at: str
    disabled: bool


class Users:
    """The users table of one deployed lab."""

    def __init__(self, cloud: Cloud, table: str) -> None:
        self._client = cloud.client("dynamodb")
        self._table = table

    def add(self, username: str, password: str, role: Role, *, replace: bool = False) -> None:
        """Make a user. LabError if the name is taken (unless `replace`), or name or password will not do."""
        _check(username, password, role)
        item = {
            "username": {"S": username},
            "password_hash": {"S": hash_password(password)},
            "role": {"S": role},
            "created_at": {"S": datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")},
            "disabled": {"BOOL": False},
        }
        condition = {} if replace else {"ConditionExpression": "attribute_not_exists(username)"}
        with aws_errors(f"adding the user '{username}'"):
            try:
                self._client.put_item(TableName=self._table, Item=item, **condition)
            except ClientError as error:
                if _is_condition_failure(error):
                    raise LabError(f"there is a user '{username}' already: choose another name") from error
                raise

    def disable(self, username: str) -> None:
        """Keep the user out from now on. LabError if there is no such user."""
        with aws_errors(f"disabling the user '{username}'"):
            try:
                self._client.update_item(
                    TableName=self._table,
                    Key={"username": {"S": username}},
                    UpdateExpression="SET disabled = :yes",
                    ConditionExpression="attribute_exists(username)",
                    ExpressionAttributeValues={":yes": {"BOOL": True}},
                )
            except ClientError as error:
                if _is_condition_failure(error):
                    raise LabError(f"there is no user '{username}'") from error
                raise

    def all(self) -> list[User]:
        """Every user, by name. Hashes are not even read."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._table,
            ProjectionExpression="username, #role, created_at, disabled",
            ExpressionAttributeNames={"#role": "role"},
        )
        with aws_errors("listing users"):
            found = [_user(item) for page in pages for item in page["Items"]]
        return sorted(found, key=lambda user: user.username)

    def can_sign_in(self, username: str, password: str, role: Role) -> bool:
        """Whether that user exists with that password and role and is not disabled."""
        with aws_errors(f"reading the user '{username}'"):
            answer = self._client.get_item(
                TableName=self._table, Key={"username": {"S": username}}, ConsistentRead=True
            )
        item = answer.get("Item")
        if not item:
            return False
        user = _user(item)
        stored = item.get("password_hash", {}).get("S", "")
        return user.role == role and not user.disabled and verify_password(password, stored)


def _check(username: str, password: str, role: str) -> None:
    if role not in ROLES:
        raise LabError(f"'{role}' is no role: choose {' or '.join(ROLES)}")
    if not _NAME.fullmatch(username):
        raise LabError("a user name has 1 to 64 characters, none of them a space or a colon")
    if not SHORTEST_PASSWORD <= len(password) <= _LONGEST_PASSWORD:
        raise LabError(f"a password has {SHORTEST_PASSWORD} to {_LONGEST_PASSWORD} characters")


def _user(item: dict[str, Any]) -> User:
    return User(
        username=item["username"]["S"],
        role=item.get("role", {}).get("S", ""),
        created_at=item.get("created_at", {}).get("S", ""),
        disabled=bool(item.get("disabled", {}).get("BOOL", False)),
    )


def _is_condition_failure(error: ClientError) -> bool:
    return error.response.get("Error", {}).get("Code") == "ConditionalCheckFailedException"

"""Which bucket, table, secret or queue a call is about."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

# service → members of its requests that name the resource
MEMBERS: dict[str, tuple[str, ...]] = {
    "s3": ("Bucket",),
    "dynamodb": ("TableName", "RequestItems"),
    "secretsmanager": ("SecretId", "Name"),
    "sqs": ("QueueUrl", "QueueName"),
    "sns": ("TopicArn", "TargetArn", "Name"),
    "lambda": ("FunctionName",),
    "stepfunctions": ("stateMachineArn", "name"),
    "ssm": ("Name",),
    "logs": ("logGroupName",),
}
_SECRET_SUFFIX = re.compile(r"-[A-Za-z0-9]{6}$")


def names(service: str, members: Mapping[str, Any]) -> set[str]:
    """All names that the call's resource may be given by: its own, also when the call has its ARN or URL."""
    found: set[str] = set()
    for member in MEMBERS.get(service, ()):
        value = members.get(member)
        for text in value if isinstance(value, dict) else [value]:  # RequestItems has a table for each key
            if isinstance(text, str):
                found |= _names_of(text)
    return found


def _names_of(text: str) -> set[str]:
    if text.startswith(("http://", "https://")):
        return {text, text.rpartition("/")[2]}
    if not text.startswith("arn:"):
        return {text}
    parts = text.split(":")[5:]
    parts += [part.partition("/")[2] for part in parts]
    return {text, *parts, *(_SECRET_SUFFIX.sub("", part) for part in parts)} - {""}

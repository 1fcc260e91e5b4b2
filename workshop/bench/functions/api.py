"""A REST API's function, which tells its request id, and its authorizer, which lets everybody in."""

from __future__ import annotations

from typing import Any


def handler(_event: Any, context: Any) -> dict[str, Any]:
    """The request id, by which the caller finds the REPORT line."""
    return {"statusCode": 200, "body": context.aws_request_id}


def authorize(event: dict[str, Any], _context: Any) -> dict[str, Any]:
    """A policy for whoever asks."""
    statement = {"Effect": "Allow", "Action": "execute-api:Invoke", "Resource": event["methodArn"]}
    return {"principalId": "bench", "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}

"""Events as API Gateway (REST, proxy integration) hands them to functions, to invoke handlers directly."""

from __future__ import annotations

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

_ACCOUNT_ID = "000000000000"
_API_ID = "workshop00"
_STAGE = "prod"


@dataclass(frozen=True)
class Event:
    """A payload and the name under which its rows are kept. The payload may hold a token: it is never shown."""

    name: str
    payload: Any = field(repr=False, compare=False)


def rest_event(
    route: str,
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    body: Any = None,
    headers: Mapping[str, str] | None = None,
    caller: Mapping[str, str] | None = None,
    name: str | None = None,
) -> Event:
    """What a function gets for a request, such as `rest_event("GET /buckets/{bucket}", path={"bucket": "logs"})`.

    `body` is sent as JSON; `caller` is the context that an authorizer passed on (`username`, `role`).
    Format: https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
    """
    authorizer = {"principalId": caller.get("username", "caller"), **caller} if caller else None
    payload = _request(route, path or {}, query or {}, headers or {}, authorizer)
    payload["body"] = None if body is None else json.dumps(body)
    payload["isBase64Encoded"] = False
    return Event(name or route, payload)


def authorizer_event(
    route: str,
    authorization: str,
    *,
    path: Mapping[str, str] | None = None,
    query: Mapping[str, str] | None = None,
    region: str = "us-east-1",
    name: str | None = None,
) -> Event:
    """What a REQUEST authorizer gets for a request with this `Authorization` header.

    The event's name tells the scheme only ("Bearer"). Format:
    https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-lambda-authorizer-input.html
    """
    payload = _request(route, path or {}, query or {}, {"Authorization": authorization}, None)
    method, place = payload["httpMethod"], payload["path"]
    arn = f"arn:aws:execute-api:{region}:{_ACCOUNT_ID}:{_API_ID}/{_STAGE}/{method}{place}"
    return Event(name or authorization.partition(" ")[0], {"type": "REQUEST", "methodArn": arn, **payload})


def _request(
    route: str,
    parameters: Mapping[str, str],
    query: Mapping[str, str],
    headers: Mapping[str, str],
    authorizer: Mapping[str, str] | None,
) -> dict[str, Any]:
    method, _, resource = route.partition(" ")
    place = resource
    for parameter, value in parameters.items():
        place = place.replace(f"{{{parameter}}}", quote(value, safe=""))
    sent = {"Accept": "application/json", "Content-Type": "application/json", "Host": _host(), **headers}
    return {
        "resource": resource,
        "path": place,
        "httpMethod": method,
        "headers": sent,
        "multiValueHeaders": {header: [value] for header, value in sent.items()},
        "queryStringParameters": dict(query) or None,
        "multiValueQueryStringParameters": {key: [value] for key, value in query.items()} or None,
        "pathParameters": dict(parameters) or None,
        "stageVariables": None,
        "requestContext": _context(method, resource, place, authorizer),
    }


def _context(method: str, resource: str, place: str, authorizer: Mapping[str, str] | None) -> dict[str, Any]:
    moment = datetime.now(UTC)
    context: dict[str, Any] = {
        "accountId": _ACCOUNT_ID,
        "apiId": _API_ID,
        "domainName": _host(),
        "httpMethod": method,
        "identity": {"sourceIp": "127.0.0.1", "userAgent": "workshop"},
        "path": f"/{_STAGE}{place}",
        "protocol": "HTTP/1.1",
        "requestId": str(uuid.uuid4()),
        "requestTime": moment.strftime("%d/%b/%Y:%H:%M:%S +0000"),
        "requestTimeEpoch": int(moment.timestamp() * 1000),
        "resourceId": "workshop",
        "resourcePath": resource,
        "stage": _STAGE,
    }
    return context | ({"authorizer": dict(authorizer)} if authorizer else {})


def _host() -> str:
    return f"{_API_ID}.execute-api.us-east-1.amazonaws.com"

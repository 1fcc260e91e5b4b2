"""Which AWS call an HTTP request is: service, operation and resource.

The service is the one that the request is signed for. The operation is in `X-Amz-Target` (JSON), in the form's
`Action` (query), or follows from method, path, query and headers (REST), by botocore's service model.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from urllib.parse import parse_qsl, unquote

from botocore.model import OperationModel

from workshop.cloud.faults import operations, resources

_SIGNED_FOR = re.compile(r"Credential=[^,\s]+/([^/,\s]+)/aws4_request")
_VIRTUAL_HOST = re.compile(r"^(?P<bucket>.{3,}?)\.(?:s3[.-].+|localhost)(?::\d+)?$")


@dataclass(frozen=True)
class Request:
    """The parts of an HTTP request that tell the call."""

    method: str
    path: str
    """As sent, still percent-encoded."""
    query: dict[str, str]
    headers: dict[str, str]
    """Names in lower case."""

    @property
    def signed_for(self) -> str | None:
        """The signing name of the service, from the signature in the header or (presigned) in the query."""
        credential = f"Credential={self.query['X-Amz-Credential']}" if "X-Amz-Credential" in self.query else ""
        found = _SIGNED_FOR.search(self.headers.get("authorization", "") or credential)
        return found[1] if found else None


@dataclass(frozen=True)
class Call:
    """One call of an operation."""

    operation: str
    protocol: str
    """Of this request: SQS, for instance, still takes queries beside JSON."""
    resources: frozenset[str]


def request(scope: Mapping[str, Any]) -> Request:
    """The request of an ASGI scope."""
    query = dict(parse_qsl(scope["query_string"].decode("latin-1"), keep_blank_values=True))
    headers = {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}
    return Request(scope["method"], scope["raw_path"].decode("latin-1").partition("?")[0], query, headers)


def needs_body(service: str) -> bool:
    """Whether `recognise` needs the request's body: not for REST, where bodies may be large."""
    return not operations.model(service).protocol.startswith("rest-")


def recognise(service: str, request: Request, body: bytes) -> Call | None:
    """The call of `service`, as boto3 names it, or None if it is none that AWS's model knows."""
    model = operations.model(service)
    if not needs_body(service):
        return _rest(service, request)
    target = request.headers.get("x-amz-target")
    if target is not None:
        prefix, _, operation = target.rpartition(".")
        members = _json_members(body) if prefix == model.metadata.get("targetPrefix") else None
        protocol = "json"
    else:
        members = {**request.query, **dict(parse_qsl(body.decode("latin-1"), keep_blank_values=True))}
        operation, protocol = members.get("Action", ""), "query"
    if members is None or operation not in model.operation_names:
        return None
    return Call(operation, protocol, frozenset(resources.names(service, members)))


def _json_members(body: bytes) -> dict[str, Any]:
    try:
        members = json.loads(body or b"{}")
    except ValueError:
        return {}
    return members if isinstance(members, dict) else {}


def _rest(service: str, request: Request) -> Call | None:
    path = _path_style(request) if service == "s3" else request.path
    for route in _routes(service):
        found = route.match(request, path)
        if found is not None:
            members = {name: unquote(value) for name, value in found.items()}
            return Call(route.operation, route.protocol, frozenset(resources.names(service, members)))
    return None


def _path_style(request: Request) -> str:
    found = _VIRTUAL_HOST.match(request.headers.get("host", ""))
    return f"/{found['bucket']}{request.path}" if found else request.path


@dataclass(frozen=True)
class _Route:
    operation: str
    protocol: str
    method: str
    path: re.Pattern[str]
    parameters: tuple[str, ...]
    query: frozenset[tuple[str, str]]
    """Names that the query must have, with their values ('' for any)."""
    headers: frozenset[str]

    def match(self, request: Request, path: str) -> dict[str, str] | None:
        """The path's parameters, or None if the request is not this operation's."""
        if request.method != self.method or not self.headers <= request.headers.keys():
            return None
        if any(name not in request.query or (value and request.query[name] != value) for name, value in self.query):
            return None
        found = self.path.match(path)
        return dict(zip(self.parameters, found.groups(), strict=True)) if found else None


@cache
def _routes(service: str) -> list[_Route]:
    """Those that ask for more come first: GET of a key with `?uploadId` is ListParts, without it GetObject."""
    model = operations.model(service)
    routes = [
        _route(model.operation_model(name), model.protocol)
        for name in model.operation_names
        if not model.operation_model(name).deprecated and name not in _NEVER_HERE
    ]
    return sorted(routes, key=lambda r: (len(r.parameters), -len(r.query), -len(r.headers), -len(r.path.pattern)))


# Signed for another service (s3express), with the path of ListBuckets
_NEVER_HERE = {"ListDirectoryBuckets"}


def _route(operation: OperationModel, protocol: str) -> _Route:
    path, _, static = operation.http["requestUri"].partition("?")
    parts = re.split(r"\{([^}+]+)(\+?)\}", path)  # literal, name, '+', literal, …
    pattern = re.escape(parts[0])
    for plus, literal in zip(parts[2::3], parts[3::3], strict=True):
        pattern += ("(.+)" if plus else "([^/]+)") + re.escape(literal)
    query = set(parse_qsl(static, keep_blank_values=True))
    headers = set()
    members = operation.input_shape.members if operation.input_shape else {}
    for name in operation.input_shape.required_members if operation.input_shape else ():
        place = members[name].serialization
        if place.get("location") == "querystring":
            query.add((place["name"], ""))
        elif place.get("location") == "header":
            headers.add(place["name"].lower())
    return _Route(
        operation.name, protocol, operation.http["method"], re.compile(f"^{pattern}/?$"), tuple(parts[1::3]),
        frozenset(query), frozenset(headers),
    )  # fmt: skip

"""API Gateway's proxy events in, its answers out: routing, problems, one log line a request."""

from __future__ import annotations

import json
import logging
import time

from s3_admin_lab.problem import Problem
from s3_admin_lab.query import Query
from s3_admin_lab.service_error import ServiceError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import Any

    Event = dict[str, Any]
    Answer = dict[str, Any]
    Route = Callable[["Request"], "Response"]
    Handler = Callable[[Event, Any], Answer]

logger = logging.getLogger("s3_admin")


class Request:
    """One request. `seconds_left` is the time until the function's deadline at the start of the request."""

    __slots__ = ("_event", "method", "query", "request_id", "resource", "seconds_left")

    def __init__(self, event: Event, context: Any) -> None:
        self._event = event
        self.method: str = event.get("httpMethod") or ""
        self.resource: str = event.get("resource") or ""
        self.query = Query(event.get("multiValueQueryStringParameters") or {})
        self.request_id: str = (event.get("requestContext") or {}).get("requestId") or context.aws_request_id
        self.seconds_left: float = context.get_remaining_time_in_millis() / 1000

    def path_parameter(self, name: str) -> str:
        """A parameter of the path; empty when the event has none."""
        return (self._event.get("pathParameters") or {}).get(name) or ""

    def json_object(self) -> dict[str, object]:
        """The body. Raises Problem when it is no JSON object."""
        from s3_admin_lab.body import json_object  # most requests have no body

        return json_object(self._event.get("body"), is_base64=bool(self._event.get("isBase64Encoded")))


class Response:
    """`body` is anything that `json` can write; None for no body."""

    __slots__ = ("body", "headers", "status")

    def __init__(self, status: int, body: object = None, headers: Mapping[str, str] | None = None) -> None:
        self.status = status
        self.body = body
        self.headers = dict(headers or {})


def serve(routes: Mapping[str, Mapping[str, Route]]) -> Handler:
    """A Lambda handler for `routes`: resource path (as in the template) → method → function."""

    def handler(event: Event, context: Any) -> Answer:
        started = time.perf_counter()
        request = Request(event, context)
        response, content_type = _respond(routes, request)
        logger.info(
            "request",
            extra={
                "route": f"{request.method} {request.resource}",
                "status": response.status,
                "duration_ms": round((time.perf_counter() - started) * 1000, 3),
                "api_request_id": request.request_id,
            },
        )
        return _answer(response, content_type)

    return handler


def _respond(routes: Mapping[str, Mapping[str, Route]], request: Request) -> tuple[Response, str]:
    try:
        return _find(routes, request)(request), "application/json"
    except Problem as raised:
        problem = raised
    except ServiceError as error:
        logger.warning("service error", extra={"service": error.service, "code": error.code})
        problem = error.problem()
    except Exception:
        logger.exception("unexpected error")
        problem = Problem(500, "something went wrong; the request id helps to find out what")
    return Response(problem.status, problem.body(request.request_id), problem.headers), "application/problem+json"


def _find(routes: Mapping[str, Mapping[str, Route]], request: Request) -> Route:
    methods = routes.get(request.resource)
    if methods is None:
        raise Problem(404, "no such route")
    route = methods.get(request.method)
    if route is None:
        raise Problem(405, f"{request.method} is not allowed here", {"Allow": ", ".join(sorted(methods))})
    return route


def _answer(response: Response, content_type: str) -> Answer:
    headers = {"Cache-Control": "no-store", **response.headers}
    answer: Answer = {"statusCode": response.status, "headers": headers, "isBase64Encoded": False}
    if response.body is None:
        return answer | {"body": ""}
    headers["Content-Type"] = content_type
    return answer | {"body": json.dumps(response.body, ensure_ascii=False, separators=(",", ":"))}

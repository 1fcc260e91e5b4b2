"""What `Invoke` tells of its caller, on its way to the executor: MiniStack drops it."""

from __future__ import annotations

import base64
import contextvars
import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import lambda_svc, sts

from workshop.cloud.execution.caller import NOBODY, Caller

# Of the encoded text, as the API's reference counts it.
MAX_CLIENT_CONTEXT = 3583

_TRACE_ROOT = re.compile(r"(^|;)\s*Root=1-[0-9a-f]{8}-[0-9a-f]{24}\s*(;|$)")
_caller: contextvars.ContextVar[Caller] = contextvars.ContextVar("workshop_lambda_caller", default=NOBODY)


class ClientContextError(ValueError):
    """The caller's client context cannot be handed on; the message is the API's."""


def current() -> Caller:
    """Who called `Invoke` in this context. MiniStack runs an event in a copy of the request's context."""
    return _caller.get()


def apply() -> None:
    """Note each `Invoke`'s caller."""
    original: Callable[..., Any] = lambda_svc._invoke

    async def invoke(name: str, event: Any, headers: dict[str, str], *args: Any, **options: Any) -> Any:
        try:
            _caller.set(read({key.lower(): value for key, value in headers.items()}))
        except ClientContextError as error:
            return error_response_json("InvalidRequestContentException", str(error), 400)
        return await original(name, event, headers, *args, **options)

    lambda_svc._invoke = invoke


def read(headers: Mapping[str, str]) -> Caller:
    """The caller by a request's headers (names in lower case). Raises ClientContextError."""
    synchronous = (headers.get("x-amz-invocation-type") or "RequestResponse") == "RequestResponse"
    context = _client_context(headers.get("x-amz-client-context", ""))
    trace_id = headers.get("x-amzn-trace-id", "")
    return Caller(
        client_context=context if synchronous else None,
        cognito_identity=_cognito_identity(),
        trace_id=trace_id if _TRACE_ROOT.search(trace_id) else None,
    )


def _client_context(encoded: str) -> str | None:
    if not encoded:
        return None
    if len(encoded) > MAX_CLIENT_CONTEXT:
        raise ClientContextError(f"Client context must be at most {MAX_CLIENT_CONTEXT} bytes of Base64-encoded data.")
    try:
        context = json.loads(base64.b64decode(encoded, validate=True))
        if isinstance(context, dict):
            return json.dumps(context, separators=(",", ":"), allow_nan=False)
    except (ValueError, RecursionError):
        pass  # as what is no object
    raise ClientContextError("Client context must be a valid Base64-encoded JSON object.")


def _cognito_identity() -> dict[str, str] | None:
    """The identity for which Cognito made the caller's temporary keys, in the two names that runtimes read."""
    session = sts._sessions.get(lambda_svc._request_access_key.get()) or {}
    if not session.get("_identity_id"):
        return None
    return {"cognitoIdentityId": session["_identity_id"], "cognitoIdentityPoolId": session["_identity_pool_id"]}

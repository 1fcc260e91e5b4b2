"""How large an invocation's payload may be: MiniStack takes any."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack.core.responses import error_response_json
from ministack.services import lambda_svc

# 6 MB and what AWS adds for its envelope, the same limit that answers have.
MAX_SYNCHRONOUS = 6 * 1024 * 1024 + 100


def apply() -> None:
    """Refuse a synchronous invocation whose payload is above Lambda's limit."""
    original: Callable[..., Any] = lambda_svc._invoke

    async def invoke(name: str, event: Any, headers: dict[str, str], *args: Any, **options: Any) -> Any:
        fields = {key.lower(): value for key, value in headers.items()}
        kind = fields.get("x-amz-invocation-type") or "RequestResponse"
        length = int(fields.get("content-length") or 0)
        if kind == "RequestResponse" and length > MAX_SYNCHRONOUS:
            return error_response_json(
                "RequestTooLargeException",
                f"{length} byte payload is too large for the {kind} invocation type (limit {MAX_SYNCHRONOUS} bytes)",
                413,
            )
        return await original(name, event, headers, *args, **options)

    lambda_svc._invoke = invoke

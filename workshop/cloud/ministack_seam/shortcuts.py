"""Calls of the Lambda API go straight to their service.

MiniStack first asks some twenty handlers of other services whether a request is theirs. For an invocation, which every
measurement waits for, that is a twentieth of its way through the cloud.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ministack import app

_PATH = "/2015-03-31/functions/"
# A bucket may have a key like that path, and an API such a route: who calls those has signed for them.
_SIGNED_FOR_LAMBDA = "/lambda/aws4_request"


def apply() -> None:
    """Skip the handlers that such a call passes before it reaches the service."""
    app._handle_pre_body_request = _skipped(app._handle_pre_body_request)
    app._handle_post_body_shortcuts = _skipped(app._handle_post_body_shortcuts)
    app._handle_special_data_plane_request = _skipped(app._handle_special_data_plane_request)


def _skipped(original: Callable[..., Any]) -> Callable[..., Any]:
    async def handle(method: str, path: str, headers: dict[str, str], *args: Any, **options: Any) -> Any:
        if path.startswith(_PATH) and _SIGNED_FOR_LAMBDA in headers.get("authorization", ""):
            return None
        return await original(method, path, headers, *args, **options)

    return handle

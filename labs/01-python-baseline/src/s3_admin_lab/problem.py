"""Answers other than the one asked for, as RFC 9457 problems."""

from __future__ import annotations

TYPE_CHECKING = False  # typing is not imported at run time: it would be most of this package's import
if TYPE_CHECKING:
    from collections.abc import Mapping

TITLES = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    405: "Method Not Allowed",
    409: "Conflict",
    413: "Content Too Large",
    422: "Unprocessable Content",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


class Problem(Exception):
    """Ends a request with `status`. Clients see `detail`: no ARN, credential or stack trace goes in."""

    def __init__(self, status: int, detail: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.headers = dict(headers or {})

    def body(self, request_id: str) -> dict[str, object]:
        """The members of the problem document."""
        return {
            "type": "about:blank",
            "title": TITLES[self.status],
            "status": self.status,
            "detail": self.detail,
            "request_id": request_id,
        }


def bad_request(detail: str) -> Problem:
    """A 400."""
    return Problem(400, detail)

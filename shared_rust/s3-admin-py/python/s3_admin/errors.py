"""What can go wrong, one class for each HTTP status that the API answers with.

- `S3AdminError`
    - `InvalidInput` (400; a `ValueError` too)
    - `AccessDenied` (403)
    - `NotFound` (404)
    - `Throttled` (429)
    - `UnexpectedAnswer` (502)
    - `Unreachable` (503; a `ConnectionError` too)
    - `TimedOut` (504; a `TimeoutError` too)
"""

from __future__ import annotations


class S3AdminError(Exception):
    """Base of all.

    - `status`: the HTTP status that the API answers with.
    - `detail`: a sentence that may be shown to a client.
    - `code`: AWS's error code as it is, or `Unreachable`, `TimedOut`, `Garbled`, `InvalidInput`.
    - `retry_after`: seconds, or None where trying again is not known to help.
    """

    def __init__(self, status: int, detail: str, code: str, retry_after: int | None = None) -> None:
        super().__init__(status, detail, code, retry_after)
        self.status = status
        self.detail = detail
        self.code = code
        self.retry_after = retry_after

    def __str__(self) -> str:
        return self.detail


class InvalidInput(S3AdminError, ValueError):
    """An argument is out of its range; the detail names it."""


class AccessDenied(S3AdminError):
    """S3 does not allow this to these credentials."""


class NotFound(S3AdminError):
    """No such bucket."""


class Throttled(S3AdminError):
    """S3 asks to slow down, past the retries."""


class UnexpectedAnswer(S3AdminError):
    """S3 answered something unexpected; the detail has its error code."""


class Unreachable(S3AdminError, ConnectionError):
    """S3 is out of reach."""


class TimedOut(S3AdminError, TimeoutError):
    """S3 took too long, or the time given to the call is over."""

"""Opaque cursors: where a listing stopped, so that the next call goes on from there.

`base64url(sha256(body)[:8] + body)` without padding, body compact JSON. The checksum tells a damaged or made-up
cursor from a real one; it is no signature, and a cursor gives no right that its holder does not have.
"""

from __future__ import annotations

import base64
import hashlib
import json

from s3_admin_lab.problem import Problem, bad_request

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_CHECKSUM_BYTES = 8


def invalid() -> Problem:
    """The 400 for a cursor that is not one of ours, or not for this request."""
    return bad_request("'cursor' is not valid")


def encode(body: Mapping[str, str | None]) -> str:
    """The cursor for `body`."""
    content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
    return base64.urlsafe_b64encode(_checksum(content) + content).rstrip(b"=").decode()


def decode(text: str, position: str, **bound_to: str | None) -> str:
    """The field `position` of a cursor made for exactly the fields `bound_to`. Raises Problem 400 for any other."""
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        fields = json.loads(content[_CHECKSUM_BYTES:])
        value = fields.get(position) if isinstance(fields, dict) else None
        # Only what `encode` makes: a client can compute the checksum of whatever it likes.
        if isinstance(value, str) and encode({position: value, **bound_to}) == text:
            return value
    except (ValueError, RecursionError) as error:
        raise invalid() from error
    raise invalid()


def _checksum(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()[:_CHECKSUM_BYTES]

"""The Authorization header."""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

MAX_USERNAME = 64
MAX_PASSWORD = 1024


class Bearer(NamedTuple):
    """A token."""

    token: str


class Basic(NamedTuple):
    """A user and a password that may hold colons."""

    username: str
    password: str


def authorization(headers: Mapping[str, Sequence[str]]) -> str | None:
    """The one Authorization header; None when there is none, or more than one."""
    values = [value for name, group in headers.items() if name.lower() == "authorization" for value in group]
    return values[0] if len(values) == 1 else None


def parse(header: str | None) -> Bearer | Basic | None:
    """What the header says; None when it cannot be read."""
    scheme, space, rest = (header or "").strip(" \t").partition(" ")
    credentials = rest.strip(" \t")
    if not space or not credentials:
        return None
    match scheme.strip(" \t").lower():
        case "bearer":
            return Bearer(credentials)
        case "basic":
            return _basic(credentials)
    return None


def _basic(credentials: str) -> Basic | None:
    try:
        content = base64.b64decode(credentials, validate=True)
        text = content.decode()
    except ValueError:  # also UnicodeDecodeError and binascii.Error
        return None
    if base64.b64encode(content).decode() != credentials:  # Python overlooks spare bits and spare padding
        return None
    username, colon, password = text.partition(":")
    if not colon or not 1 <= len(username) <= MAX_USERNAME or not 1 <= len(password) <= MAX_PASSWORD:
        return None
    return Basic(username, password)

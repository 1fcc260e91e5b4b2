"""Every secret that the suite has sent or seen: none of them may turn up in a log or an answer."""

from __future__ import annotations

import json
from collections.abc import Iterator

# A shorter one, `abc` or `wrong`, is in any text by chance.
_SHORTEST = 12
_used: set[str] = set()


def use(*secrets: str) -> None:
    """Remember them."""
    _used.update(secret for secret in secrets if len(secret) >= _SHORTEST)


def all_used() -> list[str]:
    """All so far, sorted."""
    return sorted(_used)


def in_request(header: str | None, content: bytes | None) -> None:
    """Remember what a request shows: the credentials of its header, the password in its body."""
    if header is not None:
        use(header.partition(" ")[2].strip())
    if content is not None:
        use(*_passwords(content))


def _passwords(content: bytes) -> Iterator[str]:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return
    password = body.get("password") if isinstance(body, dict) else None
    if isinstance(password, str):
        yield password

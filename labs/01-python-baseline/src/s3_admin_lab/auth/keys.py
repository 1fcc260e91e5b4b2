"""Token signing keys, in Secrets Manager."""

from __future__ import annotations

import json
import time
from typing import Any, NamedTuple

from s3_admin_lab.auth import secret
from s3_admin_lab.service_error import GARBLED, ServiceError

# How long keys are used before they are read again.
_KEEP_SECONDS = 300
# A token with an unknown key id reads them earlier, so that a new key works at once, but not more often than this:
# forged tokens must not become Secrets Manager's load.
_READ_AGAIN_SECONDS = 5


class Keys(NamedTuple):
    """Key bytes by key id; tokens are signed with the one named `current`."""

    current: str
    by_id: dict[str, bytes]
    read_at: float


_kept: Keys | None = None


def current() -> Keys:
    """The keys, at most 300 s old. Raises ServiceError."""
    return _not_older_than(_KEEP_SECONDS)


def find(kid: str) -> bytes | None:
    """The key with this id, current or previous. Raises ServiceError."""
    key = current().by_id.get(kid)
    return key if key is not None else _not_older_than(_READ_AGAIN_SECONDS).by_id.get(kid)


def _not_older_than(seconds: float) -> Keys:
    global _kept
    if _kept is None or time.monotonic() - _kept.read_at > seconds:
        # An unknown key id asks for what is new: a cache must not answer.
        _kept = _parse(secret.read(fresh=seconds < _KEEP_SECONDS))
    return _kept


def _parse(text: str) -> Keys:
    try:
        parsed: dict[str, Any] = json.loads(text)
        pairs = [parsed] + [previous for previous in [parsed.get("previous")] if previous]
        by_id = {pair["kid"]: pair["key"].encode() for pair in reversed(pairs)}
        return Keys(parsed["kid"], by_id, time.monotonic())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ServiceError(secret.SERVICE, GARBLED) from None  # the cause would quote the secret

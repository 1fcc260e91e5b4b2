"""Token signing keys, in Secrets Manager."""

from __future__ import annotations

import json
import os
import time
from typing import Any, NamedTuple

from s3_admin_lab import aws
from s3_admin_lab.service_error import GARBLED, ServiceError

_SERVICE = "Secrets Manager"
# How long keys are used before they are read again.
_KEEP_SECONDS = 300
# A token with an unknown key id reads them earlier, so that a new key works at once, but not more often than this:
# forged tokens must not become Secrets Manager's load.
_READ_AGAIN_SECONDS = 5

_client = aws.client("secretsmanager")
_secret = os.environ["TOKEN_KEYS_SECRET"]


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
        with aws.calling(_SERVICE):
            text = _client.get_secret_value(SecretId=_secret).get("SecretString", "")
        _kept = _parse(text)
    return _kept


def _parse(text: str) -> Keys:
    try:
        secret: dict[str, Any] = json.loads(text)
        pairs = [secret] + [previous for previous in [secret.get("previous")] if previous]
        by_id = {pair["kid"]: pair["key"].encode() for pair in reversed(pairs)}
        return Keys(secret["kid"], by_id, time.monotonic())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise ServiceError(_SERVICE, GARBLED) from None  # the cause would quote the secret

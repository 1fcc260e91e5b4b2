"""The secret with the token keys: from Secrets Manager, or from an extension that keeps it (lab 04).

The extension is the one whose port PARAMETERS_SECRETS_EXTENSION_HTTP_PORT names, as AWS's own has it. With it, a cold
function makes no client of Secrets Manager.
"""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from s3_admin_lab import aws

SERVICE = "Secrets Manager"

_secret = os.environ["TOKEN_KEYS_SECRET"]
_port = os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT")


@cache
def _client() -> Any:
    return aws.client("secretsmanager")


if _port is None:
    _client()


def read(*, fresh: bool) -> str:
    """The secret's text. `fresh` reads past what the extension has kept. Raises ServiceError."""
    told = None if _port is None else _from_extension(int(_port), fresh=fresh)
    return _from_service() if told is None else told


def _from_service() -> str:
    with aws.calling(SERVICE):
        text: str = _client().get_secret_value(SecretId=_secret).get("SecretString", "")
    return text


def _from_extension(port: int, *, fresh: bool) -> str | None:
    from s3_admin_lab.auth import secrets_extension

    return secrets_extension.get(port, _secret, fresh=fresh)

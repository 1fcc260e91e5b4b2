"""The keys that tokens are signed with: one secret of a lab, changed without signing anyone out."""

from __future__ import annotations

import json
import secrets
from typing import Any

from workshop.labs.errors import LabError, aws_errors
from workshop.target import Cloud

_KEY_BYTES = 36


def rotate(cloud: Cloud, secret: str) -> str:
    """Make a new signing key and keep the current one for tokens that are still good; answers the new key's id.

    `secret` is the name or ARN of the secret. Tokens live 15 minutes, so rotate at most every 15.
    """
    client = cloud.client("secretsmanager")
    with aws_errors("reading the token keys"):
        current = _parsed(client.get_secret_value(SecretId=secret)["SecretString"])
    changed = rotated(current)
    with aws_errors("writing the token keys"):
        client.put_secret_value(SecretId=secret, SecretString=json.dumps(changed))
    return str(changed["kid"])


def rotated(current: dict[str, Any]) -> dict[str, Any]:
    """The secret's next value: a new key with the next id; the current one becomes the previous one."""
    kid = str(current["kid"])
    following = str(int(kid) + 1) if kid.isascii() and kid.isdigit() else secrets.token_hex(4)
    return {
        "kid": following,
        "key": secrets.token_urlsafe(_KEY_BYTES),
        "previous": {"kid": kid, "key": current["key"]},
    }


def _parsed(text: str) -> dict[str, Any]:
    try:
        value = json.loads(text)
        # Nothing of the value may get into a message.
        if isinstance(value, dict) and isinstance(value.get("kid"), str) and isinstance(value.get("key"), str):
            return value
    except ValueError:
        pass
    raise LabError("the secret with the token keys has no 'kid' and 'key': deploy the lab afresh")

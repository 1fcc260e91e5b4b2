"""Credentials for cases: good ones, and every kind of bad one."""

from __future__ import annotations

import base64
import json
import time
import uuid
from functools import cache
from typing import Any

import jwt

from tests.contract import secrets_used
from workshop.labs.lab import Lab

ADA = "contract-ada"
ADAS_PASSWORD = "pä:ss: wörd💾 with::colons"
DISABLED = "contract-disabled"
_LONG_S = 6 * 3600


class Signer:
    """Makes Authorization headers for one lab. Tokens are signed with the lab's own key, or badly on purpose."""

    def __init__(self, lab: Lab) -> None:
        self.lab = lab
        self._client = lab.cloud.client("secretsmanager")

    @cache  # noqa: B019 - as many as there are labs
    def keys(self) -> dict[str, Any]:
        """The secret with the signing keys."""
        found: dict[str, Any] = json.loads(self._client.get_secret_value(SecretId=self.lab.token_keys)["SecretString"])
        secrets_used.use(found["key"], *([found["previous"]["key"]] if "previous" in found else []))
        return found

    def put_keys(self, keys: dict[str, Any]) -> None:
        """Change the secret."""
        secrets_used.use(keys["key"], *([keys["previous"]["key"]] if "previous" in keys else []))
        self._client.put_secret_value(SecretId=self.lab.token_keys, SecretString=json.dumps(keys))

    @cache  # noqa: B019
    def bearer(self, role: str) -> str:
        """A good token, the same for all cases, so that API Gateway's cache is part of what is tested.

        It outlasts the suite: a session's 900 s are not enough on a busy machine.
        """
        return self.token(sub=role, role=role, exp=int(time.time()) + _LONG_S)

    def token(self, *, kid: str | None = "", key: str | None = None, algorithm: str = "HS256", **changes: Any) -> str:
        """A Bearer header with a token of the viewer; a claim changed to None is left out."""
        now = int(time.time())
        claims = {
            "iss": "s3-admin",
            "aud": "s3-admin-api",
            "sub": "viewer",
            "role": "viewer",
            "iat": now,
            "exp": now + 900,
            "jti": str(uuid.uuid4()),
        }
        claims = {name: value for name, value in (claims | changes).items() if value is not None}
        chosen = self.keys()["kid"] if kid == "" else kid
        headers = {} if chosen is None else {"kid": chosen}
        return "Bearer " + jwt.encode(claims, key or self.keys()["key"], algorithm=algorithm, headers=headers)

    def unsigned(self, algorithm: str) -> str:
        """A token that says `algorithm` and has no signature."""
        header = json.dumps({"alg": algorithm, "typ": "JWT", "kid": self.keys()["kid"]}).encode()
        claims = self.token(sub="admin", role="admin").split(".")[1]
        return f"Bearer {_url_base64(header)}.{claims}."

    def changed(self) -> str:
        """A viewer's token that was made an admin's without signing it again."""
        header, _, signature = self.token().split(".")
        claims = self.token(sub="admin", role="admin").split(".")[1]
        return f"{header}.{claims}.{signature}"

    def basic(self, role: str) -> str:
        """A demo user's password."""
        return basic(role, self.lab.password(role))


def basic(username: str, password: str) -> str:
    """A Basic header."""
    return basic_of(f"{username}:{password}".encode())


def basic_of(content: bytes) -> str:
    """A Basic header of any bytes."""
    return "Basic " + base64.b64encode(content).decode()


def _url_base64(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode()

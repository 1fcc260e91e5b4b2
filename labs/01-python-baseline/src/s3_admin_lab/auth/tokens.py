"""Session tokens: JWT, HS256, 15 minutes."""

from __future__ import annotations

import base64
import time
from typing import NamedTuple

import jwt

from s3_admin_lab.auth import keys
from s3_admin_lab.auth.users import ROLES

ISSUER = "s3-admin"
AUDIENCE = "s3-admin-api"
LIFETIME_SECONDS = 900
_ALGORITHM = "HS256"


class Caller(NamedTuple):
    """Who signed in."""

    username: str
    role: str


def issue(caller: Caller) -> tuple[str, int]:
    """A token and when it expires, in seconds since 1970. Raises ServiceError."""
    signing = keys.current()
    now = int(time.time())
    expires = now + LIFETIME_SECONDS
    claims = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": caller.username,
        "role": caller.role,
        "iat": now,
        "exp": expires,
    }
    key = signing.by_id[signing.current]
    return jwt.encode(claims, key, algorithm=_ALGORITHM, headers={"kid": signing.current}), expires


def check(token: str) -> Caller | None:
    """Who the token was issued to; None when it is not a good token of ours. Raises ServiceError."""
    if not all(map(_is_base64url, token.split("."))):
        return None
    try:
        kid = jwt.get_unverified_header(token).get("kid")
        key = keys.find(kid) if isinstance(kid, str) else None
        if key is None:
            return None
        claims = jwt.decode(
            token,
            key,
            algorithms=[_ALGORITHM],
            issuer=ISSUER,
            audience=AUDIENCE,
            options={"require": ["iss", "aud", "sub", "role", "exp"], "verify_iat": False},
        )
    # PyJWT raises the last two for times that are no numbers, RecursionError for JSON nested too deep.
    except (jwt.InvalidTokenError, RecursionError, TypeError, OverflowError):
        return None
    if not all(_is_number(claims[name]) for name in ("exp", "nbf") if name in claims):
        return None
    caller = Caller(claims["sub"], claims["role"])
    return caller if caller.username and caller.role in ROLES else None


def _is_number(value: object) -> bool:
    """A NumericDate of RFC 7519. PyJWT takes a string of digits as well."""
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_base64url(text: str) -> bool:
    """As RFC 7515 has it. PyJWT overlooks padding, spare bits and characters of no alphabet."""
    try:
        content = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return False
    return base64.urlsafe_b64encode(content).rstrip(b"=").decode() == text

"""Password hashes as the labs read them: scrypt (RFC 7914) in PHC string form."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets

# As every lab has them (labs/README.md): 2**14 blocks of 8 × 128 bytes, so 16 MiB and about 50 ms of a whole vCPU
# a hash. A function of 128 MB has a fourteenth of a vCPU, which is why it is not more.
_LOG_N, _R, _P = 14, 8, 1
_HASH_BYTES = 32
_MEMORY_LIMIT = 64 * 1024 * 1024
_PHC = re.compile(r"\$scrypt\$ln=(\d+),r=(\d+),p=(\d+)\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]+)")


def hash_password(password: str) -> str:
    """`$scrypt$ln=14,r=8,p=1$<salt>$<hash>`, base64 without padding, over the password's UTF-8 bytes."""
    salt = secrets.token_bytes(16)
    derived = _derive(password, salt, _LOG_N, _R, _P, _HASH_BYTES)
    return f"$scrypt$ln={_LOG_N},r={_R},p={_P}${_encode(salt)}${_encode(derived)}"


def verify_password(password: str, stored: str) -> bool:
    """Whether the password fits; false for a hash that cannot be read."""
    match = _PHC.fullmatch(stored)
    if match is None:
        return False
    log_n, r, p = (int(match[group]) for group in (1, 2, 3))
    try:
        salt, expected = _decode(match[4]), _decode(match[5])
        derived = _derive(password, salt, log_n, r, p, len(expected))
    except ValueError:
        return False
    return hmac.compare_digest(derived, expected)


def generate_password() -> str:
    """24 characters of 6 random bits each: beyond guessing, and good in a shell, a URL and a JSON string."""
    return secrets.token_urlsafe(18)


def _derive(password: str, salt: bytes, log_n: int, r: int, p: int, length: int) -> bytes:
    return hashlib.scrypt(
        password.encode(), salt=salt, n=1 << log_n, r=r, p=p, dklen=length, maxmem=_MEMORY_LIMIT
    )  # fmt: skip


def _encode(data: bytes) -> str:
    return base64.b64encode(data).decode().rstrip("=")


def _decode(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)

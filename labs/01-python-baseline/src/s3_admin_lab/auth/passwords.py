"""Password hashes: scrypt in the PHC string format.

`$scrypt$ln=14,r=8,p=1$<salt>$<hash>`, base64 with the standard alphabet and no padding, a 32-byte hash.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re

_PHC = re.compile(r"\$scrypt\$ln=([0-9]{1,2}),r=([0-9]{1,2}),p=([0-9]{1,2})\$([A-Za-z0-9+/]+)\$([A-Za-z0-9+/]{43})")
_HASH_BYTES = 32
# scrypt needs 128 * N * r bytes, 16 MiB with our parameters; a record that asks for more than this is not ours.
_MAX_MEMORY = 64 * 1024 * 1024

# What is hashed against when there is no such user, so that the answer takes as long as that for a wrong password.
_NOBODY = _PHC.fullmatch("$scrypt$ln=14,r=8,p=1$bm9ib2R5LWhhcy10aGlz$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA")


def verify(password: str, stored: str | None) -> bool:
    """Whether `password` is the one that `stored` was made of; `stored` is None for a user who does not exist."""
    match = _PHC.fullmatch(stored or "")
    same = _matches(password, match or _NOBODY)
    return same and match is not None


def _matches(password: str, phc: re.Match[str] | None) -> bool:
    if phc is None:
        return False
    log_n, r, p = (int(number) for number in phc.group(1, 2, 3))
    try:
        salt, expected = (_unpadded(text) for text in phc.group(4, 5))
        actual = hashlib.scrypt(
            password.encode(), salt=salt, n=1 << log_n, r=r, p=p, dklen=_HASH_BYTES, maxmem=_MAX_MEMORY
        )
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(actual, expected)


def _unpadded(text: str) -> bytes:
    return base64.b64decode(text + "=" * (-len(text) % 4), validate=True)

from __future__ import annotations

import base64

import pytest
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt

from workshop.labs.passwords import generate_password, hash_password, verify_password


@pytest.mark.parametrize("password", ["correct horse", "with:colons:", "größe 🦀", "e\u0301", "x" * 1024])
def test_a_hash_fits_its_own_password_only(password: str) -> None:
    stored = hash_password(password)
    assert verify_password(password, stored)
    assert not verify_password(password + " ", stored)


def test_another_library_derives_the_same_hash() -> None:
    _, algorithm, parameters, salt, expected = hash_password("größe 🦀").split("$")
    assert (algorithm, parameters) == ("scrypt", "ln=14,r=8,p=1")
    padded = [base64.b64decode(text + "=" * (-len(text) % 4)) for text in (salt, expected)]
    Scrypt(salt=padded[0], length=32, n=2**14, r=8, p=1).verify("größe 🦀".encode(), padded[1])


def test_unicode_is_not_normalised() -> None:
    assert not verify_password("\u00e9", hash_password("e\u0301"))


@pytest.mark.parametrize(
    "stored",
    [
        "",
        "plain",
        "$scrypt$ln=14,r=8,p=1$c2FsdA",
        "$argon2id$v=19$m=1$c2FsdA$aGFzaA",
        "$scrypt$ln=40,r=8,p=1$c2FsdA$aGFzaA",
    ],
)
def test_a_hash_that_cannot_be_read_fits_nothing(stored: str) -> None:
    assert not verify_password("password", stored)


def test_no_two_hashes_or_passwords_are_alike() -> None:
    assert hash_password("the same") != hash_password("the same")
    assert len({generate_password() for _ in range(100)}) == 100

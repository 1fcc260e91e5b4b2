"""After all other tests (conftest.py puts these last): no secret that was used is in any log or answer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract import secrets_used
from tests.contract.answers import Answers
from tests.contract.case import Case, admin, nobody
from tests.contract.logs import logged, secrets_in
from tests.contract.signer import ADA, ADAS_PASSWORD, basic

pytestmark = pytest.mark.cloud


def secrets_of(answers: Answers) -> Iterator[str]:
    """All that were used, and what is stored: passwords, keys, hashes."""
    yield from secrets_used.all_used()
    yield from (ADAS_PASSWORD, answers.lab.password("admin"), answers.lab.password("viewer"))
    yield from (answers.signer.keys()["key"], basic(ADA, ADAS_PASSWORD).removeprefix("Basic "))
    users = answers.lab.cloud.client("dynamodb").scan(TableName=answers.lab.outputs["UsersTable"])["Items"]
    yield from (user["password_hash"]["S"].rpartition("$")[2] for user in users)


def test_no_secret_is_logged_or_answered(answers: Answers) -> None:
    session = {"username": ADA, "password": ADAS_PASSWORD}
    answers.send(Case("", "signIn", "/sessions", 201, method="POST", credentials=nobody, json=session))
    wrong = "a wrong password that must not be logged"
    answers.send(Case("", "listBuckets", "/buckets", 401, credentials=lambda _: basic(ADA, wrong)))
    answers.send(Case("", "listBuckets", "/buckets", 200, credentials=admin))
    secrets = list(secrets_of(answers))
    assert secrets_in(logged(answers), secrets) == [], "places in the list of secrets"
    # Presigned URLs are signed, and say so.
    texts = [text for text in answers.texts if "X-Amz-Signature" not in text]
    assert secrets_in("\n".join(texts), secrets) == [], "places in the list of secrets"


def test_a_secret_would_be_found() -> None:
    """What finds nothing might look for nothing."""
    assert secrets_in('{"a": "p\\u00e4ssword"}', ["pässword"]) == ["secret 0"]
    assert secrets_in('{"a": "pässword"}', ["another", "pässword"]) == ["secret 1"]
    assert secrets_in("Authorization: Bearer abcdefghijklm", []) == ["an Authorization header"]
    assert secrets_in("$scrypt$ln=14,r=8,p=1$", []) == ["a password's hash"]
    assert secrets_in("nothing", ["of this"]) == []

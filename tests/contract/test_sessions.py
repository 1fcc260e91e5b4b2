"""Tokens as they are handed out, and keys that change."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import httpx
import jwt
import pytest

from tests.contract.answers import Answers
from tests.contract.case import Case, Credentials, nobody
from tests.contract.signer import ADA, ADAS_PASSWORD

pytestmark = pytest.mark.cloud

SIGN_IN = Case(
    "", "signIn", "/sessions", 201, method="POST", credentials=nobody, json={"username": ADA, "password": ADAS_PASSWORD}
)
# labs/README.md: how long an authorizer waits before it reads the keys again because of an unknown key id.
READ_AGAIN_SECONDS = 5


def get_buckets(answers: Answers, credentials: Credentials) -> httpx.Response:
    return answers.send(Case("", "listBuckets", "/buckets", 200, credentials=credentials))


def test_the_token(answers: Answers) -> None:
    session = answers.send(SIGN_IN).json()
    keys = answers.signer.keys()
    claims = jwt.decode(session["token"], keys["key"], algorithms=["HS256"], audience="s3-admin-api", issuer="s3-admin")
    assert claims.keys() == {"iss", "aud", "sub", "role", "iat", "exp"}
    assert (claims["sub"], claims["role"], claims["exp"] - claims["iat"]) == (ADA, "admin", 900)
    assert jwt.get_unverified_header(session["token"]) == {"alg": "HS256", "typ": "JWT", "kid": keys["kid"]}
    assert datetime.fromisoformat(session["expires_at"]) == datetime.fromtimestamp(claims["exp"], UTC)


def test_the_token_opens_the_api(answers: Answers) -> None:
    token = answers.send(SIGN_IN).json()["token"]
    assert get_buckets(answers, lambda _: f"Bearer {token}").status_code == 200


def test_a_previous_key_is_accepted_and_an_unknown_one_is_not(answers: Answers, spare_keys: dict[str, object]) -> None:
    previous = {"kid": f"old-{time.time_ns()}", "key": "the key of before, as long as a key must be"}

    def old_token(_signer: object) -> str:
        return answers.signer.token(kid=previous["kid"], key=previous["key"])

    assert get_buckets(answers, old_token).status_code == 401
    answers.signer.put_keys(spare_keys | {"previous": previous})
    time.sleep(READ_AGAIN_SECONDS + 0.5)
    assert get_buckets(answers, old_token).status_code == 200
    assert get_buckets(answers, lambda signer: signer.token()).status_code == 200, "the current key still counts"


def test_what_a_role_may_do_does_not_depend_on_what_was_asked_first(answers: Answers) -> None:
    """API Gateway keeps the authorizer's answer for the header: a policy for one method would refuse the second."""
    token = answers.signer.token()
    for path, status in [("/buckets", 200), ("/buckets/contract-empty", 200), ("/buckets/contract-empty/usage", 200)]:
        assert answers.send(Case("", "", path, status, credentials=lambda _: token)).status_code == status

"""Tokens as they are handed out, and keys that change."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime

import httpx
import jwt
import pytest

from tests.contract import environments
from tests.contract.answers import Answers
from tests.contract.case import Case, Credentials, nobody
from tests.contract.signer import ADA, ADAS_PASSWORD
from workshop.labs import token_keys

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


def test_keys_rotate_and_the_one_before_the_previous_is_out(
    answers: Answers, spare_keys: dict[str, object], fresh: None
) -> None:
    def by(key: dict[str, str]) -> httpx.Response:
        return get_buckets(answers, lambda signer: signer.token(kid=key["kid"], key=key["key"]))

    first = {"kid": str(spare_keys["kid"]), "key": str(spare_keys["key"])}
    assert by(first).status_code == 200
    kids = []
    for good in (200, 401):
        kids.append(token_keys.rotate(answers.lab.cloud, answers.lab.token_keys))
        environments.end(answers.lab.cloud)  # the keys are read anew
        session = answers.send(SIGN_IN).json()["token"]
        assert jwt.get_unverified_header(session)["kid"] == kids[-1]
        assert get_buckets(answers, lambda _, token=session: f"Bearer {token}").status_code == 200
        assert by(first).status_code == good
    assert len({first["kid"], *kids}) == 3


def test_an_old_key_under_a_new_id_is_no_key(answers: Answers, spare_keys: dict[str, object], fresh: None) -> None:
    token_keys.rotate(answers.lab.cloud, answers.lab.token_keys)
    client = answers.lab.cloud.client("secretsmanager")
    now = json.loads(client.get_secret_value(SecretId=answers.lab.token_keys)["SecretString"])
    assert get_buckets(answers, lambda s: s.token(kid=now["kid"], key=now["key"])).status_code == 200
    assert get_buckets(answers, lambda s: s.token(kid=now["kid"], key=str(spare_keys["key"]))).status_code == 401
    assert get_buckets(answers, lambda s: s.token(kid=str(spare_keys["kid"]), key=now["key"])).status_code == 401

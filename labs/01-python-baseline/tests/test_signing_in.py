"""Passwords, keys, tokens, and the two functions that use them."""

from __future__ import annotations

import base64
import hashlib
import json
import time
from collections.abc import Callable
from typing import Any

import jwt
import pytest
from conftest import Aws, Context

from functions import authorizer, sessions
from s3_admin_lab.auth import keys, passwords, tokens

PASSWORD = "pä:ss:wörd"
KEY = "k" * 64
ARN = "arn:aws:execute-api:us-east-1:123456789012:abc/prod/GET/buckets"


def phc(password: str, ln: int = 4) -> str:
    digest = hashlib.scrypt(password.encode(), salt=b"salt", n=1 << ln, r=8, p=1, dklen=32)
    salt, value = (base64.b64encode(part).decode().rstrip("=") for part in (b"salt", digest))
    return f"$scrypt$ln={ln},r=8,p=1${salt}${value}"


def user(role: str = "admin", *, disabled: bool = False) -> dict[str, Any]:
    record = {"username": {"S": "ada"}, "role": {"S": role}, "password_hash": {"S": phc(PASSWORD)}}
    return {"Item": {**record, "disabled": {"BOOL": disabled}}}


@pytest.fixture
def cloud(aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Aws:
    aws.answers["GetItem"] = lambda Key, **_: user() if Key["username"]["S"] == "ada" else {}  # noqa: N803
    aws.answers["GetSecretValue"] = {"SecretString": json.dumps({"kid": "1", "key": KEY})}
    monkeypatch.setattr(keys, "_kept", None)
    return aws


def claims(**changes: object) -> dict[str, object]:
    now = int(time.time())
    good = {"iss": "s3-admin", "aud": "s3-admin-api", "sub": "ada", "role": "viewer", "iat": now, "exp": now + 900}
    return {name: value for name, value in (good | changes).items() if value is not None}


def token(kid: object = "1", key: str = KEY, algorithm: str = "HS256", **changes: object) -> str:
    headers = {} if kid is None else {"kid": kid}
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers=headers)


def test_the_phc_string_of_the_contract() -> None:
    stored = "$scrypt$ln=14,r=8,p=1$c2FsdHNhbHRzYWx0c2FsdA$RVh6iugrtmkqBKHVEXXF/J16XsJ4lXJ+qQ6LzSSUPXA"
    assert passwords.verify("x", stored)
    assert not passwords.verify("y", stored)


@pytest.mark.parametrize("stored", [None, "", "$argon2id$v=19$x$y", phc("x")[:-1], phc("x").replace("ln=4", "ln=63")])
def test_a_hash_that_cannot_be_read_fits_no_password(stored: str | None) -> None:
    assert not passwords.verify("x", stored)


def test_a_missing_user_costs_a_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    costs: list[int] = []
    real = hashlib.scrypt
    monkeypatch.setattr(hashlib, "scrypt", lambda *a, **o: costs.append(o["n"]) or real(*a, **o))
    passwords.verify("x", None)
    assert costs == [1 << 14]


def test_a_session_opens_the_api(cloud: Aws, send: Callable[..., Any]) -> None:
    status, body, _ = send(sessions.handler, "POST", "/sessions", body={"username": "ada", "password": PASSWORD})
    assert (status, body["role"]) == (201, "admin")
    header = jwt.get_unverified_header(body["token"])
    assert header == {"alg": "HS256", "kid": "1", "typ": "JWT"}
    answer = authorizer.handler(
        {"methodArn": ARN, "multiValueHeaders": {"authorization": [f"Bearer {body['token']}"]}}, Context()
    )
    assert answer == {
        "principalId": "ada",
        "policyDocument": {
            "Version": "2012-10-17",
            "Statement": [
                {
                    "Action": "execute-api:Invoke",
                    "Effect": "Allow",
                    "Resource": ["arn:aws:execute-api:us-east-1:123456789012:abc/prod/*"],
                }
            ],
        },
        "context": {"username": "ada", "role": "admin"},
    }


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        ({"username": "ada", "password": "wrong"}, 401, "wrong username or password"),
        ({"username": "eve", "password": PASSWORD}, 401, "wrong username or password"),
        ({"username": "ada"}, 400, "'password' is required"),
        ({"username": None, "password": "x"}, 400, "'username' must be a string"),
        ({"username": "", "password": "x"}, 400, "'username' must be 1 to 64 characters"),
        ({"username": "ada", "password": "x", "otp": 1}, 400, "unknown field 'otp'"),
    ],
)
def test_no_session(cloud: Aws, send: Callable[..., Any], body: object, status: int, detail: str) -> None:
    answer = send(sessions.handler, "POST", "/sessions", body=body)
    assert (answer[0], answer[1]["detail"]) == (status, detail)
    assert ("WWW-Authenticate" in answer[2]) == (status == 401)


@pytest.mark.parametrize("record", [user(disabled=True), user("root"), {"Item": {"username": {"S": "ada"}}}])
def test_records_that_let_nobody_in(cloud: Aws, send: Callable[..., Any], record: object) -> None:
    cloud.answers["GetItem"] = record
    status, _, _ = send(sessions.handler, "POST", "/sessions", body={"username": "ada", "password": PASSWORD})
    assert status == 401


def test_basic_credentials(cloud: Aws) -> None:
    header = "Basic " + base64.b64encode(f"ada:{PASSWORD}".encode()).decode()
    answer = authorizer.handler({"methodArn": ARN, "multiValueHeaders": {"Authorization": [header]}}, Context())
    assert answer["context"] == {"username": "ada", "role": "admin"}


def test_a_viewer_reads_and_makes_urls(cloud: Aws) -> None:
    answer = authorizer.handler(
        {"methodArn": ARN, "multiValueHeaders": {"Authorization": [f"Bearer {token()}"]}}, Context()
    )
    stage = "arn:aws:execute-api:us-east-1:123456789012:abc/prod"
    resources = answer["policyDocument"]["Statement"][0]["Resource"]
    assert resources == [f"{stage}/GET/*", f"{stage}/POST/buckets/*/object-url"]


FORGED = base64.urlsafe_b64encode(b'{"alg":"none","kid":"1"}').rstrip(b"=").decode()
BAD_TOKENS: dict[str, Callable[[], str]] = {
    "expired": lambda: token(exp=int(time.time()) - 1),
    "not yet": lambda: token(nbf=int(time.time()) + 60),
    "another key": lambda: token(key="x" * 64),
    "another algorithm": lambda: token(algorithm="HS512"),
    "alg none": lambda: f"{FORGED}.{token().split('.')[1]}.",
    "unknown kid": lambda: token(kid="9"),
    "no kid": lambda: token(kid=None),
    "wrong audience": lambda: token(aud="other"),
    "wrong issuer": lambda: token(iss="other"),
    "no subject": lambda: token(sub=None),
    "empty subject": lambda: token(sub=""),
    "not before a text": lambda: token(nbf="1"),
    "not before true": lambda: token(nbf=True),
    "not before a list": lambda: token(nbf=[1]),
    "no end of time": lambda: token(exp=float("inf")),
    "no expiry": lambda: token(exp=None),
    "no role": lambda: token(role=None),
    "another role": lambda: token(role="root"),
    "role of another type": lambda: token(role=["admin"]),
    "no token": lambda: "abc",
    "padded": lambda: token() + "=",
    "characters of no alphabet": lambda: token() + "!!!",
    "spare bits": lambda: token()[:-1] + chr(ord(token()[-1]) + 1),
    "not ASCII": lambda: "ä.ö.ü",
    "deep header": lambda: base64.urlsafe_b64encode(b"[" * 9_000).decode() + ".e30.e30",
}


@pytest.mark.parametrize("name", BAD_TOKENS)
def test_bad_tokens(cloud: Aws, name: str) -> None:
    header = f"Bearer {BAD_TOKENS[name]()}"
    with pytest.raises(Exception, match=r"^Unauthorized$"):
        authorizer.handler({"methodArn": ARN, "multiValueHeaders": {"Authorization": [header]}}, Context())


def test_keys_rotate(cloud: Aws, monkeypatch: pytest.MonkeyPatch) -> None:
    old = token()
    assert tokens.check(old)
    rotated = {"kid": "2", "key": "n" * 64, "previous": {"kid": "1", "key": KEY}}
    cloud.answers["GetSecretValue"] = {"SecretString": json.dumps(rotated)}
    new = token(kid="2", key="n" * 64)
    assert tokens.check(new) is None, "read a moment ago"
    now = time.monotonic()
    monkeypatch.setattr(time, "monotonic", lambda: now + 6)
    assert tokens.check(new)
    assert tokens.check(old), "the previous key is still good"


def test_forged_key_ids_do_not_flood_secrets_manager(cloud: Aws) -> None:
    for number in range(50):
        assert tokens.check(token(kid=f"forged-{number}")) is None
    assert [name for name, _ in cloud.calls] == ["GetSecretValue"]


def test_an_unreadable_secret_is_not_quoted(
    cloud: Aws, send: Callable[..., Any], caplog: pytest.LogCaptureFixture
) -> None:
    cloud.answers["GetSecretValue"] = {"SecretString": '{"kid": "1", "secret": "hush"}'}
    status, body, _ = send(sessions.handler, "POST", "/sessions", body={"username": "ada", "password": PASSWORD})
    assert (status, body["detail"]) == (502, "Secrets Manager answered something unexpected (Garbled)")
    assert "hush" not in caplog.text
    assert PASSWORD not in caplog.text

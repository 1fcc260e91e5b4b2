"""The Authorization header: what is let in, and everything that is not."""

from __future__ import annotations

import base64
import time

from tests.contract.case import Case, Credentials, admin, nobody, viewer
from tests.contract.signer import ADA, ADAS_PASSWORD, DISABLED, basic, basic_of


def _in(name: str, credentials: Credentials) -> Case:
    return Case(f"let in: {name}", "listBuckets", "/buckets", 200, credentials=credentials)


def _out(name: str, credentials: Credentials) -> Case:
    return Case(f"kept out: {name}", "listBuckets", "/buckets", 401, "sign in first", credentials=credentials)


def _now() -> int:
    return int(time.time())


CASES = [
    _in("admin's token", admin),
    _in("viewer's token", viewer),
    _in("scheme in capitals", lambda signer: signer.bearer("admin").replace("Bearer", "BEARER")),
    _in("more spaces than one", lambda signer: signer.bearer("admin").replace(" ", "   ")),
    _in("admin's password", lambda signer: signer.basic("admin")),
    _in("viewer's password", lambda signer: signer.basic("viewer")),
    _in("password with colons and unicode", lambda _: basic(ADA, ADAS_PASSWORD)),
    _in("scheme in small letters", lambda _: basic(ADA, ADAS_PASSWORD).replace("Basic", "basic")),
    _out("no header", nobody),
    _out("scheme alone", lambda _: "Bearer"),
    _out("no space", lambda signer: signer.bearer("admin").replace(" ", "")),
    _out("token alone", lambda signer: signer.bearer("admin").removeprefix("Bearer ")),
    _out("another scheme", lambda signer: signer.bearer("admin").replace("Bearer", "Digest")),
    _out("no token", lambda _: "Bearer abc"),
    _out("three parts of nothing", lambda _: "Bearer a.b.c"),
    _out("JSON nested deep", lambda _: f"Bearer {base64.urlsafe_b64encode(b'[' * 1200).decode()}.e30.e30"),
    _out("expired", lambda signer: signer.token(exp=_now() - 1)),
    _out("not valid yet", lambda signer: signer.token(nbf=_now() + 600)),
    _out("forged", lambda signer: signer.token(key="not the key, but long enough to be one")),
    _out("claims changed", lambda signer: signer.changed()),
    _out("alg none", lambda signer: signer.unsigned("none")),
    _out("alg None", lambda signer: signer.unsigned("None")),
    _out("no signature", lambda signer: signer.unsigned("HS256")),
    _out("another algorithm", lambda signer: signer.token(algorithm="HS512")),
    _out("wrong kid", lambda signer: signer.token(kid="no-such-key")),
    _out("no kid", lambda signer: signer.token(kid=None)),
    _out("wrong audience", lambda signer: signer.token(aud="another-api")),
    _out("no audience", lambda signer: signer.token(aud=None)),
    _out("wrong issuer", lambda signer: signer.token(iss="someone-else")),
    _out("no issuer", lambda signer: signer.token(iss=None)),
    _out("no expiry", lambda signer: signer.token(exp=None)),
    _out("no subject", lambda signer: signer.token(sub=None)),
    _out("no role", lambda signer: signer.token(role=None)),
    _out("unknown role", lambda signer: signer.token(role="root")),
    _out("role of another type", lambda signer: signer.token(role=["admin"])),
    _out("wrong password", lambda _: basic(ADA, "not the password")),
    _out("password cut at its colon", lambda _: basic(ADA, ADAS_PASSWORD.partition(":")[0])),
    _out("unknown user", lambda _: basic("nobody-of-that-name", ADAS_PASSWORD)),
    _out("disabled user", lambda _: basic(DISABLED, ADAS_PASSWORD)),
    _out("bad base64", lambda _: "Basic !!!not-base64!!!"),
    _out("base64 without padding", lambda _: "Basic YWRhOng"),
    _out("base64 of another alphabet", lambda _: "Basic _-__"),
    _out("no colon", lambda _: basic_of(b"no colon here")),
    _out("no user", lambda _: basic_of(b":password")),
    _out("no password", lambda _: basic_of(b"admin:")),
    _out("not UTF-8", lambda _: basic_of(b"admin:\xff\xfe\xfd")),
    _out("long user name", lambda _: basic("x" * 65, "password")),
    _out("long password", lambda _: basic("admin", "x" * 1025)),
    Case("no such route", "listBuckets", "/no-such-route", 404, "no such route"),
    Case("no such route, signed out", "listBuckets", "/buckets/a/b/c/d", 404, "no such route", credentials=nobody),
    Case("no such method", "listBuckets", "/buckets", 404, "no such route", method="PATCH"),
]

"""POST /sessions."""

from __future__ import annotations

import json
from typing import Any

from tests.contract.case import Case, nobody
from tests.contract.signer import ADA, ADAS_PASSWORD, DISABLED

_NOT_JSON = "body is not valid JSON"


def _post(name: str, status: int, detail: str | None = None, **options: Any) -> Case:
    return Case(f"session: {name}", "signIn", "/sessions", status, detail, "POST", nobody, **options)


def _with(username: object = ADA, password: object = ADAS_PASSWORD, **more: object) -> dict[str, object]:
    return {"username": username, "password": password, **more}


CASES = [
    _post("colons and unicode", 201, json=_with(), body={"role": "admin"}),
    _post(
        "field given twice: the last counts",
        201,
        content=(
            b'{"username": "nobody", "password": '
            + json.dumps(ADAS_PASSWORD).encode()
            + b', "username": "contract-ada"}'
        ),
    ),
    _post("wrong password", 401, "wrong username or password", json=_with(password="wrong")),
    _post("unknown user", 401, "wrong username or password", json=_with(username="nobody-of-that-name")),
    _post("disabled user", 401, "wrong username or password", json=_with(username=DISABLED)),
    _post("user name in other case", 401, "wrong username or password", json=_with(username=ADA.upper())),
    _post("no body", 400, _NOT_JSON),
    _post("no JSON", 400, _NOT_JSON, content=b"username=ada"),
    _post("half a JSON", 400, _NOT_JSON, content=b'{"username": "ada"'),
    _post("two JSONs", 400, _NOT_JSON, content=b"{} {}"),
    _post("NaN", 400, _NOT_JSON, content=b'{"username": NaN, "password": "x"}'),
    _post("lone surrogate", 400, _NOT_JSON, content=rb'{"username": "\ud800", "password": "x"}'),
    _post("byte order mark", 400, _NOT_JSON, content=b'\xef\xbb\xbf{"username": "a", "password": "x"}'),
    _post("control character", 400, _NOT_JSON, content=b'{"username": "a\nb", "password": "x"}'),
    _post("nested deep", 400, _NOT_JSON, content=b"[" * 20_000),
    _post("an array", 400, "body must be a JSON object", content=b"[1]"),
    _post("null", 400, "body must be a JSON object", content=b"null"),
    _post("a string", 400, "body must be a JSON object", content=b'"x"'),
    _post("empty object", 400, "'username' is required", json={}),
    _post("no password", 400, "'password' is required", json={"username": ADA}),
    _post("user name null", 400, "'username' must be a string", json=_with(username=None)),
    _post("user name a number", 400, "'username' must be a string", json=_with(username=1)),
    _post("password an object", 400, "'password' must be a string", json=_with(password={"a": 1})),
    _post("empty user name", 400, "'username' must be 1 to 64 characters", json=_with(username="")),
    _post("long user name", 400, "'username' must be 1 to 64 characters", json=_with(username="ä" * 65)),
    _post("longest user name", 401, "wrong username or password", json=_with(username="💾" * 64)),
    _post("empty password", 400, "'password' must be 1 to 1024 characters", json=_with(password="")),
    _post("long password", 400, "'password' must be 1 to 1024 characters", json=_with(password="x" * 1025)),
    _post("unknown field", 400, "unknown field 'Otp'", json=_with(otp=1, Otp=1)),
    _post("unknown field before missing", 400, "unknown field 'x'", json={"x": 1}),
    _post("too large", 413, "body must be at most 65536 bytes", content=b'{"username": "' + b"x" * 65_536 + b'"}'),
    _post("query parameter", 400, "unknown query parameter 'next'", json=_with(), query=[("next", "/")]),
]

from __future__ import annotations

import base64

import pytest

from s3_admin_lab.auth.credentials import Basic, Bearer, authorization, parse


def basic(content: bytes, scheme: str = "Basic") -> str:
    return f"{scheme} {base64.b64encode(content).decode()}"


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("Bearer abc", Bearer("abc")),
        ("bEARER   abc  ", Bearer("abc")),
        ("Bearer\t \tabc", Bearer("abc")),
        (basic(b"ada:secret"), Basic("ada", "secret")),
        (basic(b"ada:se:cr:et", "BASIC"), Basic("ada", "se:cr:et")),
        (basic("ada:pässwörd💾".encode()), Basic("ada", "pässwörd💾")),
    ],
)
def test_readable(header: str, expected: object) -> None:
    assert parse(header) == expected


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        " ",
        "Bearer",
        "Bearer ",
        "Basic",
        "Basic" + base64.b64encode(b"ada:secret").decode(),
        "Basic ä",
        "Basic !!!!",
        "Basic YWRhOnNlY3JldA",  # no padding
        "Basic YWRhOnNlY3JldB==",  # spare bits that are not 0
        "Basic YWRhOnNl=",  # padding where none belongs
        "Digest abc",
        basic(b"no colon"),
        basic(b":no user"),
        basic(b"ada:"),
        basic(b"ada:\xff\xfe"),
        basic(b"a" * 65 + b":secret"),
        basic(b"ada:" + b"x" * 1025),
    ],
)
def test_unreadable(header: str | None) -> None:
    assert parse(header) is None


def test_there_must_be_one_header() -> None:
    assert authorization({"authorization": ["a b"]}) == "a b"
    assert authorization({"Authorization": ["a b"], "Accept": ["c"]}) == "a b"
    assert authorization({"Authorization": ["a b", "c d"]}) is None
    assert authorization({"Authorization": ["a b"], "authorization": ["c d"]}) is None
    assert authorization({}) is None

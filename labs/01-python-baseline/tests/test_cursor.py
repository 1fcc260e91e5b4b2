from __future__ import annotations

import base64
import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3_admin_lab import cursor
from s3_admin_lab.problem import Problem

TEXT = st.text(st.characters(exclude_categories=["Cs"]))


@given(TEXT, TEXT)
def test_what_was_encoded_is_decoded(after: str, prefix: str) -> None:
    assert cursor.decode(cursor.encode({"after": after, "prefix": prefix}), "after", prefix=prefix) == after


@given(TEXT, TEXT, TEXT)
def test_of_another_prefix(after: str, prefix: str, other: str) -> None:
    if prefix != other:
        with pytest.raises(Problem, match="'cursor' is not valid"):
            cursor.decode(cursor.encode({"after": after, "prefix": prefix}), "after", prefix=other)


@given(st.text())
def test_made_up(text: str) -> None:
    with pytest.raises(Problem, match="'cursor' is not valid"):
        cursor.decode(text, "after", prefix="")


@given(st.data())
def test_damaged(data: st.DataObject) -> None:
    text = cursor.encode({"after": "logs/2025/a", "prefix": "logs/"})
    at = data.draw(st.integers(0, len(text) - 1))
    damaged = text[:at] + data.draw(st.sampled_from("AZaz09-_!= ä")) + text[at + 1 :]
    if damaged != text:
        with pytest.raises(Problem, match="'cursor' is not valid"):
            cursor.decode(damaged, "after", prefix="logs/")


@pytest.mark.parametrize(
    "body",
    [{"after": "a"}, {"after": None, "prefix": ""}, {"prefix": ""}, {"token": "a", "prefix": ""}],
)
def test_of_other_fields(body: dict[str, str | None]) -> None:
    with pytest.raises(Problem, match="'cursor' is not valid"):
        cursor.decode(cursor.encode(body), "after", prefix="")


def with_checksum(body: bytes) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:8] + body).decode().rstrip("=")


@pytest.mark.parametrize(
    "body",
    [
        b"[" * 100_000,
        rb'{"after":"\ud800","prefix":""}',
        rb'{"after":"\u0061","prefix":""}',
        b'{"after": "a", "prefix": ""}',
        b'{"prefix":"","after":"a"}',
        b'{"after":"a","prefix":"","prefix":""}',
        b'{"after":"a","prefix":"","x":1}',
        b"",
    ],
)
def test_made_up_by_one_who_knows_the_checksum(body: bytes) -> None:
    with pytest.raises(Problem, match="'cursor' is not valid"):
        cursor.decode(with_checksum(body), "after", prefix="")


def test_the_format_is_the_contracts() -> None:
    body = '{"after":"ä","prefix":""}'.encode()
    expected = base64.urlsafe_b64encode(hashlib.sha256(body).digest()[:8] + body).decode().rstrip("=")
    assert cursor.encode({"after": "ä", "prefix": ""}) == expected

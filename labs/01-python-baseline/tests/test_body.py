from __future__ import annotations

import base64
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s3_admin_lab.body import MAX_BYTES, check_fields, json_object, required_string
from s3_admin_lab.problem import Problem


@pytest.mark.parametrize(
    ("body", "status", "detail"),
    [
        (None, 400, "body is not valid JSON"),
        ("", 400, "body is not valid JSON"),
        ("{", 400, "body is not valid JSON"),
        ("\ufeff{}", 400, "body is not valid JSON"),
        ('{"a": NaN}', 400, "body is not valid JSON"),
        ('{"a": -Infinity}', 400, "body is not valid JSON"),
        (r'{"a": "\ud800"}', 400, "body is not valid JSON"),
        ("[" * 30_000, 400, "body is not valid JSON"),
        ("9" * 5_000, 400, "body is not valid JSON"),
        ('{"a": ' + "9" * 400 + "}", 400, "body is not valid JSON"),
        ('{"a": -1e400}', 400, "body is not valid JSON"),
        ('{"a": ' + "[" * 127 + "]" * 127 + "}", 400, "body is not valid JSON"),
        (r'{"a": ["\ud800"], "a": 1}', 400, "body is not valid JSON"),
        ("[]", 400, "body must be a JSON object"),
        ("null", 400, "body must be a JSON object"),
        ('{"a": "' + "ä" * (MAX_BYTES // 2) + '"}', 413, "body must be at most 65536 bytes"),
    ],
)
def test_refused(body: str | None, status: int, detail: str) -> None:
    with pytest.raises(Problem) as raised:
        json_object(body, is_base64=False)
    assert (raised.value.status, raised.value.detail) == (status, detail)


def test_base64_bodies() -> None:
    assert json_object(base64.b64encode('{"ä": 1}'.encode()).decode(), is_base64=True) == {"ä": 1}
    for text in ("!", base64.b64encode(b"\xff").decode()):
        with pytest.raises(Problem, match="not valid JSON"):
            json_object(text, is_base64=True)


def test_what_every_lab_still_reads() -> None:
    assert json_object('{"a": ' + "[" * 126 + "]" * 126 + "}", is_base64=False)
    assert json_object('{"a": 1e308, "b": 1e-999, "c": -0}', is_base64=False) == {"a": 1e308, "b": 0, "c": 0}


def test_the_last_of_equal_names_counts() -> None:
    assert json_object('{"a": 1, "a": 2}', is_base64=False) == {"a": 2}


@given(st.text())
def test_any_text_is_an_object_or_a_problem(text: str) -> None:
    with suppress(Problem):
        assert isinstance(json_object(text, is_base64=False), dict)


def test_fields() -> None:
    with pytest.raises(Problem, match="unknown field 'B'"):
        check_fields({"a": 1, "c": 1, "B": 1}, "a")
    with pytest.raises(Problem, match="'a' is required"):
        required_string({}, "a")
    with pytest.raises(Problem, match="'a' must be a string"):
        required_string({"a": None}, "a")
    with pytest.raises(Problem, match="'a' must be 1 to 3 characters"):
        required_string({"a": "äöüß"}, "a", 3)
    assert required_string({"a": "äöü"}, "a", 3) == "äöü"

from __future__ import annotations

import pytest

from s3_admin_lab.problem import Problem
from s3_admin_lab.query import Query


def detail_of(read: object) -> str:
    with pytest.raises(Problem) as raised:
        read()  # type: ignore[operator]
    assert raised.value.status == 400
    return raised.value.detail


def test_unknown_names_come_before_repeated_ones_and_in_order() -> None:
    query = Query({"prefix": ["a", "b"], "zz": ["1"], "Aa": ["1"]})
    assert detail_of(lambda: query.allow("prefix")) == "unknown query parameter 'Aa'"
    assert detail_of(lambda: query.allow("prefix", "zz", "Aa")) == "query parameter 'prefix' is given more than once"


@pytest.mark.parametrize("text", ["", "0", "1001", "-1", "+5", " 5", "5.0", "1e2", "٣", "9" * 10, "0x10", "5_0"])
def test_what_is_no_number_in_range(text: str) -> None:
    query = Query({"limit": [text]})
    assert detail_of(lambda: query.whole_number("limit", 100, 1, 1000)) == (
        "'limit' must be a whole number from 1 to 1000"
    )


@pytest.mark.parametrize(("text", "number"), [("1", 1), ("1000", 1000), ("007", 7)])
def test_numbers(text: str, number: int) -> None:
    assert Query({"limit": [text]}).whole_number("limit", 100, 1, 1000) == number


def test_defaults() -> None:
    query = Query({})
    assert query.whole_number("limit", 100, 1, 1000) == 100
    assert query.prefix() == ""
    assert query.delimiter() is None


def test_keys_are_measured_in_bytes() -> None:
    assert Query({"prefix": ["ä" * 512]}).prefix() == "ä" * 512
    assert detail_of(Query({"prefix": ["ä" * 513]}).prefix) == "'prefix' must be at most 1024 bytes"
    assert detail_of(Query({"key": ["a\0"]}).key) == "'key' must not hold U+0000"
    assert detail_of(Query({"key": [""]}).key) == "'key' is required"


def test_delimiters_are_measured_in_characters() -> None:
    assert Query({"delimiter": ["💾" * 16]}).delimiter() == "💾" * 16
    for text in ("", "x" * 17):
        assert detail_of(Query({"delimiter": [text]}).delimiter) == "'delimiter' must be 1 to 16 characters"

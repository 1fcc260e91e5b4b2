"""Whatever is sent: a value of the right type or a problem of its own, never another exception."""

from __future__ import annotations

import base64
import json
import re
from contextlib import suppress
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from s3_admin_lab.auth import policy
from s3_admin_lab.auth.credentials import Basic, Bearer, authorization, parse
from s3_admin_lab.auth.tokens import Caller
from s3_admin_lab.body import json_object
from s3_admin_lab.new_bucket import NewBucket
from s3_admin_lab.new_bucket import parse as parse_new_bucket
from s3_admin_lab.problem import Problem
from s3_admin_lab.query import Query
from s3_work.tls_policy import enforces_tls

TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
    max_leaves=5,
)
ARN = "arn:aws:execute-api:us-east-1:000000000000:abc123/prod/GET/buckets"


@given(TEXT)
def test_a_whole_number_is_one_to_nine_ascii_digits(text: str) -> None:
    query = Query({"limit": [text]})
    if re.fullmatch("[0-9]{1,9}", text, re.ASCII) and 1 <= int(text) <= 1000:
        assert query.whole_number("limit", 100, 1, 1000) == int(text)
    else:
        with pytest.raises(Problem):
            query.whole_number("limit", 100, 1, 1000)


@given(st.text("aä💾\0", max_size=1100))
def test_a_key_is_1_to_1024_bytes_without_nul(text: str) -> None:
    query = Query({"key": [text]})
    if text and len(text.encode()) <= 1024 and "\0" not in text:
        assert query.key() == text
    else:
        with pytest.raises(Problem):
            query.key()


@given(st.dictionaries(TEXT, st.lists(TEXT, min_size=1, max_size=3)), st.sets(TEXT))
def test_names_are_known_and_given_once(values: dict[str, list[str]], known: set[str]) -> None:
    def good() -> bool:
        return set(values) <= known and all(len(each) == 1 for each in values.values())

    try:
        Query(values).allow(*known)
    except Problem:
        assert not good()
    else:
        assert good()


@given(st.dictionaries(TEXT, JSON))
def test_every_object_is_read_as_it_was_written(value: dict[str, Any]) -> None:
    assert json_object(json.dumps(value), is_base64=False) == value
    assert json_object(base64.b64encode(json.dumps(value).encode()).decode(), is_base64=True) == value


@given(TEXT)
def test_a_base64_body_of_any_text(text: str) -> None:
    with pytest.raises(Problem, match=r"not valid JSON|must be a JSON object"):
        json_object(text, is_base64=True)


@given(
    st.fixed_dictionaries(
        {"name": JSON | st.from_regex(r"[a-z0-9.-]{3,20}", fullmatch=True)},
        optional={
            "region": JSON | st.sampled_from(["eu-west-1", "us-gov-east-1", "eu-west-1\n", "é-é-1"]),
            "versioning": JSON,
            "tags": JSON | st.dictionaries(TEXT, TEXT),
        },
    )
)
def test_a_new_bucket_or_a_problem(body: dict[str, Any]) -> None:
    with suppress(Problem):
        new = parse_new_bucket(body)
        assert isinstance(new, NewBucket)
        assert new.name == body["name"]


@given(st.text() | st.tuples(st.sampled_from(["Bearer", "basic", "BASIC\t"]), TEXT).map(" ".join))
@example("Basic\t YWRhOnNlY3JldA==")
def test_a_header_is_credentials_or_none(header: str) -> None:
    given = parse(header)
    assert given is None or isinstance(given, Bearer | Basic)


@given(st.text(max_size=70), TEXT.filter(bool))
def test_basic_credentials_come_back(username: str, password: str) -> None:
    try:
        content = f"{username}:{password}".encode()
    except UnicodeEncodeError:  # a lone surrogate is no text
        return
    found = parse(f"Basic {base64.b64encode(content).decode()}")
    if 1 <= len(username) <= 64 and ":" not in username and len(password) <= 1024:
        assert found == Basic(username, password)


@given(st.dictionaries(TEXT, st.lists(TEXT)))
def test_headers_of_any_kind_are_one_or_none(headers: dict[str, list[str]]) -> None:
    found = authorization(headers)
    assert found is None or [found] in headers.values()


@given(TEXT.filter(bool), st.sampled_from(["viewer", "admin"]))
def test_a_policy_is_for_the_callers_stage(username: str, role: str) -> None:
    answer = policy.allow(Caller(username, role), ARN)
    (statement,) = answer["policyDocument"]["Statement"]
    stage = ARN.rsplit("/", 2)[0]
    assert all(resource.startswith(f"{stage}/") for resource in statement["Resource"])
    assert (answer["principalId"], answer["context"]) == (username, {"username": username, "role": role})


@given(TEXT | JSON.map(json.dumps) | st.dictionaries(st.just("Statement"), JSON).map(json.dumps))
@example("[" * 100_000)
@example('{"Statement":' * 100_000)
@example("9" * 5_000)
@example(
    '{"Statement": {"Effect": "Deny", "Principal": {"AWS": {"a": 1}}, "Action": [["*"]], "Condition": {"Bool": 1}}}'
)
def test_any_bucket_policy_enforces_tls_or_does_not(text: str) -> None:
    assert enforces_tls(text) in (True, False)

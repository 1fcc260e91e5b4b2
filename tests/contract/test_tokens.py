"""Tokens signed with the right key, whatever they claim: every lab's authorizer judges them alike, and never fails."""

from __future__ import annotations

import json
import time
from typing import Any

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.contract.answers import Answers
from tests.contract.generated import generating
from tests.contract.signer import Signer
from workshop.measure import authorizer_event

pytestmark = pytest.mark.cloud

_CASES = 150
_LEFT_OUT = object()

_NOW = int(time.time())
_JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(allow_nan=False), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(st.text(max_size=3), inner, max_size=2)),
    max_leaves=4,
)
# Far enough from now that no lab's clock matters.
_TIMES = st.sampled_from(
    [-1, 0, _NOW - 999, _NOW + 9_999, float(_NOW + 9_999), _NOW + 9_999.9, str(_NOW + 9_999), 2**64]
)


def _claim(*good: object) -> st.SearchStrategy[object]:
    return st.one_of(st.sampled_from(good), st.sampled_from(good), _JSON, st.just(_LEFT_OUT))


_CLAIMS = st.fixed_dictionaries(
    {
        "iss": _claim("s3-admin", ["s3-admin"]),
        "aud": _claim("s3-admin-api", ["s3-admin-api"], ["x", "s3-admin-api"], []),
        "sub": _claim("viewer", "", "ä💾"),
        "role": _claim("viewer", "admin", "Admin"),
        "exp": st.one_of(_TIMES, st.just(_NOW + 9_999), _claim(_NOW + 9_999)),
        "nbf": st.one_of(_TIMES, st.just(_LEFT_OUT), _claim(_NOW - 999)),
        "iat": _claim(_NOW, _NOW + 9_999, -1),
    }
)
# Most tokens have one odd claim: with two, both labs refuse whatever they make of either.
_GOOD = {"iss": "s3-admin", "aud": "s3-admin-api", "sub": "viewer", "role": "viewer", "exp": _NOW + 9_999}
_ONE_ODD = st.builds(
    lambda name, odd: _GOOD | {name: odd[name]},
    st.sampled_from(["iss", "aud", "sub", "role", "exp", "nbf", "iat"]),
    _CLAIMS,
)


def judged(answers: Answers, token: str) -> Any:
    """The policy, `refused`, or the error that no token may cause."""
    event = authorizer_event("GET /buckets", f"Bearer {token}")
    invocation = answers.lab.function("authorizer").invoke(event.payload)
    if invocation.error is None:
        return invocation.answer
    return "refused" if "Unauthorized" in invocation.error else invocation.error


def signed(signer: Signer, claims: dict[str, Any]) -> str:
    """PyJWT refuses to write some claims, so the parts are signed as they are."""
    keys = signer.keys()
    payload = json.dumps({name: value for name, value in claims.items() if value is not _LEFT_OUT}).encode()
    return jwt.api_jws.encode(payload, keys["key"], algorithm="HS256", headers={"kid": keys["kid"], "typ": "JWT"})


@generating(_CASES)
@given(st.one_of(_ONE_ODD, _ONE_ODD, _CLAIMS))
def _agree(every_lab: dict[str, Answers], claims: dict[str, Any]) -> None:
    found = {name: judged(answers, signed(answers.signer, claims)) for name, answers in every_lab.items()}
    first, *others = found.values()
    assert all(other == first for other in others), (claims, found)
    assert first == "refused" or "policyDocument" in first, (claims, first)


def test_every_lab_judges_a_token_alike(every_lab: dict[str, Answers]) -> None:
    _agree(every_lab)

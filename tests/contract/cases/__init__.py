"""The table. Each module holds the cases of one part of the API."""

from __future__ import annotations

from tests.contract.case import Case
from tests.contract.cases import analytics, buckets, lifecycle, new_buckets, objects, sessions, signing_in, tags, usage

ALL: list[Case] = [
    *signing_in.CASES,
    *sessions.CASES,
    *buckets.CASES,
    *usage.CASES,
    *objects.CASES,
    *new_buckets.CASES,
    *lifecycle.CASES,
    *tags.CASES,
    *analytics.CASES,
]

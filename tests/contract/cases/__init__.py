"""The table. Each module holds the cases of one part of the API."""

from __future__ import annotations

from tests.contract.case import Case
from tests.contract.cases import buckets, new_buckets, objects, sessions, signing_in, usage

ALL: list[Case] = [*signing_in.CASES, *sessions.CASES, *buckets.CASES, *usage.CASES, *objects.CASES, *new_buckets.CASES]

"""The same requests to all labs: the same answers, after JSON parsing."""

from __future__ import annotations

import pytest

from tests.contract.answers import Answers, comparable
from tests.contract.case import Case
from tests.contract.cases import ALL
from tests.contract.conftest import LABS

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.skipif(len(LABS) < 2, reason="one lab alone agrees with itself: CONTRACT_LABS names more"),
]


@pytest.mark.parametrize("case", [case for case in ALL if case.agrees], ids=lambda case: case.id)
def test_labs_agree(every_lab: dict[str, Answers], case: Case) -> None:
    serving = [lab for lab in every_lab.values() if lab.serves(case.operation)]
    if len(serving) < 2:
        pytest.skip("in one lab only, or left out of the others")
    first, *others = [comparable(lab.of(case)) for lab in serving]
    for other in others:
        assert other == first

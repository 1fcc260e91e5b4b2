"""The same functions, made with AWS's own clients, under AWS's emulator and under our execution environment."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance import both
from tests.conformance.case import Case
from tests.conformance.cases_compiled import JAVA_CASES, RUST_CASES
from tests.conformance.cases_python import CASES

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("case", [*CASES, *RUST_CASES, *JAVA_CASES], ids=lambda case: case.name)
def test_what_the_emulator_gets_right_is_answered_alike(case: Case, tmp_path: Path) -> None:
    reference, run = both.run(case.function, case.requests, tmp_path)
    faults = dict(case.faults)
    assert len(run.answers) == len(reference.answers) == len(case.requests)
    for place, (theirs, answer) in enumerate(zip(reference.answers, run.answers, strict=True)):
        if fault := faults.get(place):
            assert json.loads(both.plain(answer)) == fault.documented, fault.reason
            # An emulator that has been mended moves the case to the others.
            assert both.comparable(theirs) != both.comparable(answer), f"no fault any more: {fault.reason}"
        else:
            assert both.comparable(answer) == both.comparable(theirs), f"request {place}"

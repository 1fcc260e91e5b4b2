"""The same functions, made with AWS's own Python client, under AWS's emulator and under our execution environment."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.conformance import ours, rie
from tests.conformance.cases import CASES, Case
from tests.conformance.function import Run

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(bool(rie.missing()), reason=str(rie.missing())),
]
_ID = re.compile(rb"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def both(case: Case, directory: Path) -> tuple[Run, Run]:
    sides = directory / "rie", directory / "ours"
    for side in sides:
        side.mkdir()
    return (
        rie.run(case.function, case.requests, sides[0]),
        ours.run(case.function, case.requests, sides[1]),
    )


def plain(answer: bytes) -> bytes:
    """An answer without what differs between any two invocations."""
    return _ID.sub(b"<id>", answer)


def comparable(answer: bytes) -> Any:
    """What the client wrote is compared by its bytes; what the environment wrote itself, whatever its order of keys."""
    if b'"Runtime.ExitError"' in answer:
        return json.loads(plain(answer))
    return plain(answer)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_what_the_emulator_gets_right_is_answered_alike(case: Case, tmp_path: Path) -> None:
    reference, run = both(case, tmp_path)
    faults = dict(case.faults)
    assert len(run.answers) == len(reference.answers) == len(case.requests)
    for place, (theirs, answer) in enumerate(zip(reference.answers, run.answers, strict=True)):
        if fault := faults.get(place):
            assert json.loads(plain(answer)) == fault.documented, fault.reason
            # An emulator that has been mended moves the case to the others.
            assert comparable(theirs) != comparable(answer), f"no fault any more: {fault.reason}"
        else:
            assert comparable(answer) == comparable(theirs), f"request {place}"

"""Whether there is such a user cannot be told by the time that the answer takes."""

from __future__ import annotations

from collections.abc import Iterator
from statistics import median

import pytest

from tests.contract.answers import Answers
from tests.contract.signer import ADA, ADAS_PASSWORD, DISABLED
from workshop.measure import rest_event
from workshop.measure.function import LambdaFunction

pytestmark = [pytest.mark.cloud, pytest.mark.timeout(180)]

CALLS = 30
WHOLE_VCPU_MB = 1769
# Kind of caller → username and password.
REFUSED = {
    "wrong password": (ADA, "not the password of anybody"),
    "unknown user": ("nobody-of-that-name", ADAS_PASSWORD),
    "disabled user": (DISABLED, ADAS_PASSWORD),
}


@pytest.fixture
def sessions(answers: Answers) -> Iterator[LambdaFunction]:
    """The function with a whole vCPU, so that it takes less long."""
    function = answers.lab.function("sessions")
    before = function.configuration().memory_mb
    function.configure(memory_mb=WHOLE_VCPU_MB)
    yield function
    function.configure(memory_mb=before)


def test_every_refusal_takes_as_long(sessions: LambdaFunction) -> None:
    """By CPU time, which other work on the machine does not lengthen; durations where that cannot be had."""
    taken: dict[str, list[float]] = {kind: [] for kind in REFUSED}
    for _ in range(CALLS):
        for kind, (username, password) in REFUSED.items():
            event = rest_event("POST /sessions", body={"username": username, "password": password})
            made = sessions.invoke(event.payload)
            assert made.answer["statusCode"] == 401
            assert made.report is not None
            if made.report.init_ms is None:
                taken[kind].append(made.report.cpu_ms or made.report.duration_ms)
    middle = {kind: median(times) for kind, times in taken.items()}
    for kind, time in middle.items():
        assert 0.8 <= time / middle["wrong password"] <= 1.25, (kind, middle)

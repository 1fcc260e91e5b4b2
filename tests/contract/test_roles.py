"""Who may call what: every operation, by role, whatever comes of the call itself."""

from __future__ import annotations

import pytest

from tests.contract.answers import Answers
from tests.contract.case import Case, Credentials, admin, nobody, viewer
from tests.contract.openapi import Operation, operations
from tests.contract.world import MISSING

pytestmark = pytest.mark.cloud

SIGNED_IN = [operation for operation in operations().values() if operation.signed_in]


def call(answers: Answers, operation: Operation, credentials: Credentials) -> tuple[int, str | None]:
    answers.skip_unless_served(operation.id)
    # Refused by every function for its parameter, so that nothing is changed where the caller gets through.
    path = operation.path.replace("{bucket}", MISSING)
    case = Case("", operation.id, path, 0, method=operation.method, credentials=credentials, query=[("role-test", "1")])
    answer = answers.send(case)
    return answer.status_code, answer.json()["detail"]


@pytest.mark.parametrize("operation", SIGNED_IN, ids=lambda operation: operation.id)
def test_nobody(answers: Answers, operation: Operation) -> None:
    assert call(answers, operation, nobody) == (401, "sign in first")


@pytest.mark.parametrize("operation", SIGNED_IN, ids=lambda operation: operation.id)
def test_viewer(answers: Answers, operation: Operation) -> None:
    refused = (403, "your role does not allow this")
    reached = (400, "unknown query parameter 'role-test'")
    assert call(answers, operation, viewer) == (refused if operation.for_admins else reached)


@pytest.mark.parametrize("operation", SIGNED_IN, ids=lambda operation: operation.id)
def test_admin(answers: Answers, operation: Operation) -> None:
    assert call(answers, operation, admin) == (400, "unknown query parameter 'role-test'")

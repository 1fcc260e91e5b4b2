"""Every case against every lab."""

from __future__ import annotations

import pytest

from tests.contract import openapi
from tests.contract.answers import Answers
from tests.contract.case import Case
from tests.contract.cases import ALL

pytestmark = pytest.mark.cloud


def test_the_ids_of_cases_differ() -> None:
    assert len({case.id for case in ALL}) == len(ALL)


def test_the_lab_serves_every_operation_and_no_other(answers: Answers) -> None:
    served = [operation for operation in openapi.operations().values() if answers.serves(operation.id)]
    assert answers.routes() == {(operation.method, operation.path) for operation in served}


@pytest.mark.parametrize("case", ALL, ids=lambda case: case.id)
def test_the_answer_is_the_contracts(answers: Answers, case: Case) -> None:
    answers.skip_unless_served(case.operation)
    answer = answers.of(case)
    assert answer.status_code == case.status, answer.text
    if case.detail is not None:
        assert answer.json()["detail"] == case.detail
        assert answer.json()["status"] == case.status
        assert answer.json()["request_id"]
    if case.body is not None:
        body = answer.json()
        assert {name: body.get(name) for name in case.body} == case.body
    if case.detail != "no such route":  # no operation describes it
        openapi.check(case.operation, answer)

"""At LogLevel DEBUG too, no function logs what it was sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.contract.answers import Answers
from tests.contract.case import Case, nobody
from tests.contract.logs import logged, secrets_in
from tests.contract.signer import ADA, ADAS_PASSWORD, basic

pytestmark = pytest.mark.cloud
VERBOSE = ("sessions", "authorizer", "buckets")


@pytest.fixture
def verbose(answers: Answers) -> Iterator[Answers]:
    """A lab whose functions log at DEBUG, as the template's LogLevel makes them."""
    client = answers.lab.cloud.client("lambda")
    names = [answers.lab.functions[function] for function in VERBOSE]
    before = {name: client.get_function_configuration(FunctionName=name)["LoggingConfig"] for name in names}
    try:
        for name in names:
            loud = before[name] | {"ApplicationLogLevel": "DEBUG"}
            client.update_function_configuration(FunctionName=name, LoggingConfig=loud)
            client.get_waiter("function_updated_v2").wait(FunctionName=name)
        yield answers
    finally:
        for name in names:
            client.update_function_configuration(FunctionName=name, LoggingConfig=before[name])
            client.get_waiter("function_updated_v2").wait(FunctionName=name)


def test_no_secret_is_logged(verbose: Answers) -> None:
    session = {"username": ADA, "password": ADAS_PASSWORD}
    made = verbose.send(Case("", "signIn", "/sessions", 201, method="POST", credentials=nobody, json=session))
    token = made.json()["token"]
    for header in (f"Bearer {token}", basic(ADA, ADAS_PASSWORD)):
        case = Case("", "listBuckets", "/buckets", 200, credentials=lambda _, header=header: header)  # type: ignore[misc]
        assert verbose.send(case).status_code == 200
    text = logged(verbose)
    assert secrets_in(text, [token, ADAS_PASSWORD, verbose.signer.keys()["key"]]) == []

"""What the functions have logged by now, for the cases before this file's too: no secret."""

from __future__ import annotations

import re

import pytest

from tests.contract.answers import Answers
from tests.contract.case import Case, admin, nobody
from tests.contract.signer import ADA, ADAS_PASSWORD, basic

pytestmark = pytest.mark.cloud

TOKEN = re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.eyJ")
HASH = re.compile(r"\$scrypt\$")


def logged(answers: Answers) -> str:
    logs = answers.lab.cloud.client("logs")
    pages = (
        page
        for function in answers.lab.functions.values()
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}")
    )
    return "\n".join(event["message"] for page in pages for event in page["events"])


def test_no_secret_is_logged(answers: Answers) -> None:
    session = {"username": ADA, "password": ADAS_PASSWORD}
    answers.send(Case("", "signIn", "/sessions", 201, method="POST", credentials=nobody, json=session))
    wrong = "a wrong password that must not be logged"
    answers.send(Case("", "listBuckets", "/buckets", 401, credentials=lambda _: basic(ADA, wrong)))
    answers.send(Case("", "listBuckets", "/buckets", 200, credentials=admin))
    text = logged(answers)
    assert "REPORT" in text or "platform.report" in text, "the logs of these requests are not there yet"
    secrets = [ADAS_PASSWORD, wrong, answers.lab.password("admin"), answers.lab.password("viewer")]
    secrets += [answers.signer.keys()["key"], basic(ADA, ADAS_PASSWORD).removeprefix("Basic ")]
    found = [number for number, secret in enumerate(secrets) if secret in text]
    assert found == [], "the secrets at these places of the list are in the logs"
    assert not TOKEN.search(text)
    assert not HASH.search(text)

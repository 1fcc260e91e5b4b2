"""What the functions of a lab have logged, and secrets in it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from tests.contract.answers import Answers

# Whatever their values: a token, a password's hash, a header or the signature of a call to AWS.
_SHAPES = {
    "a token": re.compile(r"eyJ[A-Za-z0-9_-]{8,}\.eyJ"),
    "a password's hash": re.compile(r"\$scrypt\$"),
    "an Authorization header": re.compile(r"(?i)\b(?:bearer|basic) [a-z0-9+/_=.-]{12,}"),
    "a signed call": re.compile(r"AWS4-HMAC-SHA256|X-Amz-Security-Token", re.IGNORECASE),
}


def logged(answers: Answers) -> str:
    """Everything in every log stream of every function."""
    logs = answers.lab.cloud.client("logs")
    pages = (
        page
        for function in answers.lab.functions.values()
        for page in logs.get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}")
    )
    text = "\n".join(event["message"] for page in pages for event in page["events"])
    assert "REPORT" in text or "platform.report" in text, "the logs of these requests are not there yet"
    return text


def secrets_in(text: str, secrets: Iterable[str]) -> list[str]:
    """What of the secrets is in the text, by place in the list: a failed test's output must not tell them either."""
    found = [f"secret {number}" for number, secret in enumerate(secrets) if _is_in(secret, text)]
    return found + [name for name, shape in _SHAPES.items() if shape.search(text)]


def _is_in(secret: str, text: str) -> bool:
    """As it is, or as JSON writes it."""
    forms = {secret, json.dumps(secret)[1:-1], json.dumps(secret, ensure_ascii=False)[1:-1]}
    return any(form in text for form in forms)

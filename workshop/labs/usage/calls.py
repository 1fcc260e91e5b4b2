"""GET requests to a lab that go on after a failure that passes."""

from __future__ import annotations

import random
import time
from typing import Any, Protocol

import httpx

from workshop.labs.errors import LabError

_TRIES = 5
_PASSING = {429, 502, 503, 504}
_LONGEST_WAIT_S = 8.0


class Calls(Protocol):
    """What a walk needs of a lab's API."""

    def get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        """The answer's JSON object. LabError when there is none."""


class PatientCalls:
    """Tries a call up to five times, with back-off and jitter, or after as long as the answer asks for."""

    def __init__(self, client: httpx.Client) -> None:
        self._client = client

    def get(self, path: str, query: dict[str, str]) -> dict[str, Any]:
        """The answer's JSON object. LabError tells what the last answer was."""
        failure = ""
        for attempt in range(_TRIES):
            wait_s = _back_off(attempt)
            try:
                answer = self._client.get(path, params=query)
            except httpx.TransportError as error:
                failure = f"no answer ({type(error).__name__})"
            else:
                if answer.is_success:
                    body: dict[str, Any] = answer.json()
                    return body
                failure = _told(answer)
                if answer.status_code not in _PASSING:
                    break
                wait_s = _asked_for(answer) or wait_s
            if attempt < _TRIES - 1:
                time.sleep(wait_s)
        raise LabError(f"GET {path}: {failure}")


def _told(answer: httpx.Response) -> str:
    try:
        return f"{answer.status_code} {answer.json()['detail']}"
    except (ValueError, KeyError, TypeError):
        return f"{answer.status_code} {answer.reason_phrase}"


def _asked_for(answer: httpx.Response) -> float | None:
    text = answer.headers.get("Retry-After", "")
    return min(float(text), _LONGEST_WAIT_S) if text.isdigit() else None


def _back_off(attempt: int) -> float:
    return random.uniform(0.5, 1.0) * min(0.25 * 2.0**attempt, _LONGEST_WAIT_S)  # noqa: S311 (jitter, no secret)

"""Calling a lab's HTTP API as one of its users."""

from __future__ import annotations

import time
from collections.abc import Generator
from datetime import datetime

import httpx

from workshop.labs.errors import LabError

# A function may take 29 s, what API Gateway waits for at most; a cold authorizer comes on top.
TIMEOUT = httpx.Timeout(45, connect=5)
_RENEW_BEFORE_S = 60.0


class SignedIn(httpx.Auth):
    """Signs a client's requests with a token, and gets a new one when that is about to expire.

    A request that brings its own Authorization header keeps it.
    """

    def __init__(self, base_url: str, username: str, password: str, *, trust_environment: bool) -> None:
        self._url = f"{base_url}/sessions"
        self._username = username
        self._password = password
        self._trust_environment = trust_environment
        self._token, self._expires_at = "", 0.0

    def __repr__(self) -> str:
        return f"SignedIn(username={self._username!r})"

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        """Called by httpx for each request."""
        if "Authorization" not in request.headers:
            if time.time() > self._expires_at - _RENEW_BEFORE_S:
                self.sign_in()
            request.headers["Authorization"] = f"Bearer {self._token}"
        yield request

    def sign_in(self) -> None:
        """Ask for a new token. LabError tells what the lab answered."""
        try:
            answer = httpx.post(
                self._url,
                json={"username": self._username, "password": self._password},
                timeout=TIMEOUT,
                trust_env=self._trust_environment,
            )
        except httpx.TimeoutException as error:
            raise LabError(f"signing in as '{self._username}': no answer within {TIMEOUT.read:.0f} s") from error
        except httpx.HTTPError as error:
            raise LabError(
                f"signing in as '{self._username}': {self._url} is out of reach ({error}). "
                "Deploy the lab again: ./poe build-and-deploy"
            ) from error
        if answer.status_code != httpx.codes.CREATED:
            raise LabError(f"signing in as '{self._username}' was refused: {_reason(answer)}")
        try:
            session = answer.json()
            self._expires_at = datetime.fromisoformat(session["expires_at"]).timestamp()
            self._token = session["token"]
        except (ValueError, KeyError, TypeError) as error:
            raise LabError(
                f"signing in as '{self._username}': the answer is no session ({type(error).__name__})"
            ) from error


def client(base_url: str, username: str, password: str, *, trust_environment: bool) -> httpx.Client:
    """A client that is signed in. `trust_environment` lets proxy variables count; a local cloud is never behind one."""
    auth = SignedIn(base_url, username, password, trust_environment=trust_environment)
    auth.sign_in()
    return httpx.Client(base_url=base_url, auth=auth, timeout=TIMEOUT, trust_env=trust_environment)


def _reason(answer: httpx.Response) -> str:
    try:
        detail = answer.json().get("detail") or answer.json().get("message")
    except (ValueError, AttributeError):
        detail = None
    return f"{answer.status_code} {detail or answer.reason_phrase}"

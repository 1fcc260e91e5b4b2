"""Sends requests to the fleet from several clients at once, and remembers what was answered."""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime

import httpx

from tests.contract.signer import Signer
from tests.fleet.routes import ROUTES, Route
from workshop.labs import left_out
from workshop.labs.api import TIMEOUT
from workshop.labs.lab import Lab

_CLIENTS = 4
# A token is good for 15 minutes, and this many requests take less.
_REQUESTS_A_TOKEN = 500


@dataclass(frozen=True)
class Answered:
    """A request that its function has answered."""

    route: Route
    user: str | None
    bytes: int


class Traffic:
    """Requests by users of its own. What is random is the same for the same seed."""

    def __init__(self, lab: Lab, *, users: int, seed: int) -> None:
        left = {function.name for function in left_out.of_lab(lab.folder)}
        self.routes = [route for route in ROUTES if route.function not in left]
        self.answered: list[Answered] = []
        self.unanswered: list[str] = []
        """What API Gateway said where no function has answered: its environment was gone."""
        self.days: set[date] = set()
        self._url = lab.url
        self._signer = Signer(lab)
        self.users = [f"fleet-{uuid.uuid4().hex[:8]}" for _ in range(users)]
        self._random = random.Random(seed)
        self._headers: dict[str, str] = {}

    def send(self, count: int, meanwhile: Callable[[int], None] = lambda _: None) -> None:
        """So many requests by several clients; `meanwhile` is called with the number of each, before it is sent."""
        chosen = [(self._random.choice(self.routes), self._random.choice(self.users)) for _ in range(count)]

        def one(number: int) -> None:
            meanwhile(number)
            self._send(http, *chosen[number])

        with self._client() as http:
            for start in range(0, count, _REQUESTS_A_TOKEN):
                self._sign_in()
                with ThreadPoolExecutor(_CLIENTS) as pool:
                    list(pool.map(one, range(start, min(start + _REQUESTS_A_TOKEN, count))))

    def send_in_turn(self, function: str, count: int) -> None:
        """So many requests to one function, one after the other."""
        routes = [route for route in self.routes if route.function == function]
        self._sign_in()
        with self._client() as http:
            for number in range(count):
                self._send(http, routes[number % len(routes)], self.users[0])

    @contextmanager
    def _client(self) -> Iterator[httpx.Client]:
        self.days.add(datetime.now(UTC).date())
        with httpx.Client(timeout=TIMEOUT, trust_env=False) as http:
            yield http
        self.days.add(datetime.now(UTC).date())

    def _sign_in(self) -> None:
        self._headers = {user: self._signer.token(sub=user, role="admin") for user in self.users}

    def _send(self, http: httpx.Client, route: Route, user: str) -> None:
        headers = {"Authorization": self._headers[user]} if route.signed_in else {}
        url = self._url + route.path
        answer = http.request(route.method, url, params=route.query or None, json=route.body, headers=headers)
        if answer.status_code in (502, 503, 504):
            self.unanswered.append(f"{answer.status_code} {route}")
            return
        assert answer.status_code == route.status, f"{route}: {answer.status_code} {answer.text}"
        who = user if route.signed_in else None
        self.answered.append(Answered(route, who, len(answer.content)))

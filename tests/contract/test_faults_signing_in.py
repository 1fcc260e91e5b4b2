"""DynamoDB and Secrets Manager in trouble: nobody is let in, and nobody is told that a password was wrong.

Users and keys are each lab's own, so all labs are asked at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import httpx
import pytest

from tests.contract import openapi
from tests.contract.answers import Answers
from tests.contract.case import Case, nobody
from tests.contract.signer import ADA, ADAS_PASSWORD, basic
from tests.contract.trouble import TRIES, at_once
from workshop.cloud.faults.client import Faults, SetFault, Where

pytestmark = [pytest.mark.cloud, pytest.mark.timeout(180), pytest.mark.usefixtures("fresh")]

Fault = Callable[[Faults, str, Where], SetFault]
SIGN_IN = Case(
    "", "signIn", "/sessions", 0, method="POST", credentials=nobody, json={"username": ADA, "password": ADAS_PASSWORD}
)


@dataclass(frozen=True)
class Service:
    """A service that signing in needs: its name in problems, the call, and how a lab's own is found."""

    name: str
    operation: str
    resource: Callable[[Answers], str]
    throttled: str


USERS = Service(
    "DynamoDB", "dynamodb:GetItem", lambda a: a.lab.outputs["UsersTable"], "ProvisionedThroughputExceededException"
)
KEYS = Service("Secrets Manager", "secretsmanager:GetSecretValue", lambda a: a.lab.token_keys, "ThrottlingException")

# name → fault, status, problem, tries
TROUBLES: dict[str, tuple[Callable[[Service], Fault], int, str, int | None]] = {
    "throttled": (lambda s: lambda f, o, w: f.fail(o, s.throttled, **w), 429, "{} asks to slow down", TRIES),
    "unavailable": (lambda _: lambda f, o, w: f.fail(o, "ServiceUnavailable", **w), 503, "{} is out of reach", TRIES),
    "denied": (
        lambda _: lambda f, o, w: f.fail(o, "AccessDeniedException", **w),
        403,
        "{} does not allow this (AccessDenied)",
        1,
    ),
    "internal": (
        lambda _: lambda f, o, w: f.fail(o, "InternalServerError", status=500, **w),
        502,
        "{} answered something unexpected (InternalServerError)",
        TRIES,
    ),
    "dropped": (lambda _: lambda f, o, w: f.drop(o, **w), 503, "{} is out of reach", TRIES),
    "garbled": (lambda _: lambda f, o, w: f.garble(o, **w), 502, "{} answered something unexpected (Garbled)", None),
}


def _id(value: Service | str) -> str:
    return value if isinstance(value, str) else value.name


def in_trouble(
    every_lab: Mapping[str, Answers],
    faults: Faults,
    service: Service,
    fault: Fault,
    ask: Callable[[Answers], httpx.Response],
) -> dict[str, tuple[httpx.Response, int]]:
    """Each lab's answer while its own part of the service is in trouble, and how many calls were hit."""

    def one(answers: Answers) -> tuple[httpx.Response, int]:
        with fault(faults, service.operation, {"resource": service.resource(answers), "by": "functions"}) as set_fault:
            answer = ask(answers)
        return answer, set_fault.hits

    return at_once({name: partial(one, answers) for name, answers in every_lab.items()})


def sign_in(answers: Answers) -> httpx.Response:
    answer = answers.send(SIGN_IN)
    openapi.check("signIn", answer)
    return answer


def list_buckets(credentials: Callable[[Answers], str], answers: Answers) -> httpx.Response:
    """With credentials that API Gateway has never seen, so that it asks the authorizer."""
    header = credentials(answers)
    answer = answers.send(Case("", "listBuckets", "/buckets", 0, credentials=lambda _: header))
    openapi.check("listBuckets", answer)
    return answer


@pytest.mark.parametrize(
    ("service", "name"),
    [*((USERS, name) for name in TROUBLES), (KEYS, "throttled"), (KEYS, "denied"), (KEYS, "garbled")],
    ids=_id,
)
def test_no_session(every_lab: dict[str, Answers], faults: Faults, service: Service, name: str) -> None:
    fault, status, detail, tries = TROUBLES[name]
    for lab, (answer, hits) in in_trouble(every_lab, faults, service, fault(service), sign_in).items():
        assert (answer.status_code, answer.json()["detail"]) == (status, detail.format(service.name)), lab
        assert hits == tries or (tries is None and 1 <= hits <= TRIES), lab


@pytest.mark.parametrize("service", [USERS, KEYS], ids=_id)
@pytest.mark.parametrize("name", ["dropped", "garbled"])
def test_nobody_is_let_in(every_lab: dict[str, Answers], faults: Faults, service: Service, name: str) -> None:
    fault, _, _, tries = TROUBLES[name]
    # A password is checked with the users, a token with the keys.
    made: dict[Service, Callable[[Answers], str]] = {
        USERS: lambda _: basic(ADA, f"{ADAS_PASSWORD} not, and new: {name}"),
        KEYS: lambda answers: answers.signer.token(),
    }
    asked = partial(list_buckets, made[service])
    for lab, (answer, hits) in in_trouble(every_lab, faults, service, fault(service), asked).items():
        assert (answer.status_code, answer.json()["detail"]) == (503, "your sign-in could not be checked"), lab
        assert hits == tries or (tries is None and 1 <= hits <= TRIES), lab


@pytest.mark.parametrize("service", [USERS, KEYS], ids=_id)
def test_trouble_that_passes_is_not_seen(every_lab: dict[str, Answers], faults: Faults, service: Service) -> None:
    def twice(faults: Faults, operation: str, where: Where) -> SetFault:
        return faults.fail(operation, service.throttled, times=2, **where)

    for lab, (answer, hits) in in_trouble(every_lab, faults, service, twice, sign_in).items():
        assert (answer.status_code, hits) == (201, 2), lab


def test_an_answer_that_never_comes(every_lab: dict[str, Answers], faults: Faults) -> None:
    """Both services side by side, since each waits for 3 × 6 s: signing in needs the users first, a token the keys."""

    def held(faults: Faults, operation: str, where: Where) -> SetFault:
        return faults.hold(operation, **where)

    tokens = partial(list_buckets, lambda answers: answers.signer.token())
    found = at_once({
        USERS: lambda: in_trouble(every_lab, faults, USERS, held, sign_in),
        KEYS: lambda: in_trouble(every_lab, faults, KEYS, held, tokens),
    })  # fmt: skip
    told = {USERS: (504, "DynamoDB took too long"), KEYS: (503, "your sign-in could not be checked")}
    for service, by_lab in found.items():
        for lab, (answer, hits) in by_lab.items():
            assert (answer.status_code, answer.json()["detail"]) == told[service], lab
            assert hits == TRIES, lab


def test_keys_that_are_known_need_no_secrets_manager(every_lab: dict[str, Answers], faults: Faults) -> None:
    """Kept for 300 s: an authorizer that has them goes on."""

    def one(answers: Answers) -> int:
        asked = partial(list_buckets, lambda a: a.signer.token())
        assert asked(answers).status_code == 200
        with faults.drop(KEYS.operation, resource=KEYS.resource(answers), by="functions") as fault:
            assert asked(answers).status_code == 200
        return fault.hits

    assert at_once({name: partial(one, answers) for name, answers in every_lab.items()}) == dict.fromkeys(every_lab, 0)


def test_an_authorizer_in_trouble_is_not_remembered(every_lab: dict[str, Answers], faults: Faults) -> None:
    """API Gateway keeps answers, but not failures: the same token is good as soon as the keys can be read."""

    def one(answers: Answers) -> list[int]:
        token = answers.signer.token()
        asked = partial(list_buckets, lambda _: token)
        with faults.fail(KEYS.operation, "AccessDeniedException", resource=KEYS.resource(answers), by="functions"):
            first = asked(answers)
        return [first.status_code, asked(answers).status_code]

    found = at_once({name: partial(one, answers) for name, answers in every_lab.items()})
    assert found == {lab: [503, 200] for lab in every_lab}

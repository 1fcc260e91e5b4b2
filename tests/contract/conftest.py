"""Which labs, and what they share. `CONTRACT_LABS=01,03` chooses; all three by default."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.contract import world
from tests.contract.answers import Answers
from tests.contract.signer import ADA, ADAS_PASSWORD, DISABLED
from workshop.labs.lab import Lab
from workshop.target import Cloud

LABS = os.environ.get("CONTRACT_LABS", "01,02,03").split(",")


@pytest.fixture(scope="session")
def contract_cloud(cloud: Cloud) -> Cloud:
    """The cloud with the buckets of `world` in it."""
    world.make(cloud)
    return cloud


@pytest.fixture(scope="session")
def every_lab(contract_cloud: Cloud) -> Iterator[dict[str, Answers]]:
    """All labs under test, deployed, with the users that cases sign in as."""
    labs = {name: Lab(name).deploy(contract_cloud) for name in LABS}
    for lab in labs.values():
        lab.users.add(ADA, ADAS_PASSWORD, "admin", replace=True)
        lab.users.add(DISABLED, ADAS_PASSWORD, "admin", replace=True)
        lab.users.disable(DISABLED)
    answers = {name: Answers(lab) for name, lab in labs.items()}
    yield answers
    for each in answers.values():
        each.close()


@pytest.fixture(scope="session", params=LABS)
def answers(request: pytest.FixtureRequest, every_lab: dict[str, Answers]) -> Answers:
    """One lab after the other."""
    return every_lab[request.param]


@pytest.fixture
def spare_keys(answers: Answers) -> Iterator[dict[str, object]]:
    """The lab's signing keys, to be changed; put back afterwards."""
    before = dict(answers.signer.keys())
    yield dict(before)
    answers.signer.put_keys(before)

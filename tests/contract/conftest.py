"""Which labs, and what they share. `CONTRACT_LABS=01,03` chooses; all by default."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from tests.contract import environments, world
from tests.contract.answers import Answers
from tests.contract.signer import ADA, ADAS_PASSWORD, DISABLED
from workshop.cloud.faults.client import Faults
from workshop.labs.lab import Lab
from workshop.target import Cloud

LABS = os.environ.get("CONTRACT_LABS", "01,02,03,04").split(",")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What looks at the logs of all tests comes after them."""
    items.sort(key=lambda item: item.path.name == "test_logs.py")


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


@pytest.fixture
def faults(contract_cloud: Cloud) -> Iterator[Faults]:
    """Faults that end with the test."""
    yield contract_cloud.faults
    contract_cloud.faults.clear()


@pytest.fixture
def fresh(contract_cloud: Cloud) -> None:
    """Execution environments that know no keys yet, and whose clients have not used up their retries."""
    environments.end(contract_cloud)

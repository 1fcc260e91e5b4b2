"""Lab 04's fleet, deployed, and the buckets that requests are about."""

from __future__ import annotations

import pytest

from tests.contract import world
from workshop.labs.lab import Lab
from workshop.target import Cloud


@pytest.fixture(scope="session")
def fleet(cloud: Cloud) -> Lab:
    """Deployed if it was not."""
    world.make(cloud)
    return Lab("04").deploy(cloud)

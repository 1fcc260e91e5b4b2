from __future__ import annotations

import pytest

from workshop.target import Cloud


@pytest.fixture(scope="session")
def cloud() -> Cloud:
    """The local cloud of this checkout, started if it is not running. It stays: `./poe stop` ends it."""
    return Cloud.local()

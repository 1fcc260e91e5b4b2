"""The one table that all wrappers have is that of the contract."""

from __future__ import annotations

import json

import yaml

from conftest import LAB, WRAPPERS


def test_the_table_is_the_contracts() -> None:
    document = yaml.safe_load((LAB.parent / "openapi.yaml").read_text())
    described = {
        f"{method.upper()} {path}": description["operationId"]
        for path, item in document["paths"].items()
        for method, description in item.items()
        if method != "parameters"
    }
    assert json.loads((WRAPPERS / "analytics" / "operations.json").read_text()) == described

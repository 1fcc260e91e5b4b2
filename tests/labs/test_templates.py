"""Every lab's template serves what labs/openapi.yaml describes, and differs from lab 01's in its functions only."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from samcli.yamlhelper import yaml_parse

from tests.contract.openapi import document, operations
from workshop.labs import catalog

LABS = catalog.all_labs()
SAME_EVERYWHERE = ("Parameters", "Conditions", "Outputs")
SAME_RESOURCES = ("Api", "UsersTable", "TokenKeysSecret")


def template(lab: catalog.LabFolder) -> dict[str, Any]:
    """With `!Ref x` as `{"Ref": "x"}`, so that values compare."""
    loaded: dict[str, Any] = yaml_parse(lab.template.read_text())
    return loaded


def routes(content: dict[str, Any]) -> Iterator[tuple[str, str, str, bool]]:
    """(function, method, path, signed in) of every event of the API."""
    for name, resource in content["Resources"].items():
        for event in resource.get("Properties", {}).get("Events", {}).values():
            if event["Type"] == "Api":
                properties = event["Properties"]
                signed_in = properties.get("Auth", {}).get("Authorizer") != "NONE"
                yield name, properties["Method"].upper(), properties["Path"], signed_in


def described() -> set[tuple[str, str, str, bool]]:
    tags = {
        description["operationId"]: description["tags"][0]
        for item in document()["paths"].values()
        for method, description in item.items()
        if method != "parameters"
    }
    return {
        (f"{tags[name].title()}Function", operation.method, operation.path, operation.signed_in)
        for name, operation in operations().items()
    }


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_the_events_are_the_operations_of_the_contract(lab: catalog.LabFolder) -> None:
    assert set(routes(template(lab))) == described()


@pytest.mark.parametrize("lab", LABS[1:], ids=lambda lab: lab.name)
def test_what_is_not_a_function_is_as_in_lab_01(lab: catalog.LabFolder) -> None:
    first, other = template(LABS[0]), template(lab)
    for section in SAME_EVERYWHERE:
        assert other[section] == first[section], section
    for resource in SAME_RESOURCES:
        assert other["Resources"][resource] == first["Resources"][resource], resource


@pytest.mark.parametrize("lab", LABS[1:], ids=lambda lab: lab.name)
def test_a_function_may_do_what_it_may_in_lab_01(lab: catalog.LabFolder) -> None:
    def policies(content: dict[str, Any]) -> dict[str, Any]:
        resources = content["Resources"].items()
        return {name: item["Properties"]["Policies"] for name, item in resources if "Policies" in item["Properties"]}

    assert policies(template(lab)) == policies(template(LABS[0]))

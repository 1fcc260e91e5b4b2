"""Every lab's template serves what labs/openapi.yaml describes, and differs from lab 01's in its functions only.

Lab 04 has parts that no other lab has; what it shares with them is held to the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from samcli.yamlhelper import yaml_parse

from tests.contract.openapi import document, operations
from workshop.labs import catalog

LABS = catalog.all_labs()
LABS_ALIKE = [lab for lab in LABS[1:] if lab.number != "04"]
FLEET = catalog.find_lab("04")
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


def described(lab: catalog.LabFolder) -> set[tuple[str, str, str, bool]]:
    tags = {
        description["operationId"]: description["tags"][0]
        for item in document()["paths"].values()
        for method, description in item.items()
        if method != "parameters"
    }
    return {
        (f"{tags[name].title()}Function", operation.method, operation.path, operation.signed_in)
        for name, operation in operations().items()
        if operation.labs is None or lab.name in operation.labs
    }


@pytest.mark.parametrize("lab", LABS, ids=lambda lab: lab.name)
def test_the_events_are_the_operations_of_the_contract(lab: catalog.LabFolder) -> None:
    assert set(routes(template(lab))) == described(lab)


@pytest.mark.parametrize("lab", LABS[1:], ids=lambda lab: lab.name)
def test_what_is_not_a_function_is_as_in_lab_01(lab: catalog.LabFolder) -> None:
    first, other = template(LABS[0]), template(lab)
    for section in SAME_EVERYWHERE:
        shared = {name: value for name, value in other[section].items() if lab != FLEET or name in first[section]}
        assert shared == first[section], section
    for resource in SAME_RESOURCES:
        assert other["Resources"][resource] == first["Resources"][resource], resource


def policies(lab: catalog.LabFolder) -> dict[str, Any]:
    resources = template(lab)["Resources"].items()
    return {name: item["Properties"]["Policies"] for name, item in resources if "Policies" in item["Properties"]}


@pytest.mark.parametrize("lab", LABS_ALIKE, ids=lambda lab: lab.name)
def test_a_function_may_do_what_it_may_in_lab_01(lab: catalog.LabFolder) -> None:
    assert policies(lab) == policies(LABS[0])


def test_a_function_of_the_fleet_may_send_events_besides() -> None:
    """The extension has the role of the function that it runs beside."""
    send = {"Effect": "Allow", "Action": "sqs:SendMessage", "Resource": {"Fn::GetAtt": ["AnalyticsQueue", "Arn"]}}
    fleet = policies(FLEET)
    for name, (policy,) in policies(LABS[0]).items():
        assert fleet[name] == [{**policy, "Statement": [*policy["Statement"], send]}], name


def test_every_function_of_the_fleet_has_the_layer_but_the_consumer() -> None:
    functions = {
        name: item["Properties"].get("Layers")
        for name, item in template(FLEET)["Resources"].items()
        if item["Type"] == "AWS::Serverless::Function"
    }
    assert functions.pop("ConsumerFunction") is None
    assert set(map(str, functions.values())) == {str([{"Ref": "AnalyticsLayer"}])}

"""labs/openapi.yaml: which operations there are, and whether an answer is one of those it describes."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import httpx
import yaml
from jsonschema import Draft202012Validator
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

FILE = Path(__file__).parents[2] / "labs" / "openapi.yaml"
_BASE = "urn:openapi"
_METHODS = ("get", "post", "put", "delete")


@dataclass(frozen=True)
class Operation:
    """One operation, with its answers by status. Its tag is the function that serves it."""

    id: str
    function: str
    method: str
    path: str
    for_admins: bool
    signed_in: bool
    labs: tuple[str, ...] | None
    """The only labs that serve it; None for every lab."""
    responses: dict[str, Any]


@cache
def document() -> dict[str, Any]:
    """The whole file."""
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text())
    return loaded


@cache
def operations() -> dict[str, Operation]:
    """Every operation by its id."""
    found = {}
    for path, item in document()["paths"].items():
        for method, description in item.items():
            if method in _METHODS:
                found[description["operationId"]] = Operation(
                    id=description["operationId"],
                    function=description["tags"][0],
                    method=method.upper(),
                    path=path,
                    for_admins="(admin)" in description["summary"],
                    signed_in=description.get("security") != [],
                    labs=tuple(description["x-labs"]) if "x-labs" in description else None,
                    responses=description["responses"],
                )
    return found


def check(operation: str, answer: httpx.Response) -> None:
    """AssertionError when the answer is not one that the operation describes."""
    responses = operations()[operation].responses
    assert str(answer.status_code) in responses, f"{operation} has no answer {answer.status_code}"
    described = resolve(responses[str(answer.status_code)])
    content = described.get("content", {})
    if not content:
        assert answer.content == b""
        return
    (media_type,) = content
    assert answer.headers["content-type"].partition(";")[0] == media_type
    errors = [error.message for error in _validator(media_type, content).iter_errors(answer.json())]
    assert errors == []
    for name in described.get("headers", {}):
        assert name in answer.headers


def _validator(media_type: str, content: dict[str, Any]) -> Draft202012Validator:
    schema = content[media_type]["schema"]
    registry = Registry().with_resource(_BASE, Resource(contents=document(), specification=DRAFT202012))
    absolute = {"$ref": _BASE + schema["$ref"]}
    return Draft202012Validator(absolute, registry=registry, format_checker=Draft202012Validator.FORMAT_CHECKER)


def resolve(node: dict[str, Any]) -> dict[str, Any]:
    """What a `$ref` stands for."""
    found: Any = node
    while "$ref" in found:
        parts = found["$ref"].removeprefix("#/").split("/")
        found = document()
        for part in parts:
            found = found[part]
    resolved: dict[str, Any] = found
    return resolved

"""What a SAM template points at: the folders of code that `sam build` reads."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from workshop.labs.errors import LabError

_CODE_PROPERTY = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


def code_folders(template: Path) -> set[Path]:
    """Where every function's and layer's code is. Raises LabError for a template that cannot be read."""
    return {path for _, _, path in _code(template)}


def function_folders(template: Path) -> dict[str, Path]:
    """The same of functions only, by logical id."""
    return {logical_id: path for logical_id, kind, path in _code(template) if kind == "CodeUri"}


def rust_binary(template: Path, logical_id: str) -> tuple[Path, str] | None:
    """The folder and the binary of an x86_64 function that `sam build` has cargo-lambda build; None for any other."""
    for name, resource, properties, code_property in _resources_with_code(_read(template)):
        metadata = _mapping(resource.get("Metadata"))
        binary = _mapping(metadata.get("BuildProperties")).get("Binary")
        here = metadata.get("BuildMethod") == "rust-cargolambda" and properties.get("Architectures") == ["x86_64"]
        if name == logical_id and here and isinstance(binary, str):
            folder = _code_path(template, name, properties, code_property)
            return (folder, binary) if folder else None
    return None


def write_without(template: Path, logical_ids: set[str], target: Path) -> None:
    """Write a copy without these resources and the outputs that are about them."""
    content = _read(template)
    for logical_id in logical_ids:
        del content["Resources"][logical_id]
    outputs = content.get("Outputs", {})
    for name in [name for name, output in outputs.items() if _names(output.get("Value")) & logical_ids]:
        del outputs[name]
    with target.open("w") as file:
        YAML(typ="rt").dump(content, file)


def _names(value: Any) -> set[str]:
    """What `!Ref Name` and `!GetAtt Name.Member` are about."""
    return {str(getattr(value, "value", "")).partition(".")[0]}


def _code(template: Path) -> Iterator[tuple[str, str, Path]]:
    for logical_id, _, properties, code_property in _resources_with_code(_read(template)):
        path = _code_path(template, logical_id, properties, code_property)
        if path is not None:
            yield logical_id, code_property, path


def _resources_with_code(content: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any], dict[str, Any], str]]:
    """Each function and layer: logical id, resource, its properties with the common ones, the one that has its code."""
    common = _mapping(_mapping(content.get("Globals")).get("Function"))
    for logical_id, found in _mapping(content.get("Resources")).items():
        resource = _mapping(found)
        code_property = _CODE_PROPERTY.get(str(resource.get("Type")))
        if code_property is not None:
            properties = (common if code_property == "CodeUri" else {}) | _mapping(resource.get("Properties"))
            yield str(logical_id), resource, properties, code_property


def _code_path(template: Path, logical_id: str, properties: dict[str, Any], code_property: str) -> Path | None:
    """None where the code is not in a folder of this machine."""
    uri = properties.get(code_property)
    if not isinstance(uri, str) or uri.startswith("s3://"):
        return None
    path = (template.parent / uri).resolve()
    if not path.exists():
        raise LabError(f"{template}: {code_property} of {logical_id} is {uri}, which does not exist")
    return path


def _read(template: Path) -> dict[str, Any]:
    # The round-trip loader keeps CloudFormation's own tags (!Ref, !Sub) instead of refusing them.
    try:
        content = YAML(typ="rt").load(template.read_text())
    except (OSError, YAMLError) as error:
        raise LabError(f"{template} cannot be read: {error}") from error
    return content if isinstance(content, dict) else {}


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}

"""What a SAM template points at: the folders of code that `sam build` reads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from workshop.labs.errors import LabError

_CODE_PROPERTY = {"AWS::Serverless::Function": "CodeUri", "AWS::Serverless::LayerVersion": "ContentUri"}


def code_folders(template: Path) -> set[Path]:
    """Where every function's and layer's code is. Raises LabError for a template that cannot be read."""
    content = _read(template)
    common = _mapping(_mapping(content.get("Globals")).get("Function"))
    found = set()
    for logical_id, resource in _mapping(content.get("Resources")).items():
        code_property = _CODE_PROPERTY.get(str(_mapping(resource).get("Type")))
        if code_property is None:
            continue
        properties = (common if code_property == "CodeUri" else {}) | _mapping(resource.get("Properties"))
        uri = properties.get(code_property)
        if not isinstance(uri, str) or uri.startswith("s3://"):
            continue
        path = (template.parent / uri).resolve()
        if not path.exists():
            raise LabError(f"{template}: {code_property} of {logical_id} is {uri}, which does not exist")
        found.add(path)
    return found


def _read(template: Path) -> dict[str, Any]:
    # The round-trip loader keeps CloudFormation's own tags (!Ref, !Sub) instead of refusing them.
    try:
        content = YAML(typ="rt").load(template.read_text())
    except (OSError, YAMLError) as error:
        raise LabError(f"{template} cannot be read: {error}") from error
    return _mapping(content)


def _mapping(value: Any) -> dict[str, Any]:
    return dict(value) if isinstance(value, dict) else {}

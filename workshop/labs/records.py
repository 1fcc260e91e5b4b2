"""What this checkout remembers of a lab: the build it made last, and what it deployed where."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from workshop.cloud.paths import private_directory
from workshop.files import read_json, write_json
from workshop.labs.catalog import LabFolder
from workshop.labs.stack import Stack
from workshop.target import Cloud


@dataclass(frozen=True)
class Deployment:
    """What was deployed, and how the stack looked right after.

    A stack's id is new in a fresh cloud, and its time changes when somebody else deploys to it: either
    way the next deployment is not skipped. (A stack tag would do as well, but AWS hands a stack's tags on
    to all its resources and so updates every one of them.)
    """

    content: str
    stack_id: str
    updated: str


def deployed_content(build: str, parameters: Mapping[str, str]) -> str:
    """A fingerprint of what a deployment brings: the build's and its parameters'."""
    return hashlib.sha256(json.dumps([build, dict(sorted(parameters.items()))]).encode()).hexdigest()[:16]


def last_build(lab: LabFolder) -> str | None:
    """The fingerprint of the build that lies in the lab's folder; None if it is gone or was interrupted."""
    fingerprint = read_json(_file(lab)).get("build")
    return fingerprint if isinstance(fingerprint, str) and lab.built_template.is_file() else None


def remember_build(lab: LabFolder, fingerprint: str | None) -> None:
    """Called with None before a build starts, so that an interrupted one is never taken for a finished one."""
    write_json(_file(lab), read_json(_file(lab)) | {"build": fingerprint})


def is_deployed(lab: LabFolder, cloud: Cloud, stack: Stack, content: str) -> bool:
    """Whether this very content is what was deployed last to this very stack."""
    known = read_json(_file(lab)).get("deployed", {}).get(_target(cloud))
    return bool(known == dataclasses.asdict(Deployment(content, stack.id, stack.updated)))


def remember_deployment(lab: LabFolder, cloud: Cloud, stack: Stack, content: str) -> None:
    """Called after a deployment that succeeded."""
    record = read_json(_file(lab))
    deployments = record.get("deployed", {})
    deployments[_target(cloud)] = dataclasses.asdict(Deployment(content, stack.id, stack.updated))
    write_json(_file(lab), record | {"deployed": deployments})


def replaced(lab: LabFolder, cloud: Cloud) -> list[str]:
    """Logical ids of the functions whose code was replaced since the last whole deployment there."""
    found: list[str] = read_json(_file(lab)).get("replaced", {}).get(_target(cloud), [])
    return found


def remember_replaced(lab: LabFolder, cloud: Cloud, logical_id: str) -> None:
    """Called before a function's code is replaced; the whole deployment is no longer what runs there."""
    record = read_json(_file(lab))
    every = record.get("replaced", {})
    every[_target(cloud)] = sorted({*every.get(_target(cloud), []), logical_id})
    deployments = record.get("deployed", {})
    deployments.pop(_target(cloud), None)
    write_json(_file(lab), record | {"replaced": every, "deployed": deployments})


def forget_replaced(lab: LabFolder, cloud: Cloud) -> None:
    """Called when all functions are as the whole deployment has them."""
    record = read_json(_file(lab))
    record.get("replaced", {}).pop(_target(cloud), None)
    write_json(_file(lab), record)


def _file(lab: LabFolder) -> Path:
    # Two checkouts have two .workshop; a lab of that name elsewhere (a test's) has its own record.
    place = hashlib.sha256(str(lab.path.resolve()).encode()).hexdigest()[:8]
    return private_directory("builds") / f"{lab.name}-{place}.json"


def _target(cloud: Cloud) -> str:
    return f"{cloud.name}:{cloud.region}"

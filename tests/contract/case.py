"""What a case is: a request, who sends it, and what labs/README.md says about the answer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.contract.signer import Signer

# An Authorization header, made when the lab's keys are known; None sends no header.
Credentials = Callable[[Signer], str | None]


@dataclass(frozen=True)
class Case:
    """One request and its answer.

    `operation` is the operationId of labs/openapi.yaml, `path` has its parameters filled in. `detail` is that of a
    problem; `body` holds members that a good answer must have, among others. `agrees` tells that the whole answer
    must be the same from every lab.
    """

    id: str
    operation: str
    path: str
    status: int
    detail: str | None = None
    method: str = "GET"
    credentials: Credentials = field(default=lambda signer: signer.bearer("admin"))
    query: list[tuple[str, str]] = field(default_factory=list)
    json: Any = None
    content: bytes | None = None
    body: Mapping[str, Any] | None = None
    agrees: bool = True


def admin(signer: Signer) -> str:
    """A good token of the admin."""
    return signer.bearer("admin")


def viewer(signer: Signer) -> str:
    """A good token of the viewer."""
    return signer.bearer("viewer")


def nobody(_signer: Signer) -> None:
    """No header at all."""
    return

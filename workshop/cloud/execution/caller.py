"""What an invocation's caller sends beside the event, for the function's context."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Caller:
    """None where the caller brings nothing: then the execution environment makes a trace id of its own."""

    client_context: str | None = None
    """A JSON document in ASCII: it becomes a header, and not every runtime's client reads others."""
    cognito_identity: dict[str, str] | None = None
    trace_id: str | None = None
    """`Root=…;Parent=…;Sampled=…`"""

    def fields(self) -> dict[str, Any]:
        """The fields of the execution environment's `invoke` message, absent ones left out."""
        given = {
            "client_context": self.client_context,
            "cognito_identity": self.cognito_identity,
            "trace_id": self.trace_id,
        }
        return {name: value for name, value in given.items() if value is not None}


NOBODY = Caller()

"""One line of the tables: a function, what it is sent, and where the emulator is known to be wrong."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from tests.conformance.clients import Client
from tests.conformance.function import Function, Request

TRACE_ID = "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1"
CLIENT_CONTEXT = base64.b64encode(
    json.dumps({"custom": {"k": "é"}, "client": {"app_title": "t"}, "env": {}}).encode()
).decode()
IDENTITY = {"cognitoIdentityId": "us-east-1:identity", "cognitoIdentityPoolId": "us-east-1:pool"}


@dataclass(frozen=True)
class Fault:
    """An answer that AWS gives otherwise than the emulator does: the reason, and the answer (`<id>`: a request id)."""

    reason: str
    documented: Any


@dataclass(frozen=True)
class Case:
    """Requests to one environment. `faults`: by the place of the request."""

    name: str
    function: Function
    requests: tuple[Request, ...] = (Request(),)
    faults: tuple[tuple[int, Fault], ...] = ()


def events(name: str, client: Client, *payloads: object, faults: dict[int, Fault] | None = None) -> Case:
    """Events, one after the other."""
    requests = tuple(Request(json.dumps(payload).encode()) for payload in payloads)
    return Case(name, Function(client), requests, tuple((faults or {}).items()))


def late(name: str, client: Client, event: object) -> Case:
    """An event that takes longer than its second. One only: the emulator counts the INIT that follows in the next's."""
    request = Request(json.dumps(event).encode())
    return Case(name, Function(client, timeout_s=1), (request,), ((0, _TIMED_OUT),))


def caller(name: str, client: Client, event: object, documented: object) -> Case:
    """A caller's trace id and Cognito identity, and what the function makes of them."""
    fault = Fault("the emulator hands on no trace id, and cannot be told of a Cognito identity", documented)
    request = Request(json.dumps(event).encode(), trace_id=TRACE_ID, cognito_identity=IDENTITY)
    return Case(name, Function(client), (request,), ((0, fault),))


def too_large(size: int) -> Fault:
    """The answer to a response of that size."""
    words = f"Response payload size ({size} bytes) exceeded maximum allowed payload size (6291556 bytes)."
    return Fault(
        "the emulator leaves out the size of the response, which AWS names",
        {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": words},
    )


_TIMED_OUT = Fault(
    "the emulator answers with the bare sentence, AWS with an object",
    {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: <id> Error: Task timed out after 1.00 seconds"},
)
EXITED_IN_INIT = Fault(
    "the emulator answers with nothing when the second INIT exits too",
    {
        "errorType": "Runtime.ExitError",
        "errorMessage": "RequestId: <id> Error: Runtime exited with error: exit status 4",
    },
)

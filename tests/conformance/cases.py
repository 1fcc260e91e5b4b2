"""The table: a function, what it is sent, and where the emulator is known to be wrong, why and what is right."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from typing import Any

from tests.conformance.function import Function, Request
from tests.conformance.programs import CONTEXT, ECHO, NAME_OF_EVENT, REPEAT


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


def _failing(name: str, source: str, *faults: tuple[int, Fault], count: int = 1) -> Case:
    return Case(name, Function(source), (Request(),) * count, faults)


def _too_large(size: int) -> Fault:
    words = f"Response payload size ({size} bytes) exceeded maximum allowed payload size (6291556 bytes)."
    return Fault(
        "the emulator leaves out the size of the response, which AWS names",
        {"errorType": "Function.ResponseSizeTooLarge", "errorMessage": words},
    )


_TIMED_OUT = Fault(
    "the emulator answers with the bare sentence, AWS with an object",
    {"errorType": "Sandbox.Timedout", "errorMessage": "RequestId: <id> Error: Task timed out after 1.00 seconds"},
)
_EXITED_IN_INIT = Fault(
    "the emulator answers with nothing when the second INIT exits too",
    {
        "errorType": "Runtime.ExitError",
        "errorMessage": "RequestId: <id> Error: Runtime exited with error: exit status 4",
    },
)
_CLIENT_CONTEXT = base64.b64encode(json.dumps({"custom": {"k": "é"}, "client": {"app_title": "t"}}).encode()).decode()
_VALUES = ('{"a":"é \\u00e9", "b" : [1, 2.50]}', "null", '""', "[]", "0", '"\\ud83e\\udd80 🦀"')

CASES = (
    Case("values come back", Function(ECHO), tuple(Request(value.encode()) for value in _VALUES)),
    Case("no event is made of bad JSON", Function(ECHO), (Request(b"{bad"), Request(b""), Request(b"1"))),
    Case(
        "large answers",
        Function(REPEAT),
        tuple(Request(str(size).encode()) for size in (5_900_000, 6_291_554, 6_291_555, 7_000_000, 1)),
        ((2, _too_large(6_291_557)), (3, _too_large(7_000_002))),
    ),
    Case(
        "a large event",
        Function("def handler(event, context): return len(event)"),
        (Request(b'"%b"' % (b"x" * 5_900_000)),),
    ),
    Case("the context", Function(CONTEXT), (Request(), Request(client_context=_CLIENT_CONTEXT))),
    _failing("the handler raises", "def handler(event, context): raise ValueError('café')", count=2),
    _failing("the handler raises from another", NAME_OF_EVENT),
    _failing("the answer is no JSON", "def handler(event, context): return {1}"),
    _failing("a module is missing", "import nothing_of_this_name"),
    _failing("the module raises", "raise RuntimeError('at import')"),
    _failing("the module is no Python", "def handler(:"),
    _failing("the handler is missing", "other = 1"),
    _failing("the handler exits", "import sys\ndef handler(event, context): sys.exit(3)", count=2),
    _failing("the handler exits without an error", "import sys\ndef handler(event, context): sys.exit(0)"),
    _failing("the process ends at once", "import os\ndef handler(event, context): os._exit(3)"),
    _failing("the process is killed", "import os\ndef handler(event, context): os.kill(os.getpid(), 9)"),
    _failing("the module exits", "import sys\nsys.exit(4)", (0, _EXITED_IN_INIT)),
    Case(
        "time is up",
        Function("import time\ndef handler(event, context): time.sleep(event)", timeout_s=1),
        # One request only: the emulator counts the INIT that follows in the next one's second.
        (Request(b"5"),),
        ((0, _TIMED_OUT),),
    ),
)

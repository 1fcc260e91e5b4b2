"""AWS's Python client."""

from __future__ import annotations

from tests.conformance.case import (
    CLIENT_CONTEXT,
    EXITED_IN_INIT,
    IDENTITY,
    TRACE_ID,
    Case,
    Fault,
    caller,
    late,
    too_large,
)
from tests.conformance.clients import python
from tests.conformance.function import Function, Request
from tests.conformance.programs import CALLER, CONTEXT, ECHO, NAME_OF_EVENT, REPEAT


def _case(name: str, source: str, *requests: Request, faults: dict[int, Fault] | None = None) -> Case:
    return Case(name, Function(python(source)), requests or (Request(),), tuple((faults or {}).items()))


def _failing(name: str, source: str, *, count: int = 1, faults: dict[int, Fault] | None = None) -> Case:
    return _case(name, source, *(Request(),) * count, faults=faults)


_VALUES = ('{"a":"é \\u00e9", "b" : [1, 2.50]}', "null", '""', "[]", "0", '"\\ud83e\\udd80 🦀"')

CASES = (
    _case("values come back", ECHO, *(Request(value.encode()) for value in _VALUES)),
    _case("no event is made of bad JSON", ECHO, Request(b"{bad"), Request(b""), Request(b"1")),
    _case(
        "large answers",
        REPEAT,
        *(Request(str(size).encode()) for size in (5_900_000, 6_291_554, 6_291_555, 7_000_000, 1)),
        faults={2: too_large(6_291_557), 3: too_large(7_000_002)},
    ),
    _case("a large event", "def handler(event, context): return len(event)", Request(b'"%b"' % (b"x" * 5_900_000))),
    _case("the context", CONTEXT, Request(), Request(client_context=CLIENT_CONTEXT)),
    caller("the caller", python(CALLER), {}, [TRACE_ID, *IDENTITY.values()]),
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
    _failing("the module exits", "import sys\nsys.exit(4)", faults={0: EXITED_IN_INIT}),
    late("time is up", python("import time\ndef handler(event, context): time.sleep(event)"), 5),
)

"""`./poe bench labs`: what the labs cost, side by side, every contestant in turn.

| file | measures |
|---|---|
| `usage.py` | client CPU time of a usage walk, lab by lab, also with lab 01 tuned and with obstore |
| `memory.py` | peak memory of a usage walk as the bucket grows |
| `init.py` | INIT of lab 03's functions against that of a Rust hello |
| `first_call.py` | INIT and first call of `buckets`, lab 03 against lab 01, as shipped and primed |
| `audit.py` | the audit of 100 buckets against the chain of calls that it has to wait for |
| `clients_example.py`, `obstore_function.py` | functions that are compared with, no part of a lab |
| `setting.py`, `copies.py`, `keys.py`, `walks.py` | what these share |
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workshop.bench.labs import audit, first_call, init, memory, usage
from workshop.bench.labs.setting import Setting
from workshop.bench.table import Figure
from workshop.errors import WorkshopError

Part = Callable[[Setting, int], Iterator[Figure]]

PARTS: dict[str, Part] = {
    "init": init.figures,
    "first-call": first_call.figures,
    "audit": audit.figures,
    "usage": usage.figures,
    "memory": memory.figures,
}


def check(only: Sequence[str]) -> None:
    """Raises WorkshopError for a part that there is not."""
    unknown = set(only) - set(PARTS)
    if unknown:
        raise WorkshopError(f"no such part: {', '.join(sorted(unknown))}. There are {', '.join(PARTS)}")


def figures(setting: Setting, n: int, only: Sequence[str] = ()) -> Iterator[Figure]:
    """The figures of the parts that are named, or of all, as they come."""
    for name, part in PARTS.items():
        if not only or name in only:
            yield from part(setting, n)

"""Where the labs are measured: the local cloud with all of them deployed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeVar

from workshop.labs import Lab
from workshop.measure import LambdaFunction, kept
from workshop.target import Cloud

T = TypeVar("T")

CALLER = {"username": "admin", "role": "admin"}
# A whole vCPU: CPU time does not depend on the memory size, waiting for it does.
FULL_CPU_MB = 1769
# Where the local cloud puts its own certificate authority, without the system's roots.
ONE_ROOT_FILE = "/var/tls/ca.pem"
# The longest that a function may run; the labs' own 29 s would cut a long walk into several.
_LONGEST_S = 900


@dataclass(frozen=True)
class Setting:
    """The cloud, and the labs by number."""

    cloud: Cloud
    labs: dict[str, Lab]

    @classmethod
    def local(cls) -> Setting:
        """The local cloud as it is. LabError if a lab is not deployed."""
        cloud = Cloud.local()
        return cls(cloud, {number: Lab(number).attach(cloud) for number in ("01", "02", "03")})

    def function(self, number: str, name: str) -> LambdaFunction:
        """A lab's function, labelled by the lab's number alone."""
        return replace(self.labs[number].function(name), lab=f"lab {number}")


@contextmanager
def resized(functions: list[LambdaFunction], memory_mb: int) -> Iterator[None]:
    """The functions at that memory size until the block ends."""
    with kept(functions):
        for function in functions:
            function.configure(memory_mb=memory_mb)
        yield


@contextmanager
def unhurried(function: LambdaFunction) -> Iterator[None]:
    """The function with as much time as Lambda gives, until the block ends."""
    before = function.client.get_function_configuration(FunctionName=function.function_name)["Timeout"]
    _set_timeout(function, _LONGEST_S)
    try:
        yield
    finally:
        _set_timeout(function, before)


def in_turn(contestants: Mapping[str, Callable[[], T]], rounds: int) -> dict[str, list[T]]:
    """Calls each contestant once a round, beginning with another one each time: a noisy minute hits all alike."""
    names = list(contestants)
    found: dict[str, list[T]] = {name: [] for name in names}
    for round_ in range(rounds):
        shift = round_ % len(names)
        for name in names[shift:] + names[:shift]:
            found[name].append(contestants[name]())
    return found


def _set_timeout(function: LambdaFunction, seconds: int) -> None:
    function.client.update_function_configuration(FunctionName=function.function_name, Timeout=seconds)
    function.client.get_waiter("function_updated_v2").wait(FunctionName=function.function_name)

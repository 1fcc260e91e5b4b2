"""Kinds of trouble that a service can be in, and what labs/README.md says a lab makes of each."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TypeVar

from workshop.cloud.faults.client import Faults, SetFault, Where

TRIES = 3
"""labs/README.md: AWS calls are tried 3 times in all."""

T = TypeVar("T")
K = TypeVar("K")


@dataclass(frozen=True)
class Trouble:
    """`make(faults, operation, where)` sets the fault. `code` is the failure's as part of a larger answer.

    `detail` is the problem's, with `{}` for the service. `tries` is None where SDKs may differ: whether to ask again
    after an answer that cannot be read is not the contract's.
    """

    name: str
    make: Callable[[Faults, str, Where], SetFault]
    code: str
    status: int
    detail: str
    tries: int | None = TRIES


def _fail(code: str) -> Callable[[Faults, str, Where], SetFault]:
    return lambda faults, operation, where: faults.fail(operation, code, **where)


DENIED = Trouble("denied", _fail("AccessDenied"), "AccessDenied", 403, "{} does not allow this (AccessDenied)", 1)
DROPPED = Trouble("dropped", lambda f, o, w: f.drop(o, **w), "Unreachable", 503, "{} is out of reach")
GARBLED = Trouble(
    "garbled", lambda f, o, w: f.garble(o, **w), "Garbled", 502, "{} answered something unexpected (Garbled)", None
)
HELD = Trouble("held", lambda f, o, w: f.hold(o, **w), "TimedOut", 504, "{} took too long")
SLOW_DOWN = Trouble("slow-down", _fail("SlowDown"), "SlowDown", 429, "{} asks to slow down")
INTERNAL = Trouble(
    "internal", _fail("InternalError"), "InternalError", 502, "{} answered something unexpected (InternalError)"
)
UNAVAILABLE = Trouble(
    "unavailable", _fail("ServiceUnavailable"), "ServiceUnavailable", 503, "{} is out of reach"
)  # fmt: skip

QUICK = [SLOW_DOWN, INTERNAL, UNAVAILABLE, DROPPED, GARBLED, DENIED]
"""All whose answer comes at once. A time-out takes 3 × 6 s."""


def bucket_of(trouble: Trouble) -> str:
    """The bucket that is in this trouble; `world` makes it."""
    return f"contract-trouble-{trouble.name}"


BUCKETS = {trouble: bucket_of(trouble) for trouble in [*QUICK, HELD]}


def at_once(calls: Mapping[K, Callable[[], T]]) -> dict[K, T]:
    """The result of each call; most of the time of each is waiting between its tries."""
    with ThreadPoolExecutor(max(len(calls), 1)) as pool:
        futures = {key: pool.submit(call) for key, call in calls.items()}
        return {key: future.result() for key, future in futures.items()}


def each_in_its_own(
    faults: Faults, operation: str, kinds: Iterable[Trouble], stack: ExitStack
) -> dict[Trouble, SetFault]:
    """These troubles at the same time, each for calls of `operation` about its own bucket."""
    return {
        trouble: stack.enter_context(trouble.make(faults, operation, {"resource": BUCKETS[trouble], "by": "functions"}))
        for trouble in kinds
    }


def assert_tries(trouble: Trouble, hits: int, calls: int = 1) -> None:
    """As many as the contract says."""
    if trouble.tries is None:
        assert calls <= hits <= calls * TRIES, trouble.name
    else:
        assert hits == calls * trouble.tries, trouble.name

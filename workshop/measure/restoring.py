"""Leaves functions as they were found, also after Ctrl-C."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import FrameType

from workshop.measure.errors import MeasureError
from workshop.measure.function import COLD_START_VARIABLE, Configuration, LambdaFunction


@contextmanager
def kept(functions: Iterable[LambdaFunction]) -> Iterator[dict[LambdaFunction, Configuration]]:
    """Gives each function's configuration, and puts memory size and environment back at the end.

    Raises `MeasureError` at the end, naming them, if functions could not be put back.
    """
    before = {function: function.configuration() for function in dict.fromkeys(functions)}
    try:
        yield before
    finally:
        with uninterrupted():
            failures = [failure for one, was in before.items() if (failure := _put_back(one, was))]
        if failures:
            raise MeasureError("; ".join(failures) + ". Deploy the lab again to put it right.")


def _put_back(function: LambdaFunction, was: Configuration) -> str | None:
    # A run that was killed may have left the variable behind: it is nobody's, so it goes in any case.
    environment = {name: value for name, value in was.environment.items() if name != COLD_START_VARIABLE}
    try:
        current = function.configuration()
        if (current.memory_mb, dict(current.environment)) != (was.memory_mb, environment):
            function.configure(memory_mb=was.memory_mb, environment=environment)
    except MeasureError as error:
        return str(error)
    return None


@contextmanager
def uninterrupted() -> Iterator[None]:
    """Keeps a Ctrl-C back until the block is done: tidying up that is cut short is not tidy."""
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread gets KeyboardInterrupt
        return
    pressed = False

    def remember(_signal: int, _frame: FrameType | None) -> None:
        nonlocal pressed
        pressed = True

    previous = signal.signal(signal.SIGINT, remember)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)
        if pressed:
            raise KeyboardInterrupt

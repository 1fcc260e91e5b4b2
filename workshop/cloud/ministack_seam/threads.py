"""Invocations run on threads that are kept: MiniStack starts one for each, which takes a part of every client's time.

There are as many as there were ever invocations at once. A bound would make nested invocations wait for each other.
"""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import queue
import threading
from collections import deque
from collections.abc import Callable
from typing import Any

from ministack.services import lambda_svc

_Job = Callable[[], None]


def apply() -> None:
    """Synchronous invocations on kept threads from here on."""
    threads = KeptThreads()

    async def run(function: Callable[..., Any], *args: Any, thread_name: str = "") -> Any:
        del thread_name
        return await threads.call(function, *args)

    lambda_svc.run_reentrant = run


class KeptThreads:
    """Threads that wait for their next job. They end with the process."""

    def __init__(self) -> None:
        self._idle: deque[queue.SimpleQueue[_Job]] = deque()

    async def call(self, function: Callable[..., Any], *args: Any) -> Any:
        """`function`'s result, from a thread in a copy of this context.

        A thread cannot be cancelled, so a cancelled caller waits for its end, too, and is cancelled then.
        """
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()
        context = contextvars.copy_context()

        def job() -> None:
            try:
                deliver, outcome = future.set_result, context.run(function, *args)
            except BaseException as error:
                deliver, outcome = future.set_exception, error
            with contextlib.suppress(RuntimeError):  # the loop is closed: the cloud ends, and nobody waits
                loop.call_soon_threadsafe(deliver, outcome)

        self._start(job)
        try:
            return await asyncio.shield(future)
        except asyncio.CancelledError:
            await _end_of(future)
            raise

    def _start(self, job: _Job) -> None:
        try:
            inbox = self._idle.pop()
        except IndexError:
            inbox = queue.SimpleQueue()
            threading.Thread(target=self._work, args=(inbox,), daemon=True, name="invocation").start()
        inbox.put(job)

    def _work(self, inbox: queue.SimpleQueue[_Job]) -> None:
        while True:
            inbox.get()()
            self._idle.append(inbox)


async def _end_of(future: asyncio.Future[Any]) -> None:
    """Wait for it, however often the waiting is cancelled."""
    while not future.done():
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.wait([future])
    future.exception()  # looked at, so that asyncio does not warn

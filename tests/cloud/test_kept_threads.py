"""Threads for invocations: kept, as many as are needed, and never left by a cancelled caller."""

from __future__ import annotations

import asyncio
import contextvars
import threading
import time

import pytest

from workshop.cloud.ministack_seam.threads import KeptThreads

REQUEST = contextvars.ContextVar("request", default="none")


def test_a_thread_is_used_again() -> None:
    async def main() -> set[int]:
        threads = KeptThreads()
        seen = set()
        for _ in range(20):
            seen.add(await threads.call(threading.get_ident))
            await asyncio.sleep(0.01)  # it is idle a moment after its result is there
        return seen

    assert len(asyncio.run(main())) == 1


def test_calls_that_wait_for_calls_get_threads_of_their_own() -> None:
    depth = 50

    async def main() -> int:
        threads, loop = KeptThreads(), asyncio.get_running_loop()

        def nested(left: int) -> int:
            if left == 0:
                return 0
            inner = asyncio.run_coroutine_threadsafe(threads.call(nested, left - 1), loop)
            return 1 + int(inner.result(timeout=20))

        return int(await threads.call(nested, depth))

    assert asyncio.run(main()) == depth


def test_the_context_of_the_caller_is_there_and_stays_as_it_was() -> None:
    def change() -> str:
        before = REQUEST.get()
        REQUEST.set("changed in the thread")
        return before

    async def main() -> tuple[str, str]:
        REQUEST.set("mine")
        return await KeptThreads().call(change), REQUEST.get()

    assert asyncio.run(main()) == ("mine", "mine")


def test_an_error_reaches_the_caller_and_the_thread_goes_on() -> None:
    async def main() -> int:
        threads = KeptThreads()
        with pytest.raises(ValueError, match="abc"):
            await threads.call(int, "abc")
        return int(await threads.call(int, "7"))

    assert asyncio.run(main()) == 7


@pytest.mark.parametrize("outcome", ["result", "error"])
def test_a_cancelled_caller_waits_for_the_end(outcome: str) -> None:
    ended = threading.Event()

    def work() -> None:
        time.sleep(0.2)
        ended.set()
        if outcome == "error":
            raise ValueError("nobody waits for this any more")

    async def main() -> bool:
        call = asyncio.ensure_future(KeptThreads().call(work))
        for _ in range(3):
            await asyncio.sleep(0.02)
            call.cancel()
        with pytest.raises(asyncio.CancelledError):
            await call
        return ended.is_set()

    assert asyncio.run(main())

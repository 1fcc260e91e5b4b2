"""What an invocation leaves behind is stored when its answer is on its way, in this process.

Beside the answer it would hold it up, since one thread at a time runs Python; and a client over HTTP would take CPU
from the function that is being measured.
"""

from __future__ import annotations

import contextvars
import logging
import queue
import threading
import time
from collections.abc import Callable

_log = logging.getLogger(__name__)

# An answer is sent by then.
_DELAY_S = 0.0015


class Afterwards:
    """A queue of work and a thread that does it, in order."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="afterwards", daemon=True).start()

    def put(self, work: Callable[[], None]) -> None:
        """Do it soon, under the account and region of the calling context."""
        context = contextvars.copy_context()
        self._queue.put(lambda: context.run(work))

    def _run(self) -> None:
        while True:
            waiting = [self._queue.get()]
            time.sleep(_DELAY_S)
            while not self._queue.empty():
                waiting.append(self._queue.get())
            for work in waiting:
                try:
                    work()
                except Exception:  # one that fails must not end all others
                    _log.exception("cannot store what an invocation left behind")

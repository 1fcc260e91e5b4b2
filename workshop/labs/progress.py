"""One line that shows what a long-running tool is doing: in a terminal, in a notebook, in a log of CI."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.status import Status

_NOTEBOOK_BEAT_S = 2.0
_LOG_BEAT_S = 15.0
_WIDTH = 100


class ProgressLine:
    """A context manager; `show` sets the text behind the title.

    A terminal gets a line with a spinner that goes away at the end. A notebook's line is rewritten every two
    seconds. Anything else gets a line every 15 seconds, so that nobody takes a long build for a hang.
    """

    def __init__(self, title: str, console: Console | None = None) -> None:
        self._title = title
        self._console = console or Console()
        self._text = ""
        self._started = time.monotonic()
        self._stop = threading.Event()
        self._status: Status | None = None
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if self._console.is_terminal and not self._console.is_jupyter:
            self._status = self._console.status(escape(self._title))
            self._status.start()
        self._thread = threading.Thread(target=self._beat, daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop.set()
        if self._thread:
            self._thread.join()
        if self._status:
            self._status.stop()
        how = "done" if error is None else "failed" if isinstance(error, Exception) else "interrupted"
        self._print(f"{self._title}: {how} after {elapsed(time.monotonic() - self._started)}", end="\n")

    def show(self, text: str) -> None:
        """Set what the line tells; any thread may call it, as often as it likes."""
        self._text = text

    def _beat(self) -> None:
        interval = 0.25 if self._status else _NOTEBOOK_BEAT_S if self._console.is_jupyter else _LOG_BEAT_S
        while not self._stop.wait(interval):
            line = f"{self._title} ({elapsed(time.monotonic() - self._started)}): {self._text}"
            if self._status:
                self._status.update(escape(line[: max(20, self._console.width - 4)]))
            else:
                self._print(line[:_WIDTH], end="" if self._console.is_jupyter else "\n")

    def _print(self, line: str, end: str) -> None:
        # A notebook's output area knows the carriage return; padding wipes what a longer line left.
        start = "\r" if self._console.is_jupyter else ""
        if self._console.is_jupyter:
            line = line.ljust(_WIDTH)
            sys.stdout.write(start + line + end)
            sys.stdout.flush()
        else:
            self._console.print(line + end, end="", highlight=False, markup=False, soft_wrap=True)


def elapsed(seconds: float) -> str:
    """Seconds as "2 min 5 s"."""
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"

"""What one invocation printed, in bounded memory."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

_KEPT_BYTES = 32 << 20
# The log tail is 4 KB; a little more, so that the platform's last lines do not push it out.
_LAST_BYTES = 8 << 10
# What a line costs beyond its text, here and as an event in CloudWatch Logs.
BYTES_A_LINE = 1 << 10


@dataclass(frozen=True)
class LogLine:
    """One line of output. `source` is `function`, `extension` or `platform`; time in ms since the epoch."""

    time_ms: int
    line: str
    source: str


class Output:
    """Keeps the first 32 MB of lines, and of what comes then only the end.

    The log store is this machine's memory, so a function that prints without end would take all of it.
    """

    def __init__(self, kept_bytes: int = _KEPT_BYTES) -> None:
        self.first: list[LogLine] = []
        self.last: deque[LogLine] = deque()
        self.left_out_lines = 0
        """How many there were between `first` and `last`."""
        self._room = kept_bytes
        self._last_bytes = 0

    def add(self, line: LogLine) -> None:
        """Take a line in."""
        if self._room > 0:
            self._room -= len(line.line) + BYTES_A_LINE
            self.first.append(line)
            return
        self.last.append(line)
        self._last_bytes += len(line.line)
        while self._last_bytes - len(self.last[0].line) >= _LAST_BYTES:
            self._last_bytes -= len(self.last.popleft().line)
            self.left_out_lines += 1

"""Log events into MiniStack's CloudWatch Logs: one stream per execution environment, as on AWS.

Written when the invocation's answer is on its way, and in this process, not over HTTP: a client would take CPU from
the function that is being measured.
"""

from __future__ import annotations

import contextvars
import logging
import queue
import threading
import time
from collections.abc import Callable

from ministack.services import cloudwatch_logs

from workshop.cloud.execution.output import LogLine

_log = logging.getLogger(__name__)

# An answer is sent by then. Storing lines beside that would hold it up: one thread at a time runs Python.
_AFTER_ANSWER_S = 0.0015


class LogDelivery:
    """A queue and a thread that stores what is put in, in order."""

    def __init__(self) -> None:
        self._queue: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        threading.Thread(target=self._run, name="log-delivery", daemon=True).start()

    def put(self, group: str, stream: str, lines: list[LogLine]) -> None:
        """Store lines under the account and region of the calling context."""
        context = contextvars.copy_context()
        self._queue.put(lambda: context.run(_store, group, stream, lines))

    def _run(self) -> None:
        while True:
            deliveries = [self._queue.get()]
            time.sleep(_AFTER_ANSWER_S)
            while not self._queue.empty():
                deliveries.append(self._queue.get())
            for deliver in deliveries:
                try:
                    deliver()
                except Exception:  # a log line must not end the delivery of all others
                    _log.exception("cannot store log events")


def _store(group: str, stream: str, lines: list[LogLine]) -> None:
    if group not in cloudwatch_logs._log_groups:
        cloudwatch_logs._create_log_group({"logGroupName": group})
    if stream not in cloudwatch_logs._log_groups[group]["streams"]:
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    events = [{"timestamp": line.time_ms, "message": line.line} for line in lines]
    cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": events})

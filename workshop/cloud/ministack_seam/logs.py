"""Log events into MiniStack's CloudWatch Logs: one stream per execution environment, as on AWS.

Written beside the invocation, not in its way, and in this process, not over HTTP: a client would take CPU from the
function that is being measured.
"""

from __future__ import annotations

import contextvars
import logging
import queue
import threading
from collections.abc import Callable

from ministack.services import cloudwatch_logs

from workshop.cloud.execution.output import LogLine

_log = logging.getLogger(__name__)


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
            deliver = self._queue.get()
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

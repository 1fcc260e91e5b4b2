"""Log events into MiniStack's CloudWatch Logs: one stream per execution environment, as on AWS."""

from __future__ import annotations

from ministack.services import cloudwatch_logs

from workshop.cloud.execution.output import LogLine


def store(group: str, stream: str, lines: list[LogLine]) -> None:
    """Store lines under the account and region of the calling context."""
    if group not in cloudwatch_logs._log_groups:
        cloudwatch_logs._create_log_group({"logGroupName": group})
    if stream not in cloudwatch_logs._log_groups[group]["streams"]:
        cloudwatch_logs._create_log_stream({"logGroupName": group, "logStreamName": stream})
    events = [{"timestamp": line.time_ms, "message": line.line} for line in lines]
    cloudwatch_logs._put_log_events({"logGroupName": group, "logStreamName": stream, "logEvents": events})

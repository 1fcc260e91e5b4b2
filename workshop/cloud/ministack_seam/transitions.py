"""A function that was created or changed is ready right after the answer to that call.

MiniStack leaves it to a thread: the answer may say `Successful` already, or the call after it still `InProgress`, and
then boto3's waiter sleeps for a second.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ministack.services import lambda_svc

_READY = {
    "State": "Active",
    "StateReason": "",
    "StateReasonCode": "",
    "LastUpdateStatus": "Successful",
    "LastUpdateStatusReason": "",
    "LastUpdateStatusReasonCode": "",
}


def apply() -> None:
    """Make functions ready without delay."""
    by_thread: Callable[[str, float], None] = lambda_svc._schedule_state_transition

    def schedule(name: str, delay: float) -> None:
        del delay
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:  # not on behalf of a request
            by_thread(name, 0.0)
        else:
            loop.call_soon(_make_ready, name)

    lambda_svc._schedule_state_transition = schedule


def _make_ready(name: str) -> None:
    function = lambda_svc._functions.get(name)
    if function is None:
        return
    records = [function, *function["versions"].values()]
    for config in [record["config"] for record in records]:
        if _is_changing(config) and not _takes_a_snapshot(config):
            config.update(_READY)


def _is_changing(config: dict[str, Any]) -> bool:
    return config.get("State") in (None, "", "Pending") or config.get("LastUpdateStatus") in (None, "", "InProgress")


def _takes_a_snapshot(config: dict[str, Any]) -> bool:
    """A version with SnapStart is ready when its snapshot is, which MiniStack sees to."""
    of_a_version = config.get("Version") not in (None, "", "$LATEST")
    return of_a_version and (config.get("SnapStart") or {}).get("OptimizationStatus") == "On"

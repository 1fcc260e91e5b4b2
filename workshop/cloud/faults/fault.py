"""What is to happen to which calls."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from workshop.cloud.errors import CloudError
from workshop.cloud.faults import operations
from workshop.cloud.faults.resources import MEMBERS

Kind = Literal["fail", "delay", "hold", "drop", "garble"]
_LONGEST_S = 900.0


@dataclass(frozen=True)
class Fault:
    """One fault; `check` tells whether it makes sense."""

    operation: str
    """As boto3 names it: `s3:GetBucketLocation`; `dynamodb:*` is every operation."""
    kind: Kind
    code: str = ""
    status: int | None = None
    message: str | None = None
    seconds: float = 0.0
    times: int | None = None
    share: float | None = None
    seed: int = 0
    resource: str | None = None
    by: Literal["anyone", "functions"] = "anyone"


def check(fault: Fault) -> None:
    """Raise CloudError, whose message names the fix, for a fault that could never be or never hit."""
    service, _ = operations.find(fault.operation)
    if fault.kind not in ("fail", "delay", "hold", "drop", "garble"):
        raise CloudError(f"there is no fault '{fault.kind}': use fail, delay, hold, drop or garble")
    if fault.kind == "fail" and not fault.code:
        raise CloudError("a failure needs AWS's error code: code='AccessDenied', for instance")
    if fault.status is not None and not 400 <= fault.status <= 599:
        raise CloudError(f"{fault.status} is no status of a failure: use one from 400 to 599")
    if not 0 <= fault.seconds <= _LONGEST_S:
        raise CloudError(f"a call cannot be held for {fault.seconds:g} s: use 0 to {_LONGEST_S:g} s")
    if fault.times is not None and fault.times < 1:
        raise CloudError(f"times={fault.times} would hit no call: use 1 or more, or leave it out for all calls")
    if fault.share is not None and not 0 < fault.share <= 1:
        raise CloudError(f"share={fault.share:g} is no share of calls: use more than 0 and at most 1")
    if fault.by not in ("anyone", "functions"):
        raise CloudError(f"by='{fault.by}' is not known: use 'anyone' or 'functions'")
    if fault.resource is not None and service not in MEMBERS:
        known = ", ".join(sorted(MEMBERS))
        raise CloudError(f"calls of {service} cannot be told apart by resource, only those of {known}: leave it out")

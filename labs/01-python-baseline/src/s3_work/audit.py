"""The audit: buckets × settings, a wide fan-out of small calls."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from s3_admin_lab.fan_out import gather
from s3_admin_lab.s3_client import region_of
from s3_admin_lab.service_error import ServiceError
from s3_work.buckets import all_buckets
from s3_work.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable

_REGION = "region"


def audit_buckets() -> list[dict[str, Any]]:
    """Every bucket, sorted by name: `name`, `region`, `findings` in the order of RULES, `errors` (rule → code).

    Raises ServiceError when the list of buckets cannot be had.
    """
    names = sorted(bucket["Name"] for bucket in all_buckets())
    look_ups: dict[str, Callable[[str], Any]] = {_REGION: region_of, **{rule.name: rule.look_up for rule in RULES}}
    calls = {(name, what): partial(look_up, name) for name in names for what, look_up in look_ups.items()}
    found = gather(calls)
    rows = (_row(name, {what: found[name, what] for what in look_ups}) for name in names)
    return [row for row in rows if row]


def _row(name: str, found: dict[str, Any]) -> dict[str, Any] | None:
    """None for a bucket that was deleted meanwhile."""
    errors = {what: value.code for what, value in found.items() if isinstance(value, ServiceError)}
    if "NoSuchBucket" in errors.values():
        return None
    details = {rule: rule.finding(found[rule.name]) for rule in RULES if rule.name not in errors}
    return {
        "name": name,
        "region": None if _REGION in errors else found[_REGION],
        "findings": [
            {"rule": rule.name, "severity": rule.severity, "detail": detail}
            for rule, detail in details.items()
            if detail
        ],
        "errors": errors,
    }

"""Whether a bucket policy refuses plain HTTP."""

from __future__ import annotations

import json
from typing import Any


def enforces_tls(policy: str | None) -> bool:
    """Whether a statement denies everyone everything without TLS. False for a policy that cannot be read."""
    try:
        document = json.loads(policy or "null")
    except (ValueError, RecursionError):
        return False
    statements = document.get("Statement", []) if isinstance(document, dict) else []
    return any(_denies_without_tls(statement) for statement in _list(statements) if isinstance(statement, dict))


def _denies_without_tls(statement: dict[str, Any]) -> bool:
    return (
        statement.get("Effect") == "Deny"
        and _is_everyone(statement.get("Principal"))
        and bool({"*", "s3:*"} & _texts(statement.get("Action")))
        and _is_without_tls(statement.get("Condition"))
    )


def _is_everyone(principal: Any) -> bool:
    return "*" in _texts(principal.get("AWS") if isinstance(principal, dict) else principal)


def _is_without_tls(condition: Any) -> bool:
    keys = condition.get("Bool") if isinstance(condition, dict) else None
    return isinstance(keys, dict) and any(
        key.lower() == "aws:securetransport" and "false" in _texts(value) for key, value in keys.items()
    )


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _texts(value: Any) -> set[str]:
    """A value or a list of values, as strings; `false` may be written as a boolean."""
    return {"false" if item is False else item for item in _list(value) if item is False or isinstance(item, str)}

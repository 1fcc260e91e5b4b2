"""What the audit looks for. Each rule looks one setting up, and says what is wrong with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from s3_work import settings
from s3_work.tls_policy import enforces_tls

if TYPE_CHECKING:
    from collections.abc import Callable


class Rule(NamedTuple):
    """`finding` takes what `look_up` gave, and answers the finding's detail or None."""

    name: str
    severity: str
    look_up: Callable[[str], Any]
    finding: Callable[[Any], str | None]


def _public_access(block: dict[str, bool] | None) -> str | None:
    switches = block or dict.fromkeys(settings.PUBLIC_ACCESS_SWITCHES, False)
    off = [name for name, is_on in switches.items() if not is_on]
    return f"not blocked: {', '.join(off)}" if off else None


def _public_policy(status: dict[str, bool] | None) -> str | None:
    return "the bucket policy makes the bucket public" if status and status["is_public"] else None


def _encryption(encryption: dict[str, Any] | None) -> str | None:
    return None if encryption else "no default encryption is set"


def _versioning(status: str | None) -> str | None:
    if status == "Enabled":
        return None
    return "versioning is suspended" if status else "versioning has never been enabled"


def _logging(is_logged: bool) -> str | None:
    return None if is_logged else "server access logs are not written"


def _lifecycle(rules: int | None) -> str | None:
    return None if rules else "no lifecycle rule is set"


def _tls(policy: str | None) -> str | None:
    return None if enforces_tls(policy) else "no policy statement denies requests without TLS"


RULES = (
    Rule("public-access-not-blocked", "high", settings.public_access_block, _public_access),
    Rule("policy-public", "critical", settings.policy_status, _public_policy),
    Rule("no-default-encryption", "medium", settings.encryption, _encryption),
    Rule("no-versioning", "medium", settings.versioning, _versioning),
    Rule("no-access-logging", "low", settings.access_logging, _logging),
    Rule("no-lifecycle", "low", settings.lifecycle_rules, _lifecycle),
    Rule("tls-not-enforced", "medium", settings.policy, _tls),
)

"""REQUEST authorizer: who is calling, and what that role may do."""

from __future__ import annotations

import logging
from typing import Any

from s3_admin_lab.auth import credentials, policy, tokens, users

logger = logging.getLogger("s3_admin")


def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """An IAM policy; the error `Unauthorized`, which API Gateway knows, is its 401."""
    header = credentials.authorization(event.get("multiValueHeaders") or {})
    caller = identify(credentials.parse(header))
    logger.info("authorized" if caller else "refused", extra={"role": caller.role if caller else None})
    if caller is None:
        raise Exception("Unauthorized")  # the message is the protocol
    return policy.allow(caller, event["methodArn"])


def identify(given: credentials.Bearer | credentials.Basic | None) -> tokens.Caller | None:
    """Whose credentials these are. Raises ServiceError, which API Gateway answers with 503."""
    match given:
        case credentials.Bearer(token):
            return tokens.check(token)
        case credentials.Basic(username, password):
            role = users.role_of(username, password)
            return tokens.Caller(username, role) if role else None
    return None

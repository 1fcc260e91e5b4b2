"""What a role may do, as the IAM policy that API Gateway asks an authorizer for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from s3_admin_lab.auth.tokens import Caller

# Method and path below the stage. What is not here is denied.
_ALLOWED = {
    "viewer": ("GET/*", "POST/buckets/*/object-url"),
    "admin": ("*",),
}


def allow(caller: Caller, method_arn: str) -> dict[str, Any]:
    """The authorizer's answer.

    It covers all that the role may do in the stage and not just this method: API Gateway caches the answer for the
    Authorization header and judges the next requests by it, whatever their route.
    """
    stage = "/".join(method_arn.split("/")[:2])
    statement = {
        "Action": "execute-api:Invoke",
        "Effect": "Allow",
        "Resource": [f"{stage}/{path}" for path in _ALLOWED[caller.role]],
    }
    return {
        "principalId": caller.username,
        "policyDocument": {"Version": "2012-10-17", "Statement": [statement]},
        "context": {"username": caller.username, "role": caller.role},
    }

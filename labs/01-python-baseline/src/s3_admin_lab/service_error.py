"""Failures of AWS services, in words that do not depend on the SDK that met them."""

from __future__ import annotations

from s3_admin_lab.problem import Problem

UNREACHABLE = "Unreachable"
TIMED_OUT = "TimedOut"
GARBLED = "Garbled"

THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequestsException",
    }
)


class ServiceError(Exception):
    """`service` ("S3", "DynamoDB", "Secrets Manager") failed past the retries.

    `code` is the AWS error code, or UNREACHABLE, TIMED_OUT or GARBLED.
    """

    def __init__(self, service: str, code: str) -> None:
        super().__init__(f"{service}: {code}")
        self.service = service
        self.code = code

    def problem(self) -> Problem:
        """What the client is told when nothing more precise is known."""
        service, code = self.service, self.code
        if code.startswith("AccessDenied"):
            return Problem(403, f"{service} does not allow this (AccessDenied)")
        if code in THROTTLED:
            return Problem(429, f"{service} asks to slow down", {"Retry-After": "1"})
        if code in (UNREACHABLE, "ServiceUnavailable"):
            return Problem(503, f"{service} is out of reach")
        if code == TIMED_OUT:
            return Problem(504, f"{service} took too long")
        return Problem(502, f"{service} answered something unexpected ({code})")

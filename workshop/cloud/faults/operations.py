"""Operations by name, from botocore's service models: `s3:GetBucketLocation`."""

from __future__ import annotations

import difflib
from functools import cache

import botocore.session
from botocore.model import ServiceModel

from workshop.cloud.errors import CloudError

EVERY = "*"
PROTOCOLS = ("rest-xml", "rest-json", "json", "query")


def find(name: str) -> tuple[str, str]:
    """Service and operation of `service:Operation`.

    Raises CloudError, with names that come close, for one that AWS does not have.
    """
    service, colon, operation = name.partition(":")
    if not colon or not operation:
        raise CloudError(f"'{name}' names no operation: write it as 's3:GetBucketLocation', or 's3:*' for all")
    services = _session().get_available_services()
    if service not in services:
        raise CloudError(f"boto3 has no service '{service}'{_close(service, services)}")
    known = model(service)
    if known.protocol not in PROTOCOLS:
        raise CloudError(f"{service} speaks {known.protocol}, for which no faults can be made: choose another service")
    if operation != EVERY and operation not in known.operation_names:
        raise CloudError(f"{service} has no operation '{operation}'{_close(operation, known.operation_names)}")
    return service, operation


@cache
def model(service: str) -> ServiceModel:
    """Botocore's model of a service; loading one takes a tenth of a second."""
    return _session().get_service_model(service)


@cache
def _session() -> botocore.session.Session:
    return botocore.session.get_session()


def _close(name: str, names: list[str]) -> str:
    by_lower = {known.lower(): known for known in names}
    found = [by_lower[match] for match in difflib.get_close_matches(name.lower(), by_lower, n=3)]
    return f": did you mean {' or '.join(found)}?" if found else ": use boto3's own name"

"""S3's rules for the names of new general purpose buckets."""

from __future__ import annotations

import re

from s3_admin_lab.problem import bad_request

_ALLOWED = re.compile(r"[a-z0-9.-]+")
_ENDS = re.compile(r"[a-z0-9](.*[a-z0-9])?")
_IP_ADDRESS = re.compile(r"[0-9]+\.[0-9]+\.[0-9]+\.[0-9]+")
_RESERVED_PREFIXES = ("xn--", "sthree-", "amzn-s3-demo-")
_RESERVED_SUFFIXES = ("-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3")


def check_name(name: str) -> None:
    """Raises Problem 400 that says which rule is broken first."""
    if not 3 <= len(name) <= 63:
        raise bad_request("'name' must be 3 to 63 characters")
    if not _ALLOWED.fullmatch(name):
        raise bad_request("'name' may hold only lower-case letters, digits, dots and hyphens")
    if not _ENDS.fullmatch(name):
        raise bad_request("'name' must begin and end with a letter or a digit")
    if ".." in name:
        raise bad_request("'name' must not hold two dots in a row")
    if _IP_ADDRESS.fullmatch(name):
        raise bad_request("'name' must not look like an IP address")
    for prefix in _RESERVED_PREFIXES:
        if name.startswith(prefix):
            raise bad_request(f"'name' must not begin with '{prefix}'")
    for suffix in _RESERVED_SUFFIXES:
        if name.endswith(suffix):
            raise bad_request(f"'name' must not end with '{suffix}'")

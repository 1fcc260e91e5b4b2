"""AWS's own host names, which lead to the local cloud from inside an execution environment.

Code that addresses AWS by name (an SDK that knows no AWS_ENDPOINT_URL, a URL written into a program) runs unchanged:
the environment's name server answers these names with its loopback, whose ports 443 and 80 are the cloud's.
"""

from __future__ import annotations

import re

SUFFIXES = ("amazonaws.com", "amazonaws.com.cn", "api.aws", "on.aws")
_NAME = re.compile(rf"(?:[a-z0-9_-]{{1,63}}\.)+(?:{'|'.join(map(re.escape, SUFFIXES))})")
_MAX_LENGTH = 253


def is_aws_name(name: str) -> bool:
    """Whether `name`, in lower case, is a host below one of AWS's domains."""
    return len(name) <= _MAX_LENGTH and _NAME.fullmatch(name) is not None

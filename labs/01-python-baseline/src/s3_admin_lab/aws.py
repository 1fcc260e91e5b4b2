"""AWS clients.

botocore is used without boto3: the client is the same, and boto3 would import its resources and s3transfer, which
no function here needs (README.md has the figures).
"""

from __future__ import annotations

import json
import logging
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import botocore.session
from botocore.compat import XMLParseError
from botocore.config import Config
from botocore.exceptions import (
    ClientError,
    ConnectionError,
    ConnectTimeoutError,
    HTTPClientError,
    IncompleteReadError,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError

from s3_admin_lab.service_error import GARBLED, TIMED_OUT, UNREACHABLE, ServiceError

if TYPE_CHECKING:
    from collections.abc import Iterator

# Calls that one request has under way at once. The connection pool has the same size: a smaller one would throw
# connections away, a larger one would never be filled.
MAX_CONCURRENCY = 16

# Standard mode: exponential back-off with full jitter, and a retry quota for the whole client.
_CONFIG = Config(
    connect_timeout=2,
    read_timeout=6,
    retries={"mode": "standard", "total_max_attempts": 3},
    max_pool_connections=MAX_CONCURRENCY,
)

# Whatever the functions' own level: what the SDK says at DEBUG is headers and bodies, and so passwords and keys.
for _library in ("botocore", "urllib3"):
    logging.getLogger(_library).setLevel(logging.WARNING)

_session = botocore.session.get_session()


def client(service: str, *, region: str | None = None, config: Config | None = None) -> Any:
    """A client; made at import, since INIT runs at full CPU whatever the memory. `config` is on top of ours."""
    merged = _CONFIG.merge(config) if config else _CONFIG
    made = _session.create_client(service, region_name=region, config=merged)
    if made.meta.service_model.protocol == "json":
        made.meta.events.register("before-parse", _refuse_garbled)
    return made


def _refuse_garbled(response_dict: dict[str, Any], **_: object) -> None:
    """Botocore takes JSON that it cannot read for an empty answer: every user would seem not to exist."""
    if response_dict["status_code"] >= 300:
        return
    try:
        json.loads(response_dict["body"])
    except ValueError:
        raise ResponseParserError("the answer is not JSON") from None


@contextmanager
def calling(service: str) -> Iterator[None]:
    """Turns botocore's errors into ServiceError."""
    try:
        yield
    except ClientError as error:
        raise ServiceError(service, _code(error)) from error
    except (ConnectTimeoutError, ReadTimeoutError) as error:
        raise ServiceError(service, TIMED_OUT) from error
    except (ResponseParserError, IncompleteReadError, XMLParseError) as error:
        raise ServiceError(service, GARBLED) from error
    except (ConnectionError, HTTPClientError) as error:
        raise ServiceError(service, UNREACHABLE) from error


def _code(error: ClientError) -> str:
    """AWS's code. botocore gives the status where it could read none: right for HEAD, whose answers have no body."""
    code: str = error.response.get("Error", {}).get("Code") or GARBLED
    return GARBLED if code.isdigit() and not error.operation_name.startswith("Head") else code

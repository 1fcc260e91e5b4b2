"""Secrets from an extension with the API of AWS's "Parameters and Secrets" extension."""

from __future__ import annotations

import http.client
import json
import logging
import os
from typing import Any
from urllib.parse import quote

from s3_admin_lab.service_error import GARBLED, TIMED_OUT, UNREACHABLE, ServiceError

_SERVICE = "Secrets Manager"
# The extension tries three times, as our own clients do.
_TIMEOUT_SECONDS = 25
_BY_STATUS = {502: GARBLED, 503: UNREACHABLE, 504: TIMED_OUT}

logger = logging.getLogger("s3_admin")


def get(port: int, secret_id: str, *, fresh: bool) -> str | None:
    """The secret's text; None when the extension is not there or does not understand.

    Raises ServiceError for what Secrets Manager answered it: asking again would only double the load.
    """
    refresh = "&refreshNow=true" if fresh else ""
    try:
        status, body = _ask(port, f"/secretsmanager/get?secretId={quote(secret_id, safe='')}{refresh}")
    except TimeoutError as error:
        raise ServiceError(_SERVICE, TIMED_OUT) from error
    except (OSError, http.client.HTTPException) as error:
        logger.warning("no secrets extension", extra={"error": type(error).__name__})
        return None
    answer = _object(body)
    if status == http.client.OK:
        return str(answer.get("SecretString", ""))
    code = answer["__type"].rpartition("#")[2] if "__type" in answer else _BY_STATUS.get(status)
    if code:
        raise ServiceError(_SERVICE, code)
    logger.warning("the secrets extension does not understand", extra={"status": status})
    return None


def _ask(port: int, path: str) -> tuple[int, bytes]:
    # A connection of its own: keys are read every five minutes.
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)
    try:
        token = os.environ.get("AWS_SESSION_TOKEN", "")
        connection.request("GET", path, headers={"X-Aws-Parameters-Secrets-Token": token})
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def _object(body: bytes) -> dict[str, Any]:
    try:
        document = json.loads(body)
    except ValueError:
        return {}
    return document if isinstance(document, dict) else {}

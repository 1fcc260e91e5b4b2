"""The same secret by the extension's API, with nothing but the standard library."""

from __future__ import annotations

import http.client
import json
import os
from typing import Any
from urllib.parse import quote

PORT = int(os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773"))
PATH = f"/secretsmanager/get?secretId={quote(os.environ['SECRET_ID'], safe='')}"
HEADERS = {"X-Aws-Parameters-Secrets-Token": os.environ["AWS_SESSION_TOKEN"]}


def handler(_event: Any, _context: Any) -> int:
    """How long the secret is. Raises RuntimeError if there is none."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    try:
        connection.request("GET", PATH, headers=HEADERS)
        answer = connection.getresponse()
        body = answer.read()
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise RuntimeError(f"the extension answered {answer.status}")
    return len(json.loads(body)["SecretString"])

"""A secret by boto3, whose client is made in INIT."""

from __future__ import annotations

import os
from typing import Any

import boto3

SECRET = os.environ["SECRET_ID"]
secrets_manager = boto3.client("secretsmanager")


def handler(_event: Any, _context: Any) -> int:
    """How long the secret is."""
    return len(secrets_manager.get_secret_value(SecretId=SECRET)["SecretString"])

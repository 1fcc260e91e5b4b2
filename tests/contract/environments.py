"""Execution environments that remember nothing: neither signing keys nor how often they have tried again."""

from __future__ import annotations

import httpx

from workshop.target import Cloud


def end(cloud: Cloud) -> None:
    """Makes the next call of every function a cold start."""
    credentials = cloud.session.get_credentials()
    assert credentials is not None
    answer = httpx.post(
        f"{cloud.endpoint_url}/_workshop/end-environments",
        headers={"Authorization": f"Bearer {credentials.secret_key}"},
        timeout=30,
        trust_env=False,
    )
    answer.raise_for_status()

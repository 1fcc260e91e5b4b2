"""MiniStack's settings, which it takes from environment variables when it is imported."""

from __future__ import annotations

import os


def set_up(port: int, access_key_id: str, secret_access_key: str) -> None:
    """Loopback only, IAM enforced, our keys as the account's root user, nothing kept on disk.

    Variables of the person's own AWS set-up are removed from this process: the local cloud must never use them.
    """
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(
        AWS_ACCESS_KEY_ID=access_key_id,
        AWS_SECRET_ACCESS_KEY=secret_access_key,
        AWS_DEFAULT_REGION="us-east-1",
        AWS_ENDPOINT_URL=f"http://127.0.0.1:{port}",
        GATEWAY_PORT=str(port),
        BIND_HOST="127.0.0.1",
        AUTH="true",
        LOG_LEVEL="WARNING",
        PERSIST_STATE="0",
        S3_PERSIST="0",
        # These would listen on all interfaces.
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
    )

"""The built wheel, unpacked, and an S3 to talk to."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING, Any

import boto3
import pytest
from tests import wheel

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder to import `s3_admin` from."""
    return wheel.unpack(tmp_path_factory.mktemp("site"))


@pytest.fixture
def silent_server() -> Iterator[socket.socket]:
    """Takes connections and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(60)
        yield server


@pytest.fixture
def silent_endpoint(silent_server: socket.socket) -> str:
    """The address of `silent_server`."""
    return f"http://127.0.0.1:{silent_server.getsockname()[1]}"


@pytest.fixture(scope="session")
def endpoint(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """MiniStack's S3 on a free port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    folder = tmp_path_factory.mktemp("ministack")
    environment = os.environ | {"BIND_HOST": "127.0.0.1", "GATEWAY_PORT": str(port), "SERVICES": "s3"}
    with (folder / "log").open("w") as log:
        command = [sys.executable, "-m", "ministack"]
        server = subprocess.Popen(command, env=environment, cwd=folder, stdout=log, stderr=log)
    try:
        _wait_for(port, server, folder / "log")
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        server.wait(20)


def _wait_for(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(600):
        assert server.poll() is None, log.read_text()
        with socket.socket() as client:
            if client.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail(f"MiniStack did not start: {log.read_text()}")


def variables(endpoint: str) -> dict[str, str]:
    """The environment that sends an SDK to `endpoint`."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


@pytest.fixture(scope="session")
def s3(endpoint: str) -> Any:
    """boto3's client of the same S3, with a few buckets in it."""
    client: Any = boto3.client(
        "s3", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test", aws_secret_access_key="test"
    )
    client.create_bucket(Bucket="plain")
    client.create_bucket(Bucket="abroad", CreateBucketConfiguration={"LocationConstraint": "eu-west-1"})
    client.put_bucket_tagging(Bucket="abroad", Tagging={"TagSet": [{"Key": "team", "Value": "ä"}]})
    for key, body in {"a/b c+%.txt": b"12345", "a/ä/x": b"12345", "top": b""}.items():
        client.put_object(Bucket="plain", Key=key, Body=body)
    return client


@pytest.fixture(scope="session")
def s3_admin(site: Path, endpoint: str, s3: Any) -> Iterator[Any]:
    """The module, talking to `endpoint` for as long as the process lives."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in variables(endpoint).items():
            patch.setenv(name, value)
        patch.syspath_prepend(str(site))
        import s3_admin as module

        yield module


def run_python(site: Path, endpoint: str, code: str) -> subprocess.Popen[str]:
    """A Python of its own, since the module reads its endpoint once a process."""
    environment = os.environ | variables(endpoint) | {"PYTHONPATH": str(site)}
    command = [sys.executable, "-c", code]
    return subprocess.Popen(command, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

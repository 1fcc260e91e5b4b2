"""A network between functions and the cloud, and code that is not in memory yet."""

from __future__ import annotations

import ctypes
import mmap
import os
from pathlib import Path

import boto3
import pytest

from tests.cloud.functions import python_function
from workshop.cloud import CloudError
from workshop.cloud.execution import page_cache
from workshop.cloud.execution.conditions import Conditions
from workshop.target import Cloud

PAGE = mmap.PAGESIZE


def resident_pages(path: Path) -> int:
    """How many pages of a file are in the page cache, by mincore(2)."""
    libc = ctypes.CDLL(None, use_errno=True)
    libc.mmap.restype = ctypes.c_void_p
    libc.mmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t, *[ctypes.c_int] * 3, ctypes.c_long]
    libc.mincore.argtypes = [ctypes.c_void_p, ctypes.c_size_t, ctypes.c_char_p]
    libc.munmap.argtypes = [ctypes.c_void_p, ctypes.c_size_t]
    size = path.stat().st_size
    with path.open("rb") as file:
        address = libc.mmap(None, size, mmap.PROT_READ, mmap.MAP_SHARED, file.fileno(), 0)
    found = ctypes.create_string_buffer(-(-size // PAGE))
    assert libc.mincore(address, size, found) == 0, os.strerror(ctypes.get_errno())
    libc.munmap(address, size)
    return sum(byte & 1 for byte in found.raw)


def on_a_disk(path: Path) -> bool:
    """A tmpfs is the page cache: nothing can be put out of it."""
    kinds = [line.split()[1:3] for line in Path("/proc/mounts").read_text().splitlines()]
    mount, kind = max(((m, k) for m, k in kinds if path.is_relative_to(m)), key=lambda pair: len(pair[0]))
    return kind != "tmpfs" and bool(mount)


def test_evicted_files_are_out_of_the_page_cache(tmp_path: Path) -> None:
    if not on_a_disk(tmp_path):
        pytest.skip(f"{tmp_path} is in memory: set TMPDIR to a directory on a disk")
    file = tmp_path / "layer" / "python" / "module.py"
    file.parent.mkdir(parents=True)
    file.write_bytes(os.urandom(64 * PAGE))
    (file.parent / "link").symlink_to("/etc/passwd")
    os.mkfifo(file.parent / "pipe")
    assert resident_pages(file) == 64
    page_cache.evict([tmp_path / "layer", tmp_path / "not-there"])
    assert resident_pages(file) == 0


@pytest.mark.parametrize(
    "wishes",
    [{"network_delay_ms": -1}, {"network_delay_ms": True}, {"cold_pages": 1}, {"delay": 1}],
)
def test_conditions_that_cannot_be_are_refused_whole(wishes: dict[str, object]) -> None:
    conditions = Conditions()
    with pytest.raises(ValueError, match="there are network_delay_ms"):
        conditions.change({"network_delay_ms": 5, **wishes} if "delay" in wishes else wishes)
    assert conditions == Conditions()


def test_awss_conditions_are_its_own() -> None:
    aws = Cloud("aws", "us-east-1", boto3.Session(aws_access_key_id="a", aws_secret_access_key="b"))
    with pytest.raises(CloudError, match=r"use Cloud\.local"), aws.network_delay(1):
        pass


CALL = """
    import http.client, os, ssl, time
    context = ssl.create_default_context()
    def handler(event, context_):
        began = time.perf_counter()
        connection = http.client.HTTPSConnection("sts.us-east-1.amazonaws.com", context=context)
        connection.request("GET", "/")
        connection.getresponse().read()
        return (time.perf_counter() - began) * 1000
"""


@pytest.mark.cloud
def test_a_delay_is_paid_for_each_round_trip_and_ends_with_its_block(cloud: Cloud) -> None:
    delay_ms = 100
    with python_function(cloud, CALL, MemorySize=1769, Timeout=20) as made:
        without = min(made.invoke().payload for _ in range(3))
        with cloud.network_delay(delay_ms):
            first = made.invoke()
            within = min(first.payload, made.invoke().payload)
        after = made.invoke()
    assert first.reported("Init Duration") is not None
    assert after.reported("Init Duration") is not None
    # Handshakes of TCP and TLS 1.3, then the request.
    assert within >= 3 * delay_ms
    assert min(without, after.payload) < within


@pytest.mark.cloud
def test_functions_work_off_cold_pages(cloud: Cloud) -> None:
    with python_function(cloud, "def handler(event, context):\n    return event\n") as made, cloud.cold_pages():
        answer = made.invoke("still here")
        assert answer.payload == "still here"
        assert answer.reported("Init Duration") is not None


@pytest.mark.cloud
def test_a_condition_that_cannot_be_is_said(cloud: Cloud) -> None:
    with pytest.raises(CloudError, match="network_delay_ms cannot be -1"), cloud.network_delay(-1):
        pass

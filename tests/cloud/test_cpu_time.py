from __future__ import annotations

import os
from pathlib import Path

import pytest

from workshop.cloud.execution.cpu_time import CpuTimeReader, seconds, usage_file


def test_v1_is_found_by_its_controller(tmp_path: Path) -> None:
    text = "7:memory:/ours/1f\n3:cpu,cpuacct:/ours/1f\n0::/elsewhere\n"
    assert usage_file(text, "ours", tmp_path) == tmp_path / "cpuacct/ours/1f/cpuacct.usage"


def test_v2_is_found_where_the_tree_is_v2(tmp_path: Path) -> None:
    assert usage_file("0::/ours/1f\n", "ours", tmp_path) is None
    (tmp_path / "cgroup.controllers").touch()
    assert usage_file("0::/ours/1f\n", "ours", tmp_path) == tmp_path / "ours/1f/cpu.stat"
    assert usage_file("0::/others/1f\n", "ours", tmp_path) is None


@pytest.mark.parametrize(("text", "expected"), [("1500000000\n", 1.5), ("usage_usec 2500000\nuser_usec 1\n", 2.5)])
def test_both_versions_are_seconds(text: str, expected: float) -> None:
    assert seconds(text) == expected


def test_without_a_cgroup_nothing_is_told() -> None:
    assert CpuTimeReader(os.getpid(), None)() is None
    assert CpuTimeReader(os.getpid(), "no-such-parent")() is None

"""Cgroups that vanish while they are looked for: those of environments that end at that moment."""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

import pytest

from workshop.cloud import sweep


@pytest.fixture
def vanishing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """One hierarchy whose two cgroups have gone when they are looked into: just after their parent was listed."""
    top = tmp_path / "memory" / "ours"
    children = [top / "one", top / "two"]
    for child in children:
        (child / "deeper").mkdir(parents=True)
    monkeypatch.setattr(sweep, "_CGROUPS", tmp_path)
    scan = os.scandir

    def scan_then_remove(path: Any) -> Any:
        if path in (*children, *map(str, children)):
            shutil.rmtree(path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", scan_then_remove)
    return children


def test_a_cgroup_that_vanishes_is_passed_over(vanishing: list[Path]) -> None:
    left = sweep.find("ours")
    assert left.processes == []
    assert not any(child.exists() for child in vanishing)


def test_a_cgroup_that_vanishes_does_not_end_the_sweep(vanishing: list[Path]) -> None:
    assert sweep.remove_leftovers("ours", patience_s=0.2).cgroups == []

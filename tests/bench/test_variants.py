"""`./poe bench variants` without the cloud: what its table says."""

from __future__ import annotations

import subprocess

import pandas as pd
import pytest

from workshop.bench import variants
from workshop.measure import Row, data_frame

MACHINE = {"memory": "1 GiB"}
SMALL = "opt-level s"


def _row(name: str, *, init: float | None, duration: float, cpu: float) -> Row:
    return Row(
        run="r", lab=name, function="buckets", event="", runtime="provided.al2023",
        architecture="x86_64", memory_mb=128, target="local", cold=init is not None, init_ms=init,
        duration_ms=duration, billed_ms=duration, max_memory_mb=20, client_ms=duration, cpu_ms=cpu,
        init_cpu_ms=None, request_id="", started_at="2026-01-31T12:00:00.000Z", error=None,
    )  # fmt: skip


def _result() -> variants.Result:
    """Three rounds, of which the second met a slow machine: twice as long for both."""
    rows = []
    for slow in (1.0, 2.0, 1.0):
        rows.append(_row(variants.SHIPPED, init=10.0 * slow, duration=30.0 * slow, cpu=4.0))
        rows.append(_row(SMALL, init=8.0 * slow, duration=42.0 * slow, cpu=5.0))
        rows.append(_row(variants.SHIPPED, init=None, duration=3.0, cpu=1.0))
        rows.append(_row(SMALL, init=None, duration=6.0, cpu=2.0))
    return variants.Result(7, {variants.SHIPPED: 2_000_000, SMALL: 1_500_000}, data_frame(rows))


@pytest.fixture
def _musl_is_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(variants, "left_out", dict)


@pytest.mark.usefixtures("_musl_is_here")
def test_each_variant_has_its_size_its_medians_and_its_ratio_within_a_round() -> None:
    told = variants.markdown(_result(), MACHINE, 3)
    assert f"| {variants.SHIPPED} | 2 | 128 | 10 | 30 | 40 | 1 | 3 | 4 | 1 |" in told
    assert f"| {SMALL} | 1.50 | 128 | 8 | 42 | 50 | 1.25 | 6 | 5 | 2 |" in told
    assert told.startswith("7 buckets. _n = 3, memory: 1 GiB_")
    assert "left out" not in told


def test_a_target_that_is_not_installed_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = subprocess.CompletedProcess([], 0, stdout="/no/such/folder\n", stderr="")
    monkeypatch.setattr(subprocess, "run", lambda *_, **__: nothing)
    [told] = [line for line in variants.markdown(_result(), MACHINE, 3).splitlines() if "left out" in line]
    assert told.startswith("musl")
    assert "rustup target add x86_64-unknown-linux-musl" in told


def test_variants_have_names_of_their_own() -> None:
    names = pd.Series([each.name for each in variants.VARIANTS])
    assert names.is_unique
    assert names[0] == variants.SHIPPED

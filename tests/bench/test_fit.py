"""Local figures next to AWS's: ratios, factors and their tables."""

from __future__ import annotations

import pandas as pd
import pytest

from workshop.bench import fit
from workshop.bench.fit import Compared, Factor

PUBLISHED = pd.DataFrame(
    [
        {
            "runtime": "rust",
            "architecture": "x86_64",
            "memory_mb": 128,
            "init_mean_ms": 90.0,
            "duration_mean_ms": 1200.0,
        },
        {
            "runtime": "rust",
            "architecture": "x86_64",
            "memory_mb": 512,
            "init_mean_ms": 90.0,
            "duration_mean_ms": 300.0,
        },
        {"runtime": "rust", "architecture": "arm64", "memory_mb": 128, "init_mean_ms": 1.0, "duration_mean_ms": 1.0},
    ]
)
COLD = pd.DataFrame(
    [
        {"lab": "rust", "memory_mb": size, "init_ms": init, "duration_ms": duration}
        for size, init, duration in [(512, 3.0, 150.0), (128, 3.0, 100.0), (128, 5.0, 900.0), (128, 3.0, 300.0)]
    ]
)


def test_medians_stand_beside_the_figures_of_their_runtime_size_and_architecture() -> None:
    assert fit.compare(COLD, PUBLISHED, "x86_64") == [
        Compared("rust", 128, "INIT", 3.0, 90.0),
        Compared("rust", 128, "first duration", 300.0, 1200.0),
        Compared("rust", 512, "INIT", 3.0, 90.0),
        Compared("rust", 512, "first duration", 150.0, 300.0),
    ]


def test_a_ratio_is_local_over_aws() -> None:
    [_, first, *_] = fit.compare(COLD, PUBLISHED, "x86_64")
    assert first.ratio == pytest.approx(0.25)


def test_a_factor_is_aws_over_local_with_its_extremes() -> None:
    assert fit.factors(fit.compare(COLD, PUBLISHED, "x86_64")) == [
        Factor("rust", "INIT", 30.0, 30.0, 30.0, 2),
        Factor("rust", "first duration", 3.0, 2.0, 4.0, 2),
    ]


def test_what_was_not_published_has_a_dash_and_no_factor() -> None:
    compared = fit.compare(COLD, PUBLISHED, "arm64")
    [_, _, _, of_512] = fit.comparison_table(compared, {("rust", 512): 4.0}).splitlines()
    assert of_512 == "| rust | 512 | 3 | – | – | 150 | – | – | 4 |"
    assert {one.sizes for one in fit.factors(compared)} == {1}


def test_the_tables_have_as_many_cells_in_each_line() -> None:
    compared = fit.compare(COLD, PUBLISHED, "x86_64")
    for table in (fit.comparison_table(compared, {}), fit.factor_table(fit.factors(compared))):
        assert len({line.count("|") for line in table.splitlines()}) == 1
        assert len(table.splitlines()) == 4

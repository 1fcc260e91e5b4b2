from __future__ import annotations

import math

import numpy as np
import pytest

from tests.measure.test_store import row
from workshop.measure import data_frame, ratio, summarize, summary


def test_summary_of_known_values() -> None:
    found = summary(range(1, 101))
    assert (found.n, found.median) == (100, 50.5)
    assert found.p95 == pytest.approx(95.05)
    assert found.low < 50.5 < found.high


def test_the_interval_holds_the_true_median_about_as_often_as_it_says() -> None:
    random = np.random.default_rng(7)
    held = 0
    for _ in range(60):
        found = summary(random.lognormal(0, 0.5, 25))
        held += found.low <= 1.0 <= found.high
    assert 50 <= held <= 60


def test_more_samples_narrow_the_interval() -> None:
    random = np.random.default_rng(7)
    few, many = summary(random.normal(100, 10, 8)), summary(random.normal(100, 10, 400))
    assert many.high - many.low < (few.high - few.low) / 2


def test_missing_values_are_left_out() -> None:
    assert summary([1.0, None, 3.0]).n == 2
    assert summary([]).n == 0
    assert math.isnan(summary([None]).median)


def test_one_value_has_no_interval() -> None:
    found = summary([4.0])
    assert (found.n, found.median) == (1, 4.0)
    assert math.isnan(found.low)


def test_equal_values_have_an_interval_of_no_width() -> None:
    found = summary([2.0] * 10)
    assert (found.low, found.high) == (2.0, 2.0)


def test_the_same_values_give_the_same_interval() -> None:
    values = np.random.default_rng(3).normal(10, 1, 12)
    assert summary(values) == summary(values)


def test_ratio_of_medians() -> None:
    random = np.random.default_rng(5)
    found = ratio(random.normal(200, 5, 30), random.normal(10, 0.3, 30))
    assert found.median == pytest.approx(20, rel=0.05)
    assert found.low < found.median < found.high
    assert ratio([], [1.0]).n == 0


def test_summarize_makes_a_line_a_group() -> None:
    rows = data_frame([row(lab="a", duration_ms=1.0), row(lab="a", duration_ms=3.0), row(lab="b", duration_ms=None)])
    table = summarize(rows, "duration_ms", ["lab"])
    assert table["lab"].tolist() == ["a"]
    assert (table.loc[0, "median"], table.loc[0, "n"]) == (2.0, 2)

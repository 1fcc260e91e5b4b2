"""Median, p95 and a bootstrap interval: durations are skewed, so a mean and its deviation tell little."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.stats import bootstrap

_RESAMPLES = 4999
# A fixed seed: the same rows give the same interval in a notebook, in the report and in a test.
_SEED = 20_250_801


@dataclass(frozen=True)
class Summary:
    """`n` values, their median and p95, and the 95 % bootstrap interval of the median (NaN where n < 2)."""

    n: int
    median: float
    p95: float
    low: float
    high: float


def summary(values: Iterable[Any]) -> Summary:
    """Summarise values; missing ones are left out. The interval is the percentile bootstrap's."""
    known = _known(values)
    if known.size == 0:
        return Summary(0, np.nan, np.nan, np.nan, np.nan)
    low, high = _interval((known,), _median)
    return Summary(int(known.size), float(np.median(known)), float(np.percentile(known, 95)), low, high)


def ratio(numerator: Iterable[Any], denominator: Iterable[Any]) -> Summary:
    """The ratio of two medians with its 95 % interval; both samples are resampled. `p95` has no meaning here (NaN)."""
    above, below = _known(numerator), _known(denominator)
    n = int(min(above.size, below.size))
    if n == 0:
        return Summary(0, np.nan, np.nan, np.nan, np.nan)
    low, high = _interval((above, below), _ratio_of_medians) if n > 1 else (np.nan, np.nan)
    return Summary(n, float(np.median(above) / np.median(below)), np.nan, low, high)


def summarize(rows: pd.DataFrame, value: str, by: Sequence[str] = ("lab", "function", "event")) -> pd.DataFrame:
    """One line a group with the columns of `Summary`; groups without any value are left out."""
    lines = []
    for key, group in rows.groupby(list(by), sort=True, dropna=False):
        found = summary(group[value])
        if found.n:
            lines.append(dict(zip(by, key, strict=True)) | asdict(found))
    return pd.DataFrame(lines, columns=[*by, *Summary.__dataclass_fields__])


def _known(values: Iterable[Any]) -> npt.NDArray[np.float64]:
    series = pd.to_numeric(pd.Series(list(values), dtype="object"), errors="coerce")
    return series.dropna().to_numpy(dtype=np.float64)


def _interval(samples: tuple[npt.NDArray[np.float64], ...], statistic: Any) -> tuple[float, float]:
    if any(sample.size < 2 for sample in samples):
        return np.nan, np.nan
    # The percentile method: BCa has no answer when a jack-knife of the median does not vary, as with ties.
    found = bootstrap(
        samples, statistic, n_resamples=_RESAMPLES, confidence_level=0.95, method="percentile", rng=_SEED
    ).confidence_interval
    return float(found.low), float(found.high)


def _median(sample: npt.NDArray[np.float64], axis: int = -1) -> Any:
    return np.median(sample, axis=axis)


def _ratio_of_medians(above: npt.NDArray[np.float64], below: npt.NDArray[np.float64], axis: int = -1) -> Any:
    return np.median(above, axis=axis) / np.median(below, axis=axis)

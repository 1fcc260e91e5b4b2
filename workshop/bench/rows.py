"""What benchmarks make of the rows of `workshop.measure`."""

from __future__ import annotations

import pandas as pd

from workshop.cloud.errors import CloudError
from workshop.measure import cold


def checked(rows: pd.DataFrame) -> pd.DataFrame:
    """The rows as they are. Raises CloudError if an invocation failed."""
    failed = rows[rows["error"].notna()]
    if len(failed):
        raise CloudError(f"{len(failed)} invocations failed, the first with: {failed['error'].iloc[0]}")
    return rows


def to_answer(rows: pd.DataFrame) -> list[float]:
    """INIT and first duration of each cold start in ms, in the order of the rounds."""
    colds = cold(rows)
    return [float(init + first) for init, first in zip(colds["init_ms"], colds["duration_ms"], strict=True)]

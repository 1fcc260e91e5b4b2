"""Published figures of real AWS; sources and licences are in `published/README.md`."""

from __future__ import annotations

from importlib import resources
from typing import Literal

import pandas as pd


def published(name: Literal["aws-hello-world", "aws-dynamodb-light"]) -> pd.DataFrame:
    """A table as it was published; times in milliseconds, memory in MB."""
    with (resources.files(__package__) / "published" / f"{name}.csv").open("rb") as file:
        return pd.read_csv(file)


def sdk_cold_starts(memory_sizes: tuple[int, ...] = (128, 512, 1769)) -> pd.DataFrame:
    """Cold starts on AWS of a function that talks to DynamoDB, in Python 3.11 and in Rust (x86_64, means, n = 125)."""
    table = published("aws-dynamodb-light")
    chosen = table[
        (table["architecture"] == "x86_64")
        & table["runtime"].isin(["python3.11", "rust"])
        & table["memory_mb"].isin(memory_sizes)
    ]
    names = {
        "runtime": "runtime",
        "memory_mb": "memory (MB)",
        "init_mean_ms": "INIT (ms)",
        "duration_mean_ms": "first duration (ms)",
    }
    return chosen.sort_values(["memory_mb", "runtime"])[list(names)].rename(columns=names).reset_index(drop=True)

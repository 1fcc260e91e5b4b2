"""DynamoDB's "light" workload in Rust and Python, cold and warm, next to what was published of AWS.

Source of AWS's figures and of the workload: cebert/aws-lambda-performance-benchmarks (`workshop/report/published`).
"""

from __future__ import annotations

import platform
import sys

import pandas as pd

from workshop.bench import deployed, fit, packages
from workshop.bench.deployed import Variant
from workshop.bench.environment import MEMORY_SIZES
from workshop.bench.rows import checked
from workshop.bench.table import about
from workshop.measure import cold, cold_starts, warm, warm_calls
from workshop.report.published import published
from workshop.target import Cloud

_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"
_ARCHITECTURE = {"aarch64": "arm64"}.get(platform.machine(), platform.machine())


def measure(cloud: Cloud, n: int) -> pd.DataFrame:
    """`n` cold and `n` warm calls of each runtime at each memory size, in turn. Raises CloudError if one fails."""
    codes = [
        ("rust", "provided.al2023", "bootstrap", packages.of_rust("dynamodb-light")),
        (_PYTHON, _PYTHON, "light.handler", packages.of_source("light.py")),
    ]
    with deployed.table(cloud) as (table, policy):
        variants = [
            Variant(name, f"{size} MB", runtime, handler, code, size, {"TABLE_NAME": table})
            for size in MEMORY_SIZES
            for name, runtime, handler, code in codes
        ]
        with deployed.functions(cloud, variants, policy) as functions:
            rows = pd.concat([cold_starts(functions, {}, n=n), warm_calls(functions, {}, n=n, warm_up=2)])
    return checked(rows)


def markdown(rows: pd.DataFrame, machine: dict[str, str], n: int) -> str:
    """Both tables, under a line that says where and when they were measured."""
    compared = fit.compare(cold(rows), published("aws-dynamodb-light"), _ARCHITECTURE)
    medians = warm(rows).groupby(["lab", "memory_mb"], as_index=False)["duration_ms"].median()
    warm_ms = {(str(lab), int(size)): float(ms) for lab, size, ms in medians.itertuples(index=False)}
    parts = [about(machine, n), fit.comparison_table(compared, warm_ms), fit.factor_table(fit.factors(compared))]
    return "\n\n".join(parts)

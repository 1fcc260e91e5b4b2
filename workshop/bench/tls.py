"""What HTTPS adds to a first call: the same function once by http:// and once by https://, in each runtime."""

from __future__ import annotations

import shutil
import statistics
import sys

import pandas as pd

from workshop.bench import deployed, packages
from workshop.bench.deployed import Variant
from workshop.bench.rows import checked
from workshop.bench.table import about
from workshop.measure import cold, cold_starts
from workshop.plots.style import number
from workshop.target import Cloud

MEMORY_SIZES = (128, 512, 1769)
SCHEMES = ("http", "https")
_PYTHON = f"python{sys.version_info.major}.{sys.version_info.minor}"


def left_out() -> dict[str, str]:
    """Runtimes that this machine lacks, with what is missing."""
    needed = {"Node": ("node", "npm"), "Java": ("javac", "mvn")}
    missing = {name: [tool for tool in tools if not shutil.which(tool)] for name, tools in needed.items()}
    return {name: ", ".join(tools) for name, tools in missing.items() if tools}


def measure(cloud: Cloud, n: int) -> pd.DataFrame:
    """`n` cold starts of each runtime, memory size and scheme, in turn. Raises CloudError if one fails."""
    with deployed.table(cloud) as (table, policy):
        variants = [
            Variant(name, f"{scheme} {size} MB", runtime, handler, code, size, _variables(table, scheme, cloud))
            for size in MEMORY_SIZES
            for name, runtime, handler, code in _codes()
            for scheme in SCHEMES
        ]
        with deployed.functions(cloud, variants, policy) as functions:
            rows = cold_starts(functions, {}, n=n)
    return checked(rows)


def _codes() -> list[tuple[str, str, str, bytes]]:
    """Name, runtime, handler and package of what this machine can run."""
    missing = left_out()
    codes = [
        ("Rust", "provided.al2023", "bootstrap", packages.of_rust("get-item")),
        ("Python", _PYTHON, "get_item.handler", packages.of_source("get_item.py")),
    ]
    if "Node" not in missing:
        codes.append(("Node", "nodejs20.x", "get_item.handler", packages.of_source("get_item.mjs")))
    if "Java" not in missing:
        codes.append(("Java", "java17", "Request::handle", packages.of_java("Request")))
    return codes


def _variables(table: str, scheme: str, cloud: Cloud) -> dict[str, str]:
    """AWS's own name in both, so that nothing but TLS differs."""
    return {"TABLE_NAME": table, "AWS_ENDPOINT_URL": f"{scheme}://dynamodb.{cloud.region}.amazonaws.com"}


def markdown(rows: pd.DataFrame, machine: dict[str, str], n: int) -> str:
    """The table of medians, under a line that says where and when it was measured."""
    head = ["runtime", "MB", "INIT http", "INIT https", "first http", "first https", "TLS adds to first"]
    lines = [f"| {' | '.join(head)} |", "|---|--:|--:|--:|--:|--:|--:|"]
    good = cold(rows)
    for runtime, size in dict.fromkeys(zip(good["lab"], good["memory_mb"], strict=True)):
        part = good[(good["lab"] == runtime) & (good["memory_mb"] == size)]
        by_scheme = [part[part["function"].str.startswith(f"{scheme} ")] for scheme in SCHEMES]
        inits = [statistics.median(one["init_ms"]) for one in by_scheme]
        firsts = [statistics.median(one["duration_ms"]) for one in by_scheme]
        cells = [number(value) for value in (*inits, *firsts, firsts[1] - firsts[0])]
        lines.append(f"| {runtime} | {size} | {' | '.join(cells)} |")
    missing = [f"{name} is left out: {what} not found." for name, what in left_out().items()]
    return "\n\n".join([about(machine, n), "\n".join(lines), *missing])

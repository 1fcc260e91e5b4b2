"""What the notebooks share: how often they measure, with which events, and what an invocation asks of others."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from workshop.labs import Lab, LabError, catalog, seed
from workshop.measure import Event, LambdaFunction, MeasureError, authorizer_event, rest_event, summary
from workshop.plots.style import number
from workshop.target import Cloud

_CALLER = {"username": "admin", "role": "admin"}

# Requests of other services behind one warm invocation, counted in the labs' code for the demo data: S3 charges
# lists like writes; the region of each of 12 buckets is looked up; a bucket has 8 settings; 20,000 keys are 20 pages.
SERVICES: Mapping[str, Mapping[str, float]] = {
    "GET /buckets": {"api_gateway_rest": 1, "s3_put_or_list": 1, "s3_get": 12},
    "GET /buckets/{bucket}": {"api_gateway_rest": 1, "s3_put_or_list": 1, "s3_get": 8},
    "GET /buckets/{bucket}/usage": {"api_gateway_rest": 1, "s3_put_or_list": 20},
    "POST /sessions": {"api_gateway_rest": 1, "dynamodb_read_unit": 1},
}


@dataclass(frozen=True)
class Sizes:
    """How many samples to take.

    `cold` and `warm` are for light functions and `walk` for the usage walk, which takes seconds in Python;
    `turns` is for the walk of two labs in turn. `tuning` and `walk_tuning` are for each memory size (MB).
    """

    cold: int
    warm: int
    walk: int
    turns: int
    tuning: int
    walk_tuning: int
    memory_mb: tuple[int, ...]
    walk_memory_mb: tuple[int, ...]


# A walk takes Python nine seconds at 512 MB: these keep all notebooks within about six minutes, or three if quick.
_FULL = Sizes(10, 15, 3, 2, 4, 3, (128, 256, 512, 1024, 1769), (512, 1024, 1769))
_QUICK = Sizes(3, 4, 1, 1, 2, 2, (256, 1769), (1024, 1769))


def sizes() -> Sizes:
    """Sample sizes of the notebooks; `WORKSHOP_QUICK=1` makes them small, for a first look and for tests."""
    return _QUICK if os.environ.get("WORKSHOP_QUICK") == "1" else _FULL


def light_cases(lab: Lab) -> list[tuple[LambdaFunction, Event]]:
    """The functions that answer at once, each with an event: buckets (list, details), authorizer, sessions.

    The events hold the demo user's password and a fresh token (good for 15 minutes); neither is ever shown.
    """
    sign_in = rest_event("POST /sessions", body={"username": "admin", "password": lab.password("admin")})
    buckets, sessions = lab.function("buckets"), lab.function("sessions")
    details = {"bucket": seed.bucket_name(lab.cloud, seed.ODD_KEYS_BUCKET)}
    return [
        (buckets, rest_event("GET /buckets", caller=_CALLER)),
        (buckets, rest_event("GET /buckets/{bucket}", path=details, caller=_CALLER)),
        (lab.function("authorizer"), authorizer_event("GET /buckets", f"Bearer {_token(sessions, sign_in)}")),
        (sessions, sign_in),
    ]


def walk_case(lab: Lab) -> tuple[LambdaFunction, Event]:
    """The usage function with the walk over every key of the big bucket."""
    path = {"bucket": seed.bucket_name(lab.cloud, seed.BIG_BUCKET)}
    return lab.function("usage"), rest_event("GET /buckets/{bucket}/usage", path=path, caller=_CALLER)


def functions_of(cases: Sequence[tuple[LambdaFunction, Event]]) -> list[LambdaFunction]:
    """The functions of some cases, each once."""
    return list(dict.fromkeys(function for function, _ in cases))


def deployed_labs(cloud: Cloud) -> list[Lab]:
    """The labs that are deployed there, in order."""
    found = []
    for folder in catalog.all_labs():
        try:
            found.append(Lab(folder.name).attach(cloud))
        except LabError:  # not deployed: left out
            continue
    return found


def import_times(statement: str) -> pd.DataFrame:
    """What a Python statement imports, package by package: own milliseconds and number of modules, dearest first.

    Measured once in a new interpreter by `python -X importtime`.
    """
    command = [sys.executable, "-X", "importtime", "-c", statement]
    trace = subprocess.run(command, capture_output=True, text=True, check=True).stderr
    found = re.findall(r"^import time:\s+(\d+) \|\s+\d+ \|\s+(\w+)", trace, re.MULTILINE)
    modules = pd.DataFrame({"package": [name for _, name in found], "ms": [int(own) / 1000 for own, _ in found]})
    packages = modules.groupby("package").agg(ms=("ms", "sum"), modules=("ms", "count"))
    return packages.sort_values("ms", ascending=False).round(1)


def median(rows: pd.DataFrame, function: str, event: str, column: str) -> float:
    """The median of one column for one function and event; NaN where it was not told."""
    return summary(rows[(rows["function"] == function) & (rows["event"] == event)][column]).median


def compare(predictions: Mapping[str, float | None], measured: Mapping[str, float]) -> pd.DataFrame:
    """Predictions beside what was measured; a prediction of None was not made."""
    lines = []
    for name, found in measured.items():
        guess = predictions.get(name)
        factor = "–" if guess is None or not found > 0 else f"{number(guess / found)} ×"
        lines.append({"": name, "predicted": guess, "measured": number(found), "predicted / measured": factor})
    return pd.DataFrame(lines)


def _token(sessions: LambdaFunction, sign_in: Event) -> str:
    invocation = sessions.invoke(sign_in.payload)
    if invocation.error is not None:
        raise MeasureError(f"signing in failed: {invocation.error}. Deploy the lab again: ./poe build-and-deploy")
    return str(json.loads(invocation.answer["body"])["token"])

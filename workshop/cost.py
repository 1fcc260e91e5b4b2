"""What invocations cost on AWS: Lambda's duration and requests, and the requests that each makes elsewhere.

Formula, as on https://aws.amazon.com/lambda/pricing/: GB-seconds x price + requests x price, where
GB-seconds = memory in MB / 1024 x billed seconds. Billed is the duration, rounded up to a millisecond; since
2025-08-01 INIT is part of it for functions in zip files with managed runtimes, too:
https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
Free tier, tiers past the first and data transfer are not counted.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any

import pandas as pd

# Cold starts are under 1 % of the invocations of a function with steady traffic:
# https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html
STEADY_COLD_SHARE = 0.01

_MILLION = 1_000_000


@dataclass(frozen=True)
class PriceList:
    """Prices in US dollars: a GB-second by architecture, a Lambda request, and requests of other services by name."""

    region: str
    date: str
    gb_second: Mapping[str, float]
    lambda_request: float
    requests: Mapping[str, float]
    sources: Mapping[str, str]

    def duration(self, milliseconds: float, memory_mb: int, architecture: str) -> float:
        """What this many billed milliseconds cost."""
        return milliseconds / 1000 * memory_mb / 1024 * self.gb_second[architecture]


@cache
def price_list(region: str = "us-east-1") -> PriceList:
    """The price list of a region, from `workshop/prices/`. Raises `ValueError` if there is none."""
    file = resources.files("workshop") / "prices" / f"{region}.json"
    if not file.is_file():
        raise ValueError(f"there is no price list of {region}: add workshop/prices/{region}.json")
    data = json.loads(file.read_text())
    requests = data["requests"]
    sources = {name: one["source"] for name, one in requests.items()} | {"lambda": data["lambda"]["source"]}
    return PriceList(
        region=data["region"],
        date=data["date"],
        gb_second=data["lambda"]["gb_second"],
        lambda_request=data["lambda"]["request"],
        requests={name: one["price"] for name, one in requests.items()},
        sources=sources,
    )


def billed_ms(duration_ms: float, init_ms: float = 0.0) -> int:
    """Milliseconds billed for one invocation: duration and INIT, rounded up together.

    The sum is rounded to a microsecond first, so that 0.1 + 0.2 does not cost a millisecond more.
    """
    return math.ceil(round(duration_ms + init_ms, 3))


@dataclass(frozen=True)
class Bill:
    """US dollars for a million invocations, part by part."""

    warm: float
    cold: float
    requests: float
    services: Mapping[str, float] = field(default_factory=dict)

    @property
    def compute(self) -> float:
        """Lambda's duration: warm calls and cold starts."""
        return self.warm + self.cold

    @property
    def total(self) -> float:
        """Everything."""
        return self.compute + self.requests + sum(self.services.values())


def per_million(
    warm_ms: float,
    *,
    memory_mb: int,
    first_ms: float | None = None,
    init_ms: float = 0.0,
    cold_share: float = STEADY_COLD_SHARE,
    architecture: str = "x86_64",
    services: Mapping[str, float] | None = None,
    prices: PriceList | None = None,
) -> Bill:
    """The bill of a million invocations, of which `cold_share` (0 to 1) are cold starts.

    A warm one is billed ceil(`warm_ms`), a cold one ceil(`first_ms` + `init_ms`). `services` tells how many requests
    of other services an invocation makes, by their names in the price list: `{"s3_put_or_list": 20}`.
    """
    if not 0 <= cold_share <= 1:
        raise ValueError(f"cold_share is a share from 0 to 1, not {cold_share}")
    prices = prices or price_list()
    unknown = set(services or {}) - set(prices.requests)
    if unknown:
        raise ValueError(f"no price for {', '.join(sorted(unknown))}: the list has {', '.join(prices.requests)}")
    billed_cold = billed_ms(warm_ms if first_ms is None else first_ms, init_ms)
    return _bill(billed_ms(warm_ms), billed_cold, memory_mb, architecture, cold_share, services or {}, prices)


def of_rows(
    rows: pd.DataFrame,
    *,
    cold_share: float = STEADY_COLD_SHARE,
    services: Mapping[str, Mapping[str, float]] | None = None,
    prices: PriceList | None = None,
) -> pd.DataFrame:
    """Dollars per million invocations of each function, event and memory size that has warm and cold rows.

    Columns: lab, function, event, memory_mb, warm, cold, requests, services, total. Billed milliseconds are
    the mean of the rows' `billed_ms`: a bill is a sum, so what counts is the mean and not the median.
    `services` tells, by event, the requests of other services that one invocation makes.
    """
    by = ["lab", "function", "event", "memory_mb", "architecture"]
    good = rows[rows["error"].isna()]
    means = {"warm_ms": good[~good["cold"]], "cold_ms": good[good["cold"]]}
    billed = pd.concat({name: part.groupby(by)["billed_ms"].mean() for name, part in means.items()}, axis=1).dropna()
    prices = prices or price_list()
    lines: list[dict[str, Any]] = []
    for key, found in billed.sort_index().iterrows():
        named = dict(zip(by, key, strict=True))  # type: ignore[call-overload]
        memory, architecture = int(named["memory_mb"]), str(named.pop("architecture"))
        bill = _bill(
            float(found["warm_ms"]),
            float(found["cold_ms"]),
            memory,
            architecture,
            cold_share,
            (services or {}).get(named["event"], {}),
            prices,
        )
        parts = {"warm": bill.warm, "cold": bill.cold, "requests": bill.requests}
        lines.append(named | parts | {"services": sum(bill.services.values()), "total": bill.total})
    return pd.DataFrame(lines, columns=[*by[:-1], "warm", "cold", "requests", "services", "total"])


def _bill(
    warm_billed_ms: float,
    cold_billed_ms: float,
    memory_mb: int,
    architecture: str,
    cold_share: float,
    services: Mapping[str, float],
    prices: PriceList,
) -> Bill:
    """A million invocations' bill from what one warm and one cold invocation are billed."""
    return Bill(
        warm=_MILLION * (1 - cold_share) * prices.duration(warm_billed_ms, memory_mb, architecture),
        cold=_MILLION * cold_share * prices.duration(cold_billed_ms, memory_mb, architecture),
        requests=_MILLION * prices.lambda_request,
        services={name: _MILLION * count * prices.requests[name] for name, count in services.items()},
    )

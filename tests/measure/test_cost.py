from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.measure.test_store import row
from workshop import cost
from workshop.measure import data_frame


def test_billed_is_rounded_up_once_for_duration_and_init() -> None:
    assert cost.billed_ms(12.34, 150.12) == 163
    assert cost.billed_ms(0.5, 0.5) == 1
    assert cost.billed_ms(0.1 + 0.2, 0.7) == 1  # not 2 for a binary fraction
    assert cost.billed_ms(7) == 7


@given(st.floats(0, 900_000), st.floats(0, 10_000))
def test_billed_is_never_less_than_what_ran(duration: float, init: float) -> None:
    assert -0.001 <= cost.billed_ms(duration, init) - (duration + init) < 1.001


def test_a_bill_by_hand() -> None:
    # 1 GB for 100 ms warm; 400 ms cold, once in a hundred: 0.1 and 0.4 GB-seconds.
    bill = cost.per_million(100, memory_mb=1024, first_ms=150, init_ms=250, cold_share=0.01)
    assert bill.warm == pytest.approx(990_000 * 0.1 * 0.0000166667)
    assert bill.cold == pytest.approx(10_000 * 0.4 * 0.0000166667)
    assert bill.requests == pytest.approx(0.20)
    assert bill.total == pytest.approx(bill.warm + bill.cold + 0.20)


def test_arm_is_cheaper_by_the_price_list() -> None:
    on = {arch: cost.per_million(100, memory_mb=512, architecture=arch).compute for arch in ("x86_64", "arm64")}
    assert on["arm64"] / on["x86_64"] == pytest.approx(0.0000133334 / 0.0000166667)


def test_services_are_charged_by_request() -> None:
    bill = cost.per_million(1, memory_mb=128, services={"s3_put_or_list": 20, "api_gateway_rest": 1})
    assert bill.services == pytest.approx({"s3_put_or_list": 100.0, "api_gateway_rest": 3.5})


@pytest.mark.parametrize(
    ("arguments", "says"),
    [({"services": {"s3_lists": 1}}, "no price for s3_lists"), ({"cold_share": 2}, "share from 0 to 1")],
)
def test_mistakes_are_named(arguments: dict[str, object], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        cost.per_million(1, memory_mb=128, **arguments)  # type: ignore[arg-type]


def test_an_unknown_region_names_the_file_to_add() -> None:
    with pytest.raises(ValueError, match=r"workshop/prices/mars-1\.json"):
        cost.price_list("mars-1")


def test_of_rows_uses_mean_billed_milliseconds() -> None:
    rows = data_frame(
        [
            row(billed_ms=10),
            row(billed_ms=30),
            row(cold=True, init_ms=100.0, billed_ms=120),
            row(billed_ms=9999, error="HTTP 500"),
        ]
    )
    table = cost.of_rows(rows, cold_share=0.5, services={"GET /buckets": {"s3_get": 1}})
    (line,) = table.to_dict("records")
    half_gigabyte = 0.5 * 0.0000166667 / 1000 * 500_000
    assert line["warm"] == pytest.approx(20 * half_gigabyte)
    assert line["cold"] == pytest.approx(120 * half_gigabyte)
    assert line["services"] == pytest.approx(0.4)
    assert line["total"] == pytest.approx(sum(line[part] for part in ("warm", "cold", "requests", "services")))


def test_of_rows_needs_cold_and_warm() -> None:
    assert cost.of_rows(data_frame([row()])).empty


@pytest.mark.parametrize("path", sorted((Path(cost.__file__).parent / "prices").glob("*.json")), ids=lambda p: p.stem)
def test_price_lists_have_a_date_and_sources(path: Path) -> None:
    data = json.loads(path.read_text())
    assert data["region"] == path.stem
    date.fromisoformat(data["date"])
    prices = cost.price_list(path.stem)
    assert set(prices.gb_second) == {"x86_64", "arm64"}
    assert set(prices.sources) == {"lambda", *prices.requests}
    assert all(source.startswith("https://aws.amazon.com/") for source in prices.sources.values())


@pytest.mark.parametrize("module", ["workshop.cost", "workshop.measure", "workshop.plots", "workshop.report"])
def test_each_package_can_be_the_first_to_be_imported(module: str) -> None:
    subprocess.run([sys.executable, "-c", f"import {module}"], check=True)

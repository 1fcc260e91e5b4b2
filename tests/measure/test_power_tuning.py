from __future__ import annotations

import base64
import struct

import pytest

from tests.measure.fake_lambda import FakeLambda, function
from workshop.cost import price_list
from workshop.measure import Event, MeasureError, Run, power_tuning
from workshop.measure.power_tuning import choose, trimmed_mean

EVENT = Event("GET /buckets", {})


def cpu_bound() -> FakeLambda:
    client = FakeLambda(memory_mb=512)
    client.duration_ms = lambda memory: 200 * 1769 / memory
    return client


def test_each_size_is_measured_and_the_output_is_as_the_field_knows_it() -> None:
    tuning = power_tuning(function(cpu_bound()), EVENT, power_values=[128, 512, 1769], num=10, strategy="speed")
    output = tuning.output
    assert set(output) == {"power", "cost", "duration", "stateMachine", "stats"}
    assert set(output["stateMachine"]) == {"executionCost", "lambdaCost", "visualization"}
    assert output["power"] == 1769
    # The one cold start of ten is among the two dropped at each end.
    assert output["duration"] == pytest.approx(200)
    assert output["cost"] == pytest.approx(price_list().duration(200, 1769, "x86_64"))
    assert [one["value"] for one in output["stats"]] == [128, 512, 1769]
    assert sorted(tuning.rows["memory_mb"].unique()) == [128, 512, 1769]


def test_costs_are_those_of_billed_durations_and_add_up() -> None:
    tuning = power_tuning(function(cpu_bound()), EVENT, power_values=[256], num=3, discard_top_bottom=0)
    billed = [1483, 1383, 1383]  # ceil(200 * 1769 / 256), and 100 ms of INIT once
    assert sorted(tuning.rows["billed_ms"], reverse=True) == billed
    dollars = [price_list().duration(one, 256, "x86_64") for one in billed]
    assert tuning.output["stateMachine"]["lambdaCost"] == pytest.approx(sum(dollars))
    mean_billed = -(-sum(billed) // 3)
    assert tuning.output["cost"] == pytest.approx(price_list().duration(mean_billed, 256, "x86_64"))


def test_nothing_is_left_behind() -> None:
    client = cpu_bound()
    client.publish_version("x")  # somebody's own version, with the memory size that comes first
    before = dict(client.versions)
    power_tuning(function(client), EVENT, power_values=[512, 128], num=2)
    assert client.versions == before
    assert client.aliases == {}
    assert client.latest["MemorySize"] == 512


@pytest.mark.parametrize("only_cold_starts", [False, True])
def test_nothing_is_left_behind_by_an_interruption(only_cold_starts: bool) -> None:
    client = cpu_bound()
    client.latest["Environment"] = {"Variables": {"A": "1"}}
    client.interrupt_after = 3
    with pytest.raises(KeyboardInterrupt):
        power_tuning(function(client), EVENT, power_values=[128, 256], num=5, only_cold_starts=only_cold_starts)
    assert (client.versions, client.aliases) == ({}, {})
    assert client.latest["MemorySize"] == 512
    assert client.latest["Environment"] == {"Variables": {"A": "1"}}


def test_an_interruption_while_publishing_leaves_nothing() -> None:
    client = cpu_bound()

    def interrupted(**_: object) -> None:
        raise KeyboardInterrupt

    client.create_alias = interrupted  # type: ignore[assignment, method-assign]
    with pytest.raises(KeyboardInterrupt):
        power_tuning(function(client), EVENT, power_values=[128], num=1)
    assert client.versions == {}
    assert client.latest["MemorySize"] == 512


def test_the_alias_of_a_killed_run_is_taken_over() -> None:
    client = cpu_bound()
    client.latest["MemorySize"] = 128
    client.publish_version("x")
    client.aliases["workshop-128MB"] = "1"
    client.latest["MemorySize"] = 512
    tuning = power_tuning(function(client), EVENT, power_values=[128], num=1)
    assert tuning.rows["memory_mb"].tolist() == [128]
    assert client.aliases == {}


def test_only_cold_starts_counts_init() -> None:
    client = cpu_bound()
    tuning = power_tuning(function(client), EVENT, power_values=[1769], num=3, only_cold_starts=True)
    assert list(tuning.rows["cold"]) == [True] * 3
    assert tuning.output["duration"] == pytest.approx(300)
    assert client.published == 0


def test_several_functions_take_turns_and_each_has_its_answer() -> None:
    labs = [function(cpu_bound(), lab=lab) for lab in ("01-python-baseline", "03-rust-rewrite")]
    tuning = power_tuning(labs, EVENT, power_values=[128, 256], num=2)
    assert list(tuning.outputs) == ["01-python-baseline buckets GET /buckets", "03-rust-rewrite buckets GET /buckets"]
    assert tuning.stats["optimal"].sum() == 2
    assert tuning.rows["lab"].tolist()[:4] == ["01-python-baseline"] * 2 + ["03-rust-rewrite"] * 2
    with pytest.raises(MeasureError, match="use outputs"):
        _ = tuning.output


def test_failed_invocations_are_rows_but_in_no_average() -> None:
    client = cpu_bound()
    times = iter(range(100))
    client.handler = lambda payload, memory: {"statusCode": 500 if next(times) == 1 else 200}
    tuning = power_tuning(function(client), EVENT, power_values=[128], num=4, discard_top_bottom=0)
    assert tuning.rows["error"].notna().sum() == 1
    assert tuning.stats["n"].tolist() == [3]


def test_an_interrupted_run_goes_on() -> None:
    client = cpu_bound()
    run = Run("power-tuning@2026-01-01T00:00:00.000Z")
    client.interrupt_after = 5
    with pytest.raises(KeyboardInterrupt):
        power_tuning(function(client), EVENT, power_values=[128, 256], num=4, run=run)
    client.interrupt_after = None
    client.calls.clear()
    tuning = power_tuning(function(client), EVENT, power_values=[128, 256], num=4, run=run)
    assert len(tuning.rows) == 8
    assert sum(call.startswith("invoke") for call in client.calls) == 3


def test_visualization_holds_the_figures() -> None:
    tuning = power_tuning(function(cpu_bound()), EVENT, power_values=[128, 1769], num=10)
    parts = tuning.output["stateMachine"]["visualization"].split("#")[1].split(";")
    sizes, durations, costs = (base64.b64decode(part) for part in parts)
    assert struct.unpack("<2h", sizes) == (128, 1769)
    assert struct.unpack("<2f", durations) == pytest.approx((200 * 1769 / 128, 200), rel=1e-4)
    assert struct.unpack("<2f", costs) == pytest.approx(tuning.stats["cost"].tolist(), rel=1e-6)


POINTS = [
    {"power": 128, "cost": 1.0, "duration": 100.0},
    {"power": 256, "cost": 1.1, "duration": 40.0},
    {"power": 512, "cost": 3.0, "duration": 35.0},
]


@pytest.mark.parametrize(
    ("strategy", "weight", "power"),
    [
        ("cost", 0.5, 128),
        ("speed", 0.5, 512),
        ("balanced", 0.5, 256),
        ("balanced", 1.0, 128),
        ("balanced", 0.0, 512),
        ("balanced", 7.0, 128),
    ],
)
def test_strategies(strategy: str, weight: float, power: int) -> None:
    assert choose(POINTS, strategy, weight) == power  # type: ignore[arg-type]


def test_a_tie_goes_to_the_faster_or_the_cheaper() -> None:
    tied = [{"power": 1, "cost": 1, "duration": 2}, {"power": 2, "cost": 1, "duration": 1}]
    assert choose(tied, "cost") == 2
    tied = [{"power": 1, "cost": 2, "duration": 1}, {"power": 2, "cost": 1, "duration": 1}]
    assert choose(tied, "speed") == 2


def test_trimmed_mean() -> None:
    assert trimmed_mean([100, 1, 2, 3, 4], 0.2) == 3
    assert trimmed_mean([1, 2, 30], 0.2) == 11  # a fifth of three is no whole value
    assert trimmed_mean([5], 0.4) == 5

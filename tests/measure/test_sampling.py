from __future__ import annotations

import signal
from pathlib import Path

import pytest

from tests.measure.fake_lambda import FakeLambda, function
from workshop.measure import Event, MeasureError, Results, Run, cold_starts, kept, warm_calls

EVENT = Event("GET /buckets", {})


def test_every_cold_start_is_cold_and_told_in_full() -> None:
    client = FakeLambda(environment={"A": "1"})
    rows = cold_starts(function(client), EVENT, n=4)
    assert len(rows) == 4
    assert list(rows["cold"]) == [True] * 4
    first = rows.iloc[0]
    assert (first["lab"], first["function"], first["event"], first["target"]) == (
        "01-python-baseline",
        "buckets",
        "GET /buckets",
        "test",
    )
    assert (first["init_ms"], first["duration_ms"], first["billed_ms"], first["memory_mb"]) == (100.0, 10.0, 110, 512)
    assert first["client_ms"] > 0
    assert str(rows["memory_mb"].dtype) == "Int64"


def test_the_environment_is_as_it_was() -> None:
    client = FakeLambda(environment={"A": "1"})
    cold_starts(function(client), EVENT, n=2)
    assert client.latest["Environment"]["Variables"] == {"A": "1"}


def test_the_environment_is_as_it_was_after_an_interruption() -> None:
    client = FakeLambda(memory_mb=256, environment={"A": "1"})
    client.interrupt_after = 2
    with pytest.raises(KeyboardInterrupt):
        cold_starts(function(client), EVENT, n=5)
    assert client.latest["Environment"]["Variables"] == {"A": "1"}
    assert client.latest["MemorySize"] == 256


def test_a_variable_that_a_killed_run_left_behind_goes_too() -> None:
    client = FakeLambda(environment={"A": "1", "WORKSHOP_COLD_START": "old"})
    cold_starts(function(client), EVENT, n=1)
    assert client.latest["Environment"]["Variables"] == {"A": "1"}


def test_an_interruption_waits_until_functions_are_put_back() -> None:
    client = FakeLambda(memory_mb=512)
    one = function(client)
    update = client.update_function_configuration

    def interrupted_update(FunctionName: str, **changes: object) -> None:  # noqa: N803
        signal.raise_signal(signal.SIGINT)
        update(FunctionName, **changes)

    def measure() -> None:
        with kept([one]):
            one.configure(memory_mb=128)
            client.update_function_configuration = interrupted_update  # type: ignore[method-assign]

    with pytest.raises(KeyboardInterrupt):
        measure()
    assert client.latest["MemorySize"] == 512


def test_samples_take_turns() -> None:
    order: list[str] = []
    clients = {name: FakeLambda() for name in "abc"}
    for name, client in clients.items():
        client.handler = lambda payload, memory, name=name: order.append(name)
    cold_starts([function(client, name) for name, client in clients.items()], EVENT, n=3)
    assert order == ["a", "b", "c", "b", "c", "a", "c", "a", "b"]


def test_one_function_with_two_events() -> None:
    one = function(FakeLambda())
    rows = warm_calls([(one, Event("list", {})), (one, Event("details", {}))], n=3)
    assert rows.groupby("event").size().to_dict() == {"list": 3, "details": 3}


def test_warm_calls_are_warm() -> None:
    client = FakeLambda()
    rows = warm_calls(function(client), EVENT, n=5)
    assert list(rows["cold"]) == [False] * 5
    assert client.calls.count("invoke $LATEST") == 6


def test_a_call_that_turns_out_cold_is_kept_and_taken_again() -> None:
    client = FakeLambda()
    times = iter(range(100))
    client.handler = lambda payload, memory: client.warm.clear() if next(times) == 2 else None
    run = Run("r@2026-01-01T00:00:00.000Z")
    rows = warm_calls(function(client), EVENT, n=4, run=run)
    assert list(rows["cold"]) == [False] * 4
    assert [row.cold for row in run.rows].count(True) == 1


def test_an_error_is_a_row() -> None:
    client = FakeLambda()
    times = iter(range(100))

    def sometimes(payload: object, memory: int) -> object:
        if next(times) % 2:
            raise ValueError("no bucket")
        return {"statusCode": 200}

    client.handler = sometimes
    rows = cold_starts(function(client), EVENT, n=4)
    assert list(rows["error"].isna()) == [True, False, True, False]
    assert rows["error"].dropna().unique().tolist() == ["ValueError: no bucket"]


@pytest.mark.parametrize(
    ("body", "error"), [('{"detail": "S3 took too long"}', "HTTP 504: S3 took too long"), (None, "HTTP 504")]
)
def test_a_handler_that_answers_an_error_has_failed(body: str | None, error: str) -> None:
    client = FakeLambda()
    client.handler = lambda payload, memory: {"statusCode": 504, "body": body}
    assert function(client).invoke({}).error == error


def test_a_broken_function_ends_it_with_its_error() -> None:
    client = FakeLambda()

    def broken(payload: object, memory: int) -> None:
        raise ValueError("bad import")

    client.handler = broken
    run = Run("r@2026-01-01T00:00:00.000Z")
    with pytest.raises(MeasureError, match="3 times in a row: ValueError: bad import"):
        cold_starts(function(client), EVENT, n=30, run=run)
    assert len(run.rows) == 3


def test_provisioned_concurrency_is_named_when_nothing_gets_cold() -> None:
    client = FakeLambda()
    client.always_warm = True
    with pytest.raises(MeasureError, match="provisioned concurrency"):
        cold_starts(function(client), EVENT, n=2)


def test_an_unreadable_environment_is_not_overwritten() -> None:
    client = FakeLambda()
    client.latest["Environment"] = {"Error": {"ErrorCode": "AccessDeniedException"}}
    with pytest.raises(MeasureError, match="kms:Decrypt"):
        cold_starts(function(client), EVENT, n=1)
    assert "update" not in client.calls


def test_an_interrupted_run_goes_on(tmp_path: Path) -> None:
    results = Results(tmp_path / "rows.jsonl")
    client = FakeLambda()
    one = function(client)
    client.interrupt_after = 3
    with pytest.raises(KeyboardInterrupt):
        cold_starts(one, EVENT, n=5, run=results.begin("lab", [one]))
    client.interrupt_after = None
    client.calls.clear()
    rows = cold_starts(one, EVENT, n=5, run=results.begin("lab", [one]))
    assert len(rows) == 5
    assert client.calls.count("invoke $LATEST") == 2
    assert len(results.rows()) == 5


def test_nothing_to_measure_is_an_error() -> None:
    with pytest.raises(MeasureError, match="no function"):
        cold_starts([], EVENT)
    with pytest.raises(MeasureError, match="no event"):
        warm_calls(function(FakeLambda()))

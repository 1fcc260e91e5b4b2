from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.measure.fake_lambda import FakeLambda, function
from workshop.measure import Event, MeasureError, Results, Row, data_frame, latest, of_runs, warm_calls
from workshop.measure.rows import DTYPES


def row(run: str = "lab@2026-01-01T00:00:00.000Z", **changes: object) -> Row:
    values: dict[str, object] = {
        "run": run,
        "lab": "lab",
        "function": "buckets",
        "event": "GET /buckets",
        "runtime": "python3.11",
        "architecture": "x86_64",
        "memory_mb": 512,
        "target": "test",
        "cold": False,
        "init_ms": None,
        "duration_ms": 1.5,
        "billed_ms": 2,
        "max_memory_mb": 40,
        "client_ms": 3.0,
        "cpu_ms": None,
        "init_cpu_ms": None,
        "request_id": "id",
        "started_at": "2026-01-31T12:00:00.000Z",
        "error": None,
    }
    return Row(**(values | changes))  # type: ignore[arg-type]


def test_rows_come_back_as_they_were(tmp_path: Path) -> None:
    results = Results(tmp_path / "new" / "rows.jsonl")
    rows = [row(), row(cold=True, init_ms=12.5, error="HTTP 500: “odd”\n\tline")]
    for one in rows:
        results.append(one)
    assert [Row(**record) for record in results.records()] == rows


@pytest.mark.parametrize("torn", ['{"run": "lab@', '{"run": "x"}', '"'])
def test_a_torn_last_line_is_ignored_and_then_overwritten(tmp_path: Path, torn: str) -> None:
    results = Results(tmp_path / "rows.jsonl")
    results.append(row(function="one"))
    with results.path.open("a") as file:
        file.write(torn)
    assert len(results.rows()) == 1
    results.append(row(function="two"))
    assert results.rows()["function"].tolist() == ["one", "two"]


def test_a_torn_first_line(tmp_path: Path) -> None:
    results = Results(tmp_path / "rows.jsonl")
    results.path.write_text('{"run"')
    results.append(row())
    assert len(results.rows()) == 1


def test_a_torn_line_longer_than_a_block(tmp_path: Path) -> None:
    results = Results(tmp_path / "rows.jsonl")
    results.append(row())
    with results.path.open("a") as file:
        file.write("x" * 200_000)
    results.append(row())
    assert len(results.rows()) == 2


def test_damage_elsewhere_is_named(tmp_path: Path) -> None:
    results = Results(tmp_path / "rows.jsonl")
    results.append(row())
    results.path.write_text("garbage\n" + results.path.read_text())
    with pytest.raises(MeasureError, match=r"line 1 of .*rows\.jsonl"):
        results.rows()


def test_a_frame_is_typed_even_without_rows(tmp_path: Path) -> None:
    empty = Results(tmp_path / "none.jsonl").rows()
    assert list(empty.columns) == list(DTYPES)
    assert empty.dtypes.equals(data_frame([row()]).dtypes)


def test_a_finished_run_is_not_gone_on_with(tmp_path: Path) -> None:
    results = Results(tmp_path / "rows.jsonl")
    one = function(FakeLambda())
    run = results.begin("lab", [one], n=3)
    warm_calls(one, Event("e", {}), n=3, run=run)
    assert results.begin("lab", [one], n=3).id == run.id
    run.finish()
    again = results.begin("lab", [one], n=3)
    assert again.rows == []


def test_changed_code_or_settings_start_afresh(tmp_path: Path) -> None:
    results = Results(tmp_path / "rows.jsonl")
    client = FakeLambda()
    one = function(client)
    run = results.begin("lab", [one], quick=True)
    run.add(row(run.id))
    assert results.begin("lab", [one], quick=True).rows == run.rows
    assert results.begin("lab", [one], quick=False).rows == []
    run = results.begin("lab", [one], quick=True)
    run.add(row(run.id))
    client.latest["CodeSha256"] = "other"
    assert results.begin("lab", [one], quick=True).rows == []


def test_an_old_run_is_not_gone_on_with(tmp_path: Path) -> None:
    results = Results(tmp_path / "rows.jsonl")
    one = function(FakeLambda())
    run = results.begin("lab", [one])
    long_ago = (datetime.now(UTC) - timedelta(hours=13)).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    state = results.path.with_suffix(".open-runs.json")
    state.write_text(state.read_text().replace(run.id, f"lab@{long_ago}"))
    run.add(row(f"lab@{long_ago}"))
    assert results.begin("lab", [one]).rows == []


def test_the_latest_run_of_each_name_and_target() -> None:
    old, new, other = "lab@2026-01-01T00:00:00.000Z", "lab@2026-01-02T00:00:00.000Z", "x@2025-01-01T00:00:00.000Z"
    rows = data_frame([row(old), row(new), row(new), row(other), row(old, target="aws")])
    assert latest(rows)["run"].tolist() == [new, new, other, old]
    assert of_runs(rows, "x")["run"].tolist() == [other]
    assert latest(rows.iloc[:0]).empty

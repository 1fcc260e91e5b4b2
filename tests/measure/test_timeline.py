"""Phases from the Telemetry API's events."""

from __future__ import annotations

import json
from typing import Any

import pytest

from workshop.measure.timeline import INIT, INVOKE, TAIL, parse_line, timeline
from workshop.plots.timeline import timeline as plotted


def event(kind: str, second: float, **record: Any) -> dict[str, Any]:
    return {"time": f"2026-01-01T00:00:{second:06.3f}Z", "type": f"platform.{kind}", "record": record}


def one_environment(start: float = 0.0) -> list[dict[str, Any]]:
    return [
        event("initStart", start, initializationType="on-demand"),
        event("initReport", start + 0.05, status="success", metrics={"durationMs": 50.0}),
        event("start", start + 0.1, requestId="a"),
        event("runtimeDone", start + 0.13, requestId="a", status="success"),
        event("report", start + 0.2, requestId="a", status="success", metrics={"durationMs": 45.0}),
    ]


def test_the_phases_of_a_cold_start() -> None:
    rows = timeline(("one", each) for each in reversed(one_environment()))
    assert [(row.phase, row.start_ms, round(row.duration_ms, 6)) for row in rows.itertuples()] == [
        (INIT, 0.0, 50.0),
        (INVOKE, 100.0, 30.0),
        (TAIL, 130.0, 15.0),
    ]


def test_an_event_that_was_logged_twice_counts_once() -> None:
    assert len(timeline(("one", each) for each in [*one_environment(), *one_environment()])) == 3


def test_time_counts_from_the_first_event_of_each_environment() -> None:
    events = [("b", each) for each in one_environment(1.0)] + [("a", each) for each in one_environment(2.0)]
    rows = timeline(events)
    assert rows.groupby("environment")["start_ms"].min().to_dict() == {"a": 0.0, "b": 0.0}


def test_what_has_no_end_has_no_row() -> None:
    killed = one_environment()[:3]
    assert set(timeline(("one", each) for each in killed)["phase"]) == {INIT}
    assert timeline([]).empty


def test_only_platform_events_are_read_from_a_log() -> None:
    line = json.dumps(event("start", 0, requestId="a"))
    assert parse_line(line) == json.loads(line)
    for other in ("", "START RequestId: a", '"platform.start"', "[]", '{"type": "function", "time": "x"}', "{"):
        assert parse_line(other) is None


def test_the_plot_tells_every_phase_in_words_and_figures() -> None:
    plot = plotted(timeline(("one", each) for each in one_environment()))
    assert list(plot.table["phase"]) == [INIT, INVOKE, TAIL]
    assert "INIT 50 ms" in plot.alt
    assert plot.png().startswith(b"\x89PNG")
    with pytest.raises(ValueError, match="no phases"):
        plotted(timeline([]))

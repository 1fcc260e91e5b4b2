"""How figures are told."""

from __future__ import annotations

from workshop.bench import table, tls
from workshop.bench.table import Figure
from workshop.measure.rows import frame_of_dicts


def test_a_figure_has_median_p90_range_and_n() -> None:
    assert Figure("call", "ms", [float(value) for value in range(11)]).line() == (
        "| call | 5.00 | 9.00 | 0.00 to 10.00 | ms | 11 |"
    )


def test_the_line_above_tells_machine_and_n() -> None:
    assert table.about({"processor": "P", "memory": "M"}, 7) == "_n = 7, processor: P, memory: M_"


def test_tls_adds_the_difference_of_the_medians_of_successful_cold_starts() -> None:
    firsts = [("http 128 MB", 10.0), ("http 128 MB", 30.0), ("http 128 MB", 20.0), ("https 128 MB", 50.0)]
    rows = frame_of_dicts(
        {"lab": "Rust", "function": name, "memory_mb": 128, "cold": True, "init_ms": 4.0, "duration_ms": ms}
        for name, ms in firsts
    )
    lines = tls.markdown(rows, {}, 3).splitlines()
    assert "| Rust | 128 | 4 | 4 | 20 | 50 | 30 |" in lines

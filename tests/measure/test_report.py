from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from tests.measure.test_plots import Images, measured
from tests.measure.test_store import row
from workshop.labs import left_out
from workshop.labs.left_out import LeftOut
from workshop.measure import MeasureError, Results, Row
from workshop.report import published, write_report
from workshop.report.machine import machine
from workshop.report.tables import gains, lab_tables, times_less


@pytest.fixture
def results(tmp_path: Path) -> Results:
    results = Results(tmp_path / "measurements.jsonl")
    began = "2026-01-01T00:00:00.000Z"
    for record in measured().astype(object).where(lambda frame: frame.notna(), None).to_dict("records"):
        record["started_at"] = began
        for run in (f"{record['lab']}@{began}", f"power-tuning@{began}"):
            results.append(Row(**(record | {"run": run})))
    results.append(row(f"03-rust-rewrite@{began}", lab="03-rust-rewrite", error="HTTP 503: S3 is out of <reach>"))
    return results


def test_the_report_needs_no_other_file_and_every_image_has_a_text(results: Results, tmp_path: Path) -> None:
    path = write_report(tmp_path / "report.html", results)
    html = path.read_text()
    images = Images(html).found
    assert len(images) == 8
    assert all(image["alt"] and str(image["src"]).startswith("data:image/png;base64,") for image in images)
    assert "<script" not in html
    assert "<link" not in html


def test_the_report_tells_failures_machine_and_runs(results: Results, tmp_path: Path) -> None:
    html = write_report(tmp_path / "report.html", results).read_text()
    assert "HTTP 503: S3 is out of &lt;reach&gt;" in html
    assert machine()["Python"] in html
    assert "power-tuning" in html
    assert "2026-01-01T00:00:00.000Z" in html


def test_functions_that_could_not_be_built_are_named(
    results: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    missing = {"01-python-baseline": [LeftOut("TagsFunction", ".NET SDK")]}
    monkeypatch.setattr(left_out, "of_lab", lambda lab: missing.get(lab.name, []))
    html = write_report(tmp_path / "report.html", results).read_text()
    assert "<li>01-python-baseline: left out: tags (.NET SDK not found;" in html
    monkeypatch.setattr(left_out, "of_lab", lambda _: [])
    assert "left out" not in write_report(tmp_path / "report.html", results).read_text()


def test_the_report_is_well_formed(results: Results, tmp_path: Path) -> None:
    class Balance(HTMLParser):
        open_tags: list[str] = []  # noqa: RUF012 - one parser only

        def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
            if tag not in ("meta", "img", "br"):
                self.open_tags.append(tag)

        def handle_endtag(self, tag: str) -> None:
            assert self.open_tags.pop() == tag

    parser = Balance()
    parser.feed(write_report(tmp_path / "report.html", results).read_text())
    assert parser.open_tags == []


def test_without_rows_it_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MeasureError, match=r"\./poe run"):
        write_report(tmp_path / "report.html", Results(tmp_path / "none.jsonl"))


def test_tables_have_each_phase_apart_with_spread_and_n() -> None:
    (table,) = lab_tables(measured()).values()
    assert table["lab"].tolist() == ["01 Python", "03 Rust"]
    assert table["n cold / warm"].tolist() == ["12 / 12"] * 2
    for column in ("INIT (ms)", "first duration (ms)", "warm duration (ms)", "warm CPU (ms)"):
        assert table[column].str.contains(r"^[\d.,]+ \([\d.,]+ to [\d.,]+\)$").all()


def test_gains_are_ratios_to_the_baseline() -> None:
    (line,) = gains(measured(), "01-python-baseline").to_dict("records")
    assert line["lab"] == "03 Rust"
    assert float(line["warm duration"].split()[0]) == pytest.approx(2, rel=0.1)
    assert float(line["INIT"].split()[0]) == pytest.approx(1, rel=0.1)


def test_times_less_is_for_rows_that_were_taken_in_turn() -> None:
    rows = measured()
    warm_rows = rows[~rows["cold"]].assign(cpu_ms=None)
    (line,) = times_less(warm_rows, "01-python-baseline", "duration_ms", "cpu_ms").to_dict("records")
    assert (line["lab"], line["measure"], line["n"]) == ("03 Rust", "duration_ms", 12)
    assert line["95 % from"] < line["times less"] < line["95 % to"]
    assert line["times less"] == pytest.approx(2, rel=0.1)
    assert times_less(warm_rows, "no-such-lab", "duration_ms").empty


def test_published_figures_are_there() -> None:
    assert {"runtime", "architecture", "memory_mb"} <= set(published("aws-hello-world").columns)
    light = published("aws-dynamodb-light")
    rust = light[(light["runtime"] == "rust") & (light["architecture"] == "x86_64") & (light["memory_mb"] == 128)]
    assert rust["duration_mean_ms"].tolist() == [1317.03]

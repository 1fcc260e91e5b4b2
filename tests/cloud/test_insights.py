"""Logs Insights' language and its rows, without a cloud."""

from __future__ import annotations

import json
import statistics

import pytest

from workshop.cloud.insights import LogEvent, MalformedQueryError, parse, run

START_MS = 1_700_000_000_000 // 300_000 * 300_000
ID = "6f1ed002-ab55-4c9d-9a3b-0000000000{:02}"


def event(message: str, at: int = 0, stream: str = "one") -> LogEvent:
    return LogEvent(START_MS + at, START_MS + at + 5, message, "000000000000:/aws/lambda/x", stream, f"pointer-{at}")


def report(number: int, duration: float, init: float | None = None, memory: int = 128) -> LogEvent:
    line = (
        f"REPORT RequestId: {ID.format(number)}\tDuration: {duration:.2f} ms\tBilled Duration: {int(duration) + 1} ms"
    )
    line += f"\tMemory Size: {memory} MB\tMax Memory Used: 40 MB\t"
    line += f"Init Duration: {init:.2f} ms\t" if init is not None else ""
    return event(line, number * 60_000)


def rows(query: str, events: list[LogEvent], limit: int = 10_000) -> list[dict[str, str]]:
    """Rows without the pointer."""
    found = run(parse(query), events, limit).rows
    return [{name: value for name, value in row if name != "@ptr"} for row in found]


DURATIONS = [10.5, 1.25, 2.5, 30.0, 4.75]
INITS = [80.5, None, None, 95.25, None]
REPORTS = [report(n, duration, init) for n, (duration, init) in enumerate(zip(DURATIONS, INITS, strict=True))]
PLATFORM = [
    event(f"START RequestId: {ID.format(0)} Version: $LATEST"),
    event("REPORT of my own"),
    event(f"END RequestId: {ID.format(0)}"),
    *REPORTS,
]


def test_figures_of_report_lines_are_fields() -> None:
    (row,) = rows(
        "fields @type, @requestId, @duration, @billedDuration, @initDuration, @memorySize, @maxMemoryUsed"
        " | fields @log, @logStream",
        [REPORTS[0]],
    )
    assert row == {
        "@type": "REPORT",
        "@requestId": ID.format(0),
        "@duration": "10.5",
        "@billedDuration": "11",
        "@initDuration": "80.5",
        "@memorySize": "128000000",
        "@maxMemoryUsed": "40000000",
        "@log": "000000000000:/aws/lambda/x",
        "@logStream": "one",
    }


def test_a_line_that_only_looks_like_a_report_has_no_type() -> None:
    found = rows("stats count(*) as n by @type | sort @type", PLATFORM)
    assert found == [
        {"@type": "END", "n": "1"},
        {"@type": "REPORT", "n": "5"},
        {"@type": "START", "n": "1"},
        {"n": "1"},
    ]


def test_aggregates_are_those_of_the_statistics_module() -> None:
    (row,) = rows(
        'filter @type = "REPORT" | stats count(*) as n, count(@initDuration) as cold, sum(@duration) as sum,'
        " avg(@duration) as avg, median(@duration) as median, stddev(@duration) as sd, min(@duration), max(@duration),"
        " pct(@duration, 25) as p25, percentile(@initDuration + @duration, 95) as p95",
        PLATFORM,
    )
    assert (row["n"], row["cold"]) == ("5", "2")
    assert float(row["sum"]) == pytest.approx(sum(DURATIONS))
    assert float(row["avg"]) == pytest.approx(statistics.fmean(DURATIONS))
    assert float(row["median"]) == statistics.median(DURATIONS)
    assert float(row["sd"]) == pytest.approx(statistics.stdev(DURATIONS))
    assert (row["min(@duration)"], row["max(@duration)"]) == ("1.25", "30")
    assert float(row["p25"]) == statistics.quantiles(DURATIONS, n=4, method="inclusive")[0]
    low, high = 80.5 + 10.5, 95.25 + 30.0
    assert float(row["p95"]) == pytest.approx(low + 0.95 * (high - low))


def test_groups_by_a_computed_key() -> None:
    events = [report(0, 1.0), report(1, 3.0), report(2, 8.0, memory=1024)]
    query = "stats avg(@duration) as mean by @memorySize / 1000000 as memorySize | sort memorySize desc"
    assert rows(query, events) == [{"memorySize": "1024", "mean": "8"}, {"memorySize": "128", "mean": "2"}]


def test_bins_are_whole_periods() -> None:
    found = rows("stats count(*) as n by bin(2m)", REPORTS)
    assert sorted(row["n"] for row in found) == ["1", "2", "2"]
    assert all(int(row["bin(2m)"][14:16]) % 2 == 0 and row["bin(2m)"].endswith(":00.000") for row in found)


def test_arithmetic_of_aggregates() -> None:
    (row,) = rows(
        "stats sum(@duration) / count(*) * 2 - avg(@duration) as mean, count(@initDuration) ^ 2 as four", REPORTS
    )
    assert float(row["mean"]) == pytest.approx(statistics.fmean(DURATIONS))
    assert row["four"] == "4"


def test_a_missing_value_makes_the_sum_missing_and_is_left_out() -> None:
    found = rows("fields @initDuration + @duration as total, @duration / 0 as endless | sort @timestamp", REPORTS[:2])
    assert found == [{"total": "91"}, {}]


def test_aggregates_of_nothing() -> None:
    assert rows("filter @duration > 1000 | stats count(*) as n, avg(@duration) as mean", REPORTS) == [{"n": "0"}]
    assert rows("filter @duration > 1000 | stats count(*) by @type", REPORTS) == []
    assert rows("stats stddev(@duration) as sd, median(@duration) as m", REPORTS[:1]) == [{"m": "10.5"}]


@pytest.mark.parametrize(
    ("condition", "kept"),
    [
        ("@duration = 2.5", [2]),
        ("@duration != 2.5", [0, 1, 3, 4]),
        ("@duration >= 2.5 and @duration < 10.5", [2, 4]),
        ("@duration < 2 or @duration > 20", [1, 3]),
        ("not (@duration < 2 or @duration > 20)", [0, 2, 4]),
        ("@duration < 2 or @duration > 20 and ispresent(@initDuration)", [1, 3]),
        ("not ispresent(@initDuration)", [1, 2, 4]),
        ("@initDuration > 90 or @duration = 2.5", [2, 3]),
        ("not @initDuration > 90", [0]),
        ("@message like 'Init Duration'", [0, 3]),
        ("@message like /Init D[a-z]+: 8/", [0]),
        ("@message =~ /(?i)INIT/", [0, 3]),
        ("@message not like /Init/", [1, 2, 4]),
        ("@duration in [1.25, '30', 7]", [1, 3]),
        ("@duration not in [1.25, 30]", [0, 2, 4]),
        ("strcontains(@message, 'Init')", [0, 3]),
        ("-@duration ^ 2 = -6.25 and 2 ^ -1 = 0.5", [2]),
        ("-@duration + 5 > 3 * (1 - 1) and @duration % 2 = 0.5", [2]),
    ],
)
def test_filters(condition: str, kept: list[int]) -> None:
    found = rows(f"fields @duration | filter {condition} | sort @timestamp", REPORTS)
    assert [float(row["@duration"]) for row in found] == [DURATIONS[index] for index in kept]


def test_parse_by_regular_expression_and_by_glob_agree() -> None:
    events = [event("user=ada, took 12 ms\nand more"), event("nothing", 1)]
    by_regex = r"parse @message /user=(?<who>\w+), took (?<ms>\d+)/ | display who, ms * 2 as twice | sort who"
    assert rows(by_regex, events) == [{"who": "ada", "twice": "24"}, {}]
    by_glob = 'parse "user=*, took * ms" as who, ms | display who, ms * 2 as twice | sort who'
    assert rows(by_glob, events) == [{"who": "ada", "twice": "24"}, {}]
    assert rows('parse @message "*, took *" as a, b | filter ispresent(a) | display a, b', events) == [
        {"a": "user=ada", "b": "12 ms\nand more"}
    ]


def test_a_glob_may_have_many_stars() -> None:
    names = [f"f{index}" for index in range(12)]
    query = f'parse @message "{"-".join("*" * 12)}" as {", ".join(names)} | display {", ".join(names)}'
    assert rows(query, [event("-".join(map(str, range(12))))]) == [{name: str(n) for n, name in enumerate(names)}]


def test_json_messages_are_flattened() -> None:
    document = {
        "type": "platform.report",
        "record": {"metrics": {"durationMs": 1.5}, "tags": ["a", {"b": None}]},
        "ok": True,
    }
    names = "type, record.metrics.durationMs, record.tags.0, record.tags.1.b, ok, @@own"
    (row,) = rows(f"fields {names}", [event(json.dumps(document | {"@own": 7}))])
    assert row == {
        "type": "platform.report",
        "record.metrics.durationMs": "1.5",
        "record.tags.0": "a",
        "ok": "1",
        "@@own": "7",
    }


def test_names_in_backticks_may_hold_anything() -> None:
    assert rows("fields `user-name`", [event('{"user-name": "ada"}')]) == [{"user-name": "ada"}]


def test_order_limits_and_what_is_shown_by_default() -> None:
    first, second = run(parse("filter @duration < 3"), REPORTS).rows
    assert [name for name, _ in first] == ["@timestamp", "@message", "@ptr"]
    assert first[0][1] > second[0][1], "the newest first"
    assert len(rows("limit 4", REPORTS)) == 4
    assert len(rows("limit 4", REPORTS, limit=3)) == 3
    assert [row["@duration"] for row in rows("sort @duration desc | limit 2 | fields @duration", REPORTS)] == [
        "30",
        "10.5",
    ]


def test_statistics_say_what_was_scanned_and_matched() -> None:
    result = run(parse('filter @type = "REPORT" | stats count(*)'), PLATFORM)
    assert (result.scanned, result.matched) == (8, 5)
    assert result.bytes_scanned == sum(len(one.message) for one in PLATFORM)


def test_comments_pipes_and_quotes_inside_texts() -> None:
    query = '# first\nfields @message # | limit 1\n| filter @message like \'a|b#c\' or @message = "it\'s \\"so\\""\n'
    found = rows(query, [event("xa|b#c"), event('it\'s "so"'), event("other")])
    assert len(found) == 2


def test_text_of_a_query_never_becomes_sql() -> None:
    injection = "x'); DROP TABLE t; --"
    assert rows(f'filter @message = "{injection}" | stats count(*) as n', [event(injection)]) == [{"n": "1"}]
    assert rows(f"fields 1 as `{injection}` | stats max(`{injection}`) as m", [event("a")]) == [{"m": "1"}]


@pytest.mark.parametrize(
    "query",
    [
        "",
        "# only a comment",
        "fields",
        "fields @message,",
        "fields @message |",
        "show @message",
        "fields @message\nlimit 5",
        "filter @duration >",
        "filter (@duration > 1",
        "filter @duration == 1",
        "filter @message like unquoted",
        "filter @message like /open",
        "filter @message like /(?=ahead)/",
        "filter @message like /(/",
        "filter @duration in []",
        "filter count(*) > 1",
        "stats @duration",
        "stats avg(@duration) + @initDuration by @type",
        "stats avg(max(@duration))",
        "stats avg(@duration, 3)",
        "stats pct(@duration)",
        "stats pct(@duration, 101)",
        "stats nosuch(@duration)",
        "stats count(*) as n, avg(@duration) as n",
        "stats count(*) by bin(5)",
        "stats count(*) by bin(0m)",
        "stats count(*) by",
        "parse @message /no names/",
        'parse @message "* and *" as one',
        'parse @message "no star" as one',
        "sort",
        "sort @duration upwards",
        "limit 0",
        "limit 10001",
        "limit 1.5",
        "limit many",
        "filter @message = 'open",
        "fields 12abc",
        "pattern @message",
        "dedup @message",
        "filter " + "(" * 500 + "1" + ")" * 500 + " = 1",
        "fields 2 ^ 3 ^ 2",
        "filter 1 = " + "+".join("1" * 1000),
        "fields \ud800",
    ],
)
def test_what_is_not_understood_is_refused(query: str) -> None:
    with pytest.raises(MalformedQueryError):
        parse(query)

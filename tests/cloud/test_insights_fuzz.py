"""Whatever is asked, of whatever was logged: rows, or MalformedQueryError."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from workshop.cloud.insights import LogEvent, MalformedQueryError, parse, run

_WORDS = (  # parts of queries, good and bad
    "fields display filter stats parse sort limit by as and or not like in asc desc bin(5m) bin(1d) count(*) count( "
    "count_distinct( avg( sum( min( max( median( stddev( pct( percentile( , 95) ispresent( coalesce( abs( sqrt( "
    "tomillis( @message @timestamp @duration @type @ptr a.b x ( ) [ ] , | + - * / % ^ = != < <= > >= =~ 0 1 2.5 "
    "1e9 1e999 5m 'text' \"a*b*\" '1e400' /a(?<x>.)?/ /(.*)*/ /[/ /(?<x>\\d+)(?<y>b)/ `odd name` # \n"
)
_QUERIES = st.one_of(
    st.text(max_size=60),
    st.lists(st.sampled_from(_WORDS.split(" ")), max_size=25).map(" ".join),
    st.builds(
        "{} | stats {}({}) as x, count(*) by {} | sort x {} | limit {}".format,
        st.sampled_from(["fields @message", "filter @duration > 1", "parse @message /(?<d>.+)/"]),
        st.sampled_from(["avg", "min", "max", "sum", "stddev", "median", "count", "count_distinct"]),
        st.sampled_from(
            ["@duration", "@message", "d", "@timestamp", "v", "v ^ v", "v * v - 1", "sqrt(v)", "v.1", "-v / v"]
        ),
        st.sampled_from(["@type", "bin(3s)", "v", "d", "strlen(d) % 3 as m", "@logStream"]),
        st.sampled_from(["asc", "desc", ""]),
        st.integers(1, 20),
    ),
)
_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["v", "b", "@x", ""]), inner, max_size=3)
    ),
    max_leaves=6,
)


def _as_json(value: object) -> str:
    return json.dumps({"v": value, "huge": 10**400})


_MESSAGES = st.one_of(
    st.text(st.characters(), max_size=30),
    _JSON.map(_as_json),
    st.sampled_from(
        [
            "REPORT RequestId: 1\tDuration: 1.5 ms\tMemory Size: 128 MB\t",
            "REPORT RequestId: 1\tDuration: NaN ms\tDuration\t: \t",
            '{"v": 1e308}',
            '{"v": "1e149"}',
            '{"v": NaN}',
            '{"v": "\\ud800"}',
            "{" * 3000,
            '{"v":' + "[" * 3000 + "]" * 3000 + "}",
        ]
    ),
)
_EVENTS = st.lists(
    st.builds(
        LogEvent, st.integers(0, 10**15), st.integers(0, 10**13), _MESSAGES, st.just("0:g"), st.just("s"), st.just("p")
    ),
    max_size=5,
)


@settings(max_examples=400, deadline=None)
@given(_QUERIES, _EVENTS)
def test_rows_or_a_malformed_query(query: str, events: list[LogEvent]) -> None:
    try:
        plan = parse(query)
    except MalformedQueryError:
        return
    result = run(plan, events, limit=7)
    assert len(result.rows) <= 7
    assert all(isinstance(value, str) for row in result.rows for _, value in row)


@settings(max_examples=60, deadline=None)
@given(_EVENTS)
def test_counts_add_up_to_the_events(events: list[LogEvent]) -> None:
    groups = run(parse("stats count(*) as n by v"), events).rows
    assert sum(int(dict(row)["n"]) for row in groups) == len(events)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=20), _EVENTS)
def test_a_filter_and_its_opposite_share_out_the_events(sought: str, events: list[LogEvent]) -> None:
    quoted = sought.replace("\\", "\\\\").replace("'", "\\'")
    try:
        having, lacking = (parse(f"filter @message {word} '{quoted}'") for word in ("like", "not like"))
    except MalformedQueryError:
        assert any("\ud800" <= character <= "\udfff" for character in sought)
        return
    assert len(run(having, events).rows) + len(run(lacking, events).rows) == len(events)

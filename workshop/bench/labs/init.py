"""INIT of lab 03's functions, against a Rust function that does nothing."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from workshop.bench import hello
from workshop.bench.labs.copies import copied
from workshop.bench.labs.setting import Setting, in_turn
from workshop.bench.table import Figure
from workshop.measure import LambdaFunction, MeasureError, kept

_HELLO = "hello"


def figures(setting: Setting, n: int) -> Iterator[Figure]:
    """INIT of each function, and over hello's of the same round."""
    names = list(setting.labs["03"].functions)
    like = setting.function("03", "buckets")
    with copied(like, hello.package(), lab="shared_rust", name=_HELLO) as yardstick:
        functions = [yardstick, *(setting.function("03", name) for name in names)]
        with kept(functions):
            inits = in_turn({function.function: partial(_init_ms, function) for function in functions}, n)
    for name, samples in inits.items():
        yield Figure(f"INIT, Rust {name}", "ms", samples)
    for name in names:
        ratios = [own / base for own, base in zip(inits[name], inits[_HELLO], strict=True)]
        yield Figure(f"INIT, Rust {name} / {_HELLO}", "×", ratios)


def _init_ms(function: LambdaFunction) -> float:
    function.force_cold_start()
    # An event that is nothing to most of them: whatever they answer, INIT is over before it comes.
    report = function.invoke({}).report
    if report is None or report.init_ms is None:
        raise MeasureError(f"{function.function_name} told no INIT: see its log, and ./poe doctor")
    return report.init_ms

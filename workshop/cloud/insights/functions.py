"""Functions of single rows."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

from workshop.cloud.insights.values import Timestamp, Value, number, text


@dataclass(frozen=True)
class Function:
    """What it computes, and the least and greatest number of its arguments."""

    compute: Callable[..., Value]
    arguments: tuple[int, int]


def _of_numbers(compute: Callable[..., float]) -> Callable[..., Value]:
    """Missing as soon as one argument is missing or no number, or where there is no result."""

    def computed(*arguments: Value) -> Value:
        numbers = [number(argument) for argument in arguments]
        if any(argument is None for argument in numbers):
            return None
        try:
            return number(compute(*numbers))
        except (ArithmeticError, ValueError):
            return None

    return computed


def _of_texts(compute: Callable[..., Value]) -> Callable[..., Value]:
    def computed(*arguments: Value) -> Value:
        return None if any(argument is None for argument in arguments) else compute(*map(text, arguments))

    return computed


def _bin(moment: Value, period: Value) -> Value:
    at, length = number(moment), number(period)
    return None if at is None or not length else Timestamp(int(at // length * length))


_MANY = 100
FUNCTIONS = {
    "abs": Function(_of_numbers(abs), (1, 1)),
    "ceil": Function(_of_numbers(math.ceil), (1, 1)),
    "floor": Function(_of_numbers(math.floor), (1, 1)),
    "sqrt": Function(_of_numbers(math.sqrt), (1, 1)),
    "greatest": Function(_of_numbers(max), (2, _MANY)),
    "least": Function(_of_numbers(min), (2, _MANY)),
    "tomillis": Function(_of_numbers(float), (1, 1)),
    "ispresent": Function(lambda value: int(value is not None), (1, 1)),
    "coalesce": Function(lambda *values: next((value for value in values if value is not None), None), (1, _MANY)),
    "strcontains": Function(_of_texts(lambda whole, part: int(part in whole)), (2, 2)),
    "strlen": Function(_of_texts(len), (1, 1)),
    "concat": Function(_of_texts(lambda *parts: "".join(parts)), (1, _MANY)),
    "toupper": Function(_of_texts(str.upper), (1, 1)),
    "tolower": Function(_of_texts(str.lower), (1, 1)),
    "trim": Function(_of_texts(str.strip), (1, 1)),
}
BIN = Function(_bin, (2, 2))
ARITHMETIC: dict[str, Callable[..., Value]] = {
    "+": _of_numbers(lambda left, right: left + right),
    "-": _of_numbers(lambda left, right: left - right),
    "*": _of_numbers(lambda left, right: left * right),
    "/": _of_numbers(lambda left, right: left / right),
    "%": _of_numbers(math.fmod),
    "^": _of_numbers(math.pow),
}
NEGATE = _of_numbers(lambda operand: -operand)

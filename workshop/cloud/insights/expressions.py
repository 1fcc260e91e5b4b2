"""Expressions from tokens, by recursive descent: `or`, `and`, `not`, comparisons, then arithmetic."""

from __future__ import annotations

from workshop.cloud.insights.aggregates import AGGREGATES, PERCENTILES
from workshop.cloud.insights.errors import MalformedQueryError
from workshop.cloud.insights.functions import FUNCTIONS
from workshop.cloud.insights.patterns import compile_regex
from workshop.cloud.insights.reader import Reader
from workshop.cloud.insights.syntax import Aggregate, Binary, Call, Expression, Field, In, Like, Literal, Unary

_MILLISECONDS = {"ms": 1, "s": 1000, "m": 60_000, "h": 3_600_000, "d": 86_400_000, "w": 604_800_000}
_KEYWORDS = ("and", "or", "not", "like", "in", "as", "by", "asc", "desc")
_DEEPEST = 40
_LONGEST = 200


class ExpressionParser:
    """Reads one expression. `aggregates` says whether aggregates may stand in it, as they may in `stats`."""

    def __init__(self, reader: Reader, *, aggregates: bool = False) -> None:
        self._reader, self._aggregates = reader, aggregates
        self._depth = self._operators = 0

    def parse(self) -> Expression:
        """The expression that begins at the next token."""
        return self._any()

    def _any(self) -> Expression:
        self._depth += 1
        if self._depth > _DEEPEST:
            raise MalformedQueryError("the expression is nested too deeply", self._reader.token.start)
        left = self._all()
        while self._reader.took_word("or"):
            left = self._binary("or", left, self._all())
        self._depth -= 1
        return left

    def _all(self) -> Expression:
        left = self._negation()
        while self._reader.took_word("and"):
            left = self._binary("and", left, self._negation())
        return left

    def _negation(self) -> Expression:
        negations = 0
        while self._reader.took_word("not"):
            negations += 1
        operand = self._comparison()
        return Unary("not", operand) if negations % 2 else operand

    def _comparison(self) -> Expression:
        left = self._sum()
        token = self._reader.token
        if self._reader.took_operator("=", "!=", "<", "<=", ">", ">="):
            return self._binary(token.text, left, self._sum())
        if self._reader.took_operator("=~"):
            return self._like(left)
        negated = self._reader.took_word("not")
        if self._reader.took_word("like"):
            found: Expression = self._like(left)
        elif self._reader.took_word("in"):
            found = self._in(left)
        elif negated:
            raise self._reader.unexpected("like or in")
        else:
            return left
        return Unary("not", found) if negated else found

    def _like(self, operand: Expression) -> Like:
        token = self._reader.token
        if token.kind == "string":
            return Like(operand, self._reader.take().text)
        if token.kind == "regex":
            return Like(operand, compile_regex(self._reader.take().text, token.start))
        raise self._reader.unexpected("a text in quotes or a /regular expression/")

    def _in(self, operand: Expression) -> In:
        self._reader.expect("[")
        choices = [self._sum()]
        while self._reader.took_operator(","):
            choices.append(self._sum())
        self._reader.expect("]")
        return In(operand, tuple(choices))

    def _sum(self) -> Expression:
        left = self._product()
        while (token := self._reader.token).is_operator("+", "-"):
            self._reader.take()
            left = self._binary(token.text, left, self._product())
        return left

    def _product(self) -> Expression:
        left = self._signed()
        while (token := self._reader.token).is_operator("*", "/", "%"):
            self._reader.take()
            left = self._binary(token.text, left, self._signed())
        return left

    def _signed(self) -> Expression:
        # Looser than ^, as in mathematics: -2 ^ 2 is -4
        return Unary("-", self._power()) if self._reader.took_operator("-") else self._power()

    def _power(self) -> Expression:
        base = self._primary()
        if not self._reader.took_operator("^"):
            return base
        negative = self._reader.took_operator("-")
        exponent = self._primary()
        return self._binary("^", base, Unary("-", exponent) if negative else exponent)

    def _primary(self) -> Expression:
        token = self._reader.token
        if self._reader.took_operator("("):
            inner = self._any()
            self._reader.expect(")")
            return inner
        if token.kind == "number":
            return Literal(float(self._reader.take().text))
        if token.kind == "string":
            return Literal(self._reader.take().text)
        if token.kind == "name" and self._reader.followed_by("("):
            return self._call()
        if token.is_word(*_KEYWORDS):
            raise self._reader.unexpected("an expression")
        if token.kind in ("name", "field"):
            return Field(self._reader.take().text)
        raise self._reader.unexpected("an expression")

    def _call(self) -> Expression:
        token = self._reader.take()
        name = token.text.lower()
        self._reader.expect("(")
        if name == "bin":
            return self._bin()
        if name in AGGREGATES:
            if not self._aggregates:
                raise MalformedQueryError(
                    f"{token.text} is only allowed in stats, outside of its other functions", token.start
                )
            return self._aggregate(name)
        if name not in FUNCTIONS:
            raise MalformedQueryError(f"there is no function {token.text}", token.start)
        arguments = [] if self._reader.token.is_operator(")") else [self._any()]
        while arguments and self._reader.took_operator(","):
            arguments.append(self._any())
        self._reader.expect(")")
        least, most = FUNCTIONS[name].arguments
        if not least <= len(arguments) <= most:
            raise MalformedQueryError(f"{token.text} has the wrong number of arguments", token.start)
        return Call(name, tuple(arguments))

    def _bin(self) -> Expression:
        period = self._reader.token
        if period.kind != "duration":
            raise self._reader.unexpected("a period such as 5m")
        count, unit = period.text.rstrip("mshdw"), period.text.lstrip("0123456789")
        if not int(count):
            raise MalformedQueryError("a period cannot be 0", period.start)
        self._reader.take()
        self._reader.expect(")")
        return Call("bin", (Field("@timestamp"), Literal(int(count) * _MILLISECONDS[unit])))

    def _aggregate(self, name: str) -> Aggregate:
        argument: Expression | None = None
        percent: float | None = None
        self._aggregates = False
        if not (name == "count" and (self._reader.took_operator("*") or self._reader.token.is_operator(")"))):
            argument = self._any()
        self._aggregates = True
        if name in PERCENTILES:
            self._reader.expect(",")
            place = self._reader.token
            percent = self._reader.number("a percentage such as 95")
            if percent > 100:
                raise MalformedQueryError("a percentage is at most 100", place.start)
        self._reader.expect(")")
        return Aggregate(name, argument, percent)

    def _binary(self, operator: str, left: Expression, right: Expression) -> Binary:
        # A long chain becomes a deep tree, which is evaluated recursively.
        self._operators += 1
        if self._operators > _LONGEST:
            raise MalformedQueryError("the expression is too long", self._reader.token.start)
        return Binary(operator, left, right)

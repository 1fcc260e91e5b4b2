"""A query's text as tokens."""

from __future__ import annotations

import re
from dataclasses import dataclass

from workshop.cloud.insights.errors import MalformedQueryError

_PATTERNS = {
    "space": r"\s+",
    "comment": r"\#[^\n]*",
    "duration": r"[0-9]{1,9}(?:ms|s|m|h|d|w)\b",
    "number": r"[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![\w.])",
    "name": r"[@A-Za-z_][\w@.]*",
    "quoted": r"`[^`\n]+`",
    "string": r'"(?:[^"\\]|\\.)*"|' r"'(?:[^'\\]|\\.)*'",
    "operator": r"!=|<=|>=|=~|[=<>+\-*/%^(),|\[\]]",
}
_TOKEN = re.compile("|".join(f"(?P<{kind}>{pattern})" for kind, pattern in _PATTERNS.items()), re.DOTALL)
_REGEX = re.compile(r"/((?:[^/\\\n]|\\.)+)/")
_ESCAPED = re.compile(r"\\([\"'\\])")


@dataclass(frozen=True)
class Token:
    """`kind` is duration, number, name, field (a name in backticks), string, regex, operator or end."""

    kind: str
    text: str
    start: int
    end: int

    def is_word(self, *words: str) -> bool:
        """Whether this is one of these keywords, in any case."""
        return self.kind == "name" and self.text.lower() in words

    def is_operator(self, *operators: str) -> bool:
        """Whether this is one of these operators."""
        return self.kind == "operator" and self.text in operators


def tokenize(text: str) -> list[Token]:
    """All tokens, and one of kind `end` behind them."""
    tokens: list[Token] = []
    position, in_parse = 0, False
    while position < len(text):
        if text[position] == "/" and _regex_may_follow(tokens, in_parse):
            token = _regex(text, position)
        else:
            token = _plain(text, position)
        position = token.end
        if token.kind in ("space", "comment"):
            continue
        if not tokens or tokens[-1].is_operator("|"):
            in_parse = token.is_word("parse")
        tokens.append(token)
    return [*tokens, Token("end", "the end", len(text), len(text))]


def _regex_may_follow(tokens: list[Token], in_parse: bool) -> bool:
    """A slash divides, except behind `like` and `=~` and in a `parse` command."""
    return bool(tokens) and (in_parse or tokens[-1].is_word("like") or tokens[-1].is_operator("=~"))


def _regex(text: str, position: int) -> Token:
    found = _REGEX.match(text, position)
    if not found:
        raise MalformedQueryError("the regular expression has no closing /", position)
    return Token("regex", found[1].replace("\\/", "/"), position, found.end())


def _plain(text: str, position: int) -> Token:
    found = _TOKEN.match(text, position)
    if not found or not found.lastgroup:
        raise MalformedQueryError(f"unexpected {text[position]!r}", position)
    kind, content = found.lastgroup, found[0]
    if kind == "string":
        content = _ESCAPED.sub(r"\1", content[1:-1])
    elif kind == "quoted":
        kind, content = "field", content[1:-1]
    return Token(kind, content, position, found.end())

"""A place in a query's tokens."""

from __future__ import annotations

from workshop.cloud.insights.errors import MalformedQueryError
from workshop.cloud.insights.tokens import Token, tokenize


class Reader:
    """Looks at tokens, and takes them one after the other."""

    def __init__(self, text: str) -> None:
        self._text, self._tokens, self._next = text, tokenize(text), 0

    @property
    def token(self) -> Token:
        """The next token."""
        return self._tokens[self._next]

    def take(self) -> Token:
        """The next token, and go on behind it."""
        token = self.token
        if token.kind != "end":
            self._next += 1
        return token

    def followed_by(self, operator: str) -> bool:
        """Whether this operator comes behind the next token."""
        return self.token.kind != "end" and self._tokens[self._next + 1].is_operator(operator)

    def took_word(self, *words: str) -> bool:
        """Take the next token if it is one of these keywords."""
        return bool(self.token.is_word(*words) and self.take())

    def took_operator(self, *operators: str) -> bool:
        """Take the next token if it is one of these operators."""
        return bool(self.token.is_operator(*operators) and self.take())

    def expect(self, operator: str) -> None:
        """Take this operator, or refuse the query."""
        if not self.took_operator(operator):
            raise self.unexpected(operator)

    def field_name(self) -> str:
        """Take the name of a field."""
        if self.token.kind not in ("name", "field"):
            raise self.unexpected("the name of a field")
        return self.take().text

    def number(self, what: str) -> float:
        """Take a number without a sign."""
        if self.token.kind != "number":
            raise self.unexpected(what)
        return float(self.take().text)

    def written_since(self, start: Token) -> str:
        """The query's text from a token up to the last one taken."""
        return self._text[start.start : self._tokens[self._next - 1].end]

    def unexpected(self, wanted: str) -> MalformedQueryError:
        """The error for a token that is not what has to be here."""
        return MalformedQueryError(f"expected {wanted}, found {self.token.text}", self.token.start)

"""The little SQL-like language of `readByQuery`, parsed into a filter tree.

Operators: < > >= <= = <> != like, not like, in, not in, is null, is not null, and, or, not. Texts stand in
single or double quotes; a quote inside is escaped by a backslash. No joins, no order.
"""

import re
from collections.abc import Iterator

from sf_intacct.sandbox.intacct.reading.filters import (
    EVERYTHING,
    AllOf,
    AnyOf,
    BadFilter,
    Comparison,
    Not,
    Tree,
)

_TOKEN = re.compile(
    r"""\s*(?:
      (?P<text>'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*")
    | (?P<sign><=|>=|<>|!=|[<>=(),])
    | (?P<word>[A-Za-z_][\w.\#]*)
    | (?P<number>[+-]?[\d.]+)
    )""",
    re.VERBOSE,
)
_SIGNS = {
    "=": "equalto",
    "<>": "notequalto",
    "!=": "notequalto",
    "<": "lessthan",
    "<=": "lessthanorequalto",
    ">": "greaterthan",
    ">=": "greaterthanorequalto",
}
DEPTH_MAX = 50


def parse(text: str) -> Tree:
    """The tree of `text`; everything for an empty one. Raises BadFilter."""
    if not text.strip():
        return EVERYTHING
    parser = _Parser(list(_tokens(text.strip())))
    tree = parser.any_of()
    if parser.rest:
        raise BadFilter(f"unexpected {parser.rest[0][1]!r}")
    return tree


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if not match:
            raise BadFilter(f"cannot read {text[at:]!r}")
        kind = str(match.lastgroup)
        yield kind, match[kind]
        at = match.end()


def _unquoted(text: str) -> str:
    return re.sub(r"\\(.)", r"\1", text[1:-1])


class _Parser:
    """Recursive descent: or, then and, then not, then one comparison or a bracket."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self.rest = tokens
        self._depth = 0

    def any_of(self) -> Tree:
        parts = [self._all_of()]
        while self._took("or"):
            parts.append(self._all_of())
        return parts[0] if len(parts) == 1 else AnyOf(tuple(parts))

    def _all_of(self) -> Tree:
        parts = [self._one()]
        while self._took("and"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else AllOf(tuple(parts))

    def _one(self) -> Tree:
        if self._took("not"):
            return Not(self._one())
        if not self._took("("):
            return self._comparison()
        self._depth += 1
        if self._depth > DEPTH_MAX:
            raise BadFilter("too many brackets")
        inner = self.any_of()
        self._expect(")")
        self._depth -= 1
        return inner

    def _comparison(self) -> Comparison:
        field = self._next("word").upper()
        if self._took("is"):
            return Comparison("isnotnull" if self._took("not") else "isnull", field, self._null())
        negated = "not" if self._took("not") else ""
        if self._took("like"):
            return Comparison(f"{negated}like", field, (self._value(),))
        if self._took("in"):
            return Comparison(f"{negated}in", field, tuple(self._list()))
        sign = self._next("sign")
        if negated or sign not in _SIGNS:
            raise BadFilter(f"unexpected {sign!r}")
        return Comparison(_SIGNS[sign], field, (self._value(),))

    def _null(self) -> tuple[str, ...]:
        self._expect("null")
        return ()

    def _list(self) -> Iterator[str]:
        self._expect("(")
        yield self._value()
        while self._took(","):
            yield self._value()
        self._expect(")")

    def _value(self) -> str:
        kind, text = self.rest.pop(0) if self.rest else ("", "")
        if kind == "text":
            return _unquoted(text)
        if kind == "number":
            return text
        raise BadFilter(f"not a value: {text!r}")

    def _next(self, kind: str) -> str:
        if not self.rest or self.rest[0][0] != kind:
            raise BadFilter(f"expected a {kind}")
        return self.rest.pop(0)[1]

    def _took(self, word: str) -> bool:
        if self.rest and self.rest[0][0] != "text" and self.rest[0][1].lower() == word:
            self.rest.pop(0)
            return True
        return False

    def _expect(self, word: str) -> None:
        if not self._took(word):
            raise BadFilter(f"expected {word!r}")

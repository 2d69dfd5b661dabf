"""SOQL text into a tree: one function per rule of the grammar, no look-back."""

from collections.abc import Callable
from typing import TypeVar

from sf_intacct.sandbox.salesforce.soql.mistakes import malformed, unexpected
from sf_intacct.sandbox.salesforce.soql.syntax import (
    All,
    AnyOf,
    Call,
    Column,
    Comparison,
    Condition,
    Literal,
    Membership,
    Not,
    Ordering,
    Path,
    Query,
)
from sf_intacct.sandbox.salesforce.soql.tokens import Token, tokenize

Item = TypeVar("Item")
_CLAUSES = ("SELECT", "FROM", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT", "OFFSET", "USING", "WITH", "UPDATE")
_WORDS = ("AND", "OR", "NOT", "IN", "LIKE", "INCLUDES", "EXCLUDES", "NULL", "NULLS", "ASC", "DESC")
RESERVED = frozenset({*_CLAUSES, *_WORDS})
COMPARISONS = ("=", "!=", "<>", "<", "<=", ">", ">=")
DAYS_WITH_NUMBER = ("LAST_N_", "NEXT_N_", "N_")


def parse_query(text: str) -> Query:
    """The tree of a whole query; raises QueryMistake."""
    parser = Parser(text)
    query = parser.query()
    parser.end()
    return query


def parse_condition(text: str) -> Condition:
    """The tree of a WHERE clause on its own; raises QueryMistake."""
    parser = Parser(text)
    condition = parser.condition()
    parser.end()
    return condition


class Parser:
    def __init__(self, text: str) -> None:
        self.tokens = tokenize(text)
        self.place = 0

    @property
    def token(self) -> Token:
        return self.tokens[self.place]

    def take(self) -> Token:
        taken = self.token
        self.place += 1
        return taken

    def takes_word(self, *words: str) -> bool:
        """Consumes the words if they come next, all of them or none."""
        ahead = self.tokens[self.place : self.place + len(words)]
        found = len(ahead) == len(words) and all(token.is_word(word) for token, word in zip(ahead, words, strict=True))
        self.place += len(words) if found else 0
        return found

    def takes_sign(self, *signs: str) -> bool:
        found = self.token.is_sign(*signs)
        self.place += found
        return found

    def need_word(self, word: str) -> None:
        if not self.takes_word(word):
            raise self.unexpected()

    def need_sign(self, sign: str) -> None:
        if not self.takes_sign(sign):
            raise self.unexpected()

    def unexpected(self) -> Exception:
        return unexpected(self.token.text, self.token.offset)

    def end(self) -> None:
        if self.token.kind != "end":
            raise self.unexpected()

    def name(self) -> Path:
        token = self.token
        if token.kind != "name" or token.text.upper() in RESERVED:
            raise self.unexpected()
        self.place += 1
        return Path(token.text, token.offset)

    def source(self) -> Path:
        """An object may be called like a word of the language: Order, Group."""
        if self.token.kind != "name":
            raise self.unexpected()
        token = self.take()
        return Path(token.text, token.offset)

    def query(self) -> Query:
        self.need_word("SELECT")
        columns = self.listed(self.column)
        self.need_word("FROM")
        source, alias = self.source(), self.alias()
        where = self.condition() if self.takes_word("WHERE") else None
        group_by = self.listed(self.name) if self.takes_word("GROUP", "BY") else ()
        having = self.condition() if self.takes_word("HAVING") else None
        order_by = self.listed(self.ordering) if self.takes_word("ORDER", "BY") else ()
        limit = self.whole_number() if self.takes_word("LIMIT") else None
        offset_at = self.token.offset
        offset = self.whole_number() if self.takes_word("OFFSET") else 0
        return Query(columns, source, alias, where, group_by, having, order_by, limit, offset, offset_at)

    def listed(self, item: Callable[[], Item]) -> tuple[Item, ...]:
        items = [item()]
        while self.takes_sign(","):
            items.append(item())
        return tuple(items)

    def alias(self) -> str | None:
        token = self.token
        plain = token.kind == "name" and "." not in token.text and token.text.upper() not in RESERVED
        return self.take().text if plain else None

    def column(self) -> Column:
        if self.takes_sign("("):
            inner = self.query()
            self.need_sign(")")
            return Column(inner)
        if self.token.is_word("TYPEOF"):
            raise malformed("TYPEOF is not supported here", self.token.offset)
        return Column(self.value(), self.alias())

    def value(self) -> Path | Call:
        name = self.name()
        if not self.takes_sign("("):
            return name
        argument = None if self.token.is_sign(")") else self.name()
        self.need_sign(")")
        return Call(name.text.upper(), argument, name.offset)

    def ordering(self) -> Ordering:
        value = self.value()
        descending = self.takes_word("DESC")
        if not descending:
            self.takes_word("ASC")
        nulls_last = self.takes_word("NULLS", "LAST")
        if not nulls_last:
            self.takes_word("NULLS", "FIRST")
        return Ordering(value, descending, nulls_last)

    def whole_number(self) -> int:
        if self.token.kind != "number" or not self.token.text.isdigit():
            raise self.unexpected()
        return int(self.take().text)

    def condition(self) -> Condition:
        """AND and OR may not stand side by side without parentheses; Salesforce refuses to guess."""
        first = self.term()
        word = next((word for word in ("AND", "OR") if self.token.is_word(word)), None)
        if word is None:
            return first
        conditions = [first]
        while self.takes_word(word):
            conditions.append(self.term())
        if self.token.is_word("AND", "OR"):
            raise self.unexpected()
        return All(tuple(conditions)) if word == "AND" else AnyOf(tuple(conditions))

    def term(self) -> Condition:
        if self.takes_word("NOT"):
            return Not(self.term())
        if self.takes_sign("("):
            inner = self.condition()
            self.need_sign(")")
            return inner
        return self.comparison()

    def comparison(self) -> Condition:
        left = self.value()
        negated = self.takes_word("NOT")
        if self.takes_word("IN"):
            if isinstance(left, Call):
                raise unexpected(left.function, left.offset)
            return Membership(left, negated, self.members())
        if negated or self.token.is_word("INCLUDES", "EXCLUDES"):
            raise self.unexpected()
        if self.takes_word("LIKE"):
            return Comparison(left, "LIKE", self.literal())
        if not self.token.is_sign(*COMPARISONS):
            raise self.unexpected()
        operator = self.take().text
        return Comparison(left, "!=" if operator == "<>" else operator, self.literal())

    def members(self) -> tuple[Literal, ...] | Query:
        self.need_sign("(")
        if self.token.is_word("SELECT"):
            found: tuple[Literal, ...] | Query = self.query()
        else:
            found = self.listed(self.literal)
        self.need_sign(")")
        return found

    def literal(self) -> Literal:
        token = self.take()
        if token.kind in ("string", "number", "date", "datetime"):
            return Literal(token.kind, token.text, token.offset)
        word = token.text.upper()
        if word in ("TRUE", "FALSE"):
            return Literal("boolean", word, token.offset)
        if word == "NULL":
            return Literal("null", word, token.offset)
        if token.kind == "name" and word not in RESERVED:
            return self.day(word, token)
        self.place -= 1
        raise self.unexpected()

    def day(self, word: str, token: Token) -> Literal:
        if word.startswith(DAYS_WITH_NUMBER):
            self.need_sign(":")
            word = f"{word}:{self.whole_number()}"
        return Literal("day", word, token.offset)

"""SOQL cut into tokens: words, paths, literals and signs, each with its place in the text."""

import re
from dataclasses import dataclass

from sf_intacct.sandbox.salesforce.soql.mistakes import malformed, unexpected

_PATTERN = re.compile(
    r"""
    (?P<space>\s+)
  | (?P<string>'(?:[^'\\]|\\.)*')
  | (?P<datetime>\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d))
  | (?P<date>\d{4}-\d\d-\d\d)
  | (?P<number>[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)
  | (?P<name>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)
  | (?P<sign><=|>=|!=|<>|=|<|>|\(|\)|,|:)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", '"': '"', "'": "'", "\\": "\\"}
LITERAL_MARK = "\x1a"  # goes before a sign that the query escaped, so that LIKE takes it as itself


@dataclass(frozen=True)
class Token:
    """kind is string, date, datetime, number, name, sign or end; text is as written, without quotes."""

    kind: str
    text: str
    offset: int

    def is_word(self, *words: str) -> bool:
        return self.kind == "name" and self.text.upper() in words

    def is_sign(self, *signs: str) -> bool:
        return self.kind == "sign" and self.text in signs


def tokenize(text: str) -> list[Token]:
    """The tokens of a query, closed by one of kind `end`; raises QueryMistake."""
    tokens, offset = [], 0
    while offset < len(text):
        match = _PATTERN.match(text, offset)
        if match is None:
            raise unexpected(text[offset], offset)
        kind = str(match.lastgroup)
        if kind == "string":
            tokens.append(Token(kind, _unescape(match.group()[1:-1], offset), offset))
        elif kind != "space":
            tokens.append(Token(kind, match.group(), offset))
        offset = match.end()
    return [*tokens, Token("end", "", len(text))]


def _unescape(body: str, offset: int) -> str:
    def replace(match: re.Match[str]) -> str:
        char = match.group(1)
        if char in "_%":
            return LITERAL_MARK + char
        found = _ESCAPES.get(char.lower())
        if found is None:
            raise malformed(f"Illegal string literal escape sequence: \\{char}", offset + match.start())
        return found

    return re.sub(r"\\(.)", replace, body, flags=re.DOTALL)

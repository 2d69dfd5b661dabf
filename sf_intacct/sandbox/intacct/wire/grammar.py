"""Reads `functions.yaml` and checks functions against it, in the words of the XML library.

The grammar is turned into an XML Schema, because the schema errors on record (`Missing child element(s).
Expected is ( sotransitem )`) are those of libxml2, and so the sandbox's are the very same.
"""

import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from xml.sax.saxutils import quoteattr

import yaml
from lxml import etree

GRAMMAR = Path(__file__).parent / "functions.yaml"
_HEAD = re.compile(r"(?P<name>@?\w+)\s*(?:\[(?P<attributes>[^\]]*)\])?")
_TOKEN = re.compile(r"\s*([(){},|?*+]|[\w:#]+)")
_ANY = '<xs:sequence><xs:any minOccurs="0" maxOccurs="unbounded" processContents="skip"/></xs:sequence>'
_TEXT = "#text"
_REPEATS = {"": "", "?": ' minOccurs="0"', "*": ' minOccurs="0" maxOccurs="unbounded"', "+": ' maxOccurs="unbounded"'}


def complaints(function: etree._Element) -> list[str]:
    """What is wrong with the function's content, one sentence each; nothing if it follows the grammar."""
    schema = _schema()
    if schema.validate(function):
        return []
    return [
        f"XML Parse schema error: Error {entry.type}: {entry.message} Line: {entry.line}, column: {entry.column}."
        for entry in schema.error_log  # type: ignore[attr-defined]  # the stubs do not know it is a list
    ]


@cache
def names() -> frozenset[str]:
    """Every function of the grammar."""
    return frozenset(name for name in _rules() if name not in _parts())


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring(schema_text()))


@cache
def schema_text() -> str:
    """The grammar as an XML Schema."""
    rules = _rules()
    types = "".join(_type(name, *rule, rules) for name, rule in rules.items())
    elements = "".join(f'<xs:element name="{name}" type="{name}"/>' for name in sorted(names()))
    return (
        '<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">'
        f'<xs:complexType name="anything">{_ANY}</xs:complexType>{types}{elements}</xs:schema>'
    )


@cache
def _rules() -> dict[str, tuple[str, str]]:
    """Attributes and content by name, macros replaced."""
    macros: dict[str, str] = {}
    rules: dict[str, tuple[str, str]] = {}
    for head, text in yaml.safe_load(GRAMMAR.read_text()).items():
        match = _HEAD.fullmatch(head)
        if match is None:
            raise ValueError(f"{GRAMMAR.name}: not the head of a rule: {head!r}")
        content = re.sub(r"@(\w+)", lambda found: macros[found[1]], text)
        if match["name"].startswith("@"):
            macros[match["name"][1:]] = content
        else:
            rules[match["name"]] = (match["attributes"] or "", content)
    return rules


@cache
def _parts() -> frozenset[str]:
    """Names that stand inside the content of a rule, and so are no functions."""
    inside = {
        name for _, content in _rules().values() for token in _TOKEN.findall(content) for name in token.split(":")
    }
    # `query` is a function and also the name of a text inside readByQuery.
    return frozenset(inside - {"query"})


def _type(name: str, attributes: str, content: str, rules: dict[str, tuple[str, str]]) -> str:
    listed = "".join(_attributes(attributes))
    if content == _TEXT:
        inner = f'<xs:simpleContent><xs:extension base="xs:string">{listed}</xs:extension></xs:simpleContent>'
    elif content == "*":
        inner = _ANY + listed
    elif content == "()":
        inner = listed
    else:
        inner = _Content(content, rules).whole() + listed
    return f'<xs:complexType name="{name}">{inner}</xs:complexType>'


def _attributes(listed: str) -> Iterator[str]:
    for name in filter(None, (part.strip() for part in listed.split(","))):
        use = "required" if name.endswith("!") else "optional"
        yield f'<xs:attribute name={quoteattr(name.rstrip("!"))} type="xs:string" use="{use}"/>'


class _Content:
    """One content model, from its notation to schema particles, by recursive descent."""

    def __init__(self, text: str, rules: dict[str, tuple[str, str]]) -> None:
        self.tokens, self.rules = _TOKEN.findall(text), rules

    def whole(self) -> str:
        """The particle of all tokens."""
        return self._particle() if self.tokens[0] == "{" else self.group()

    def group(self, end: str = "") -> str:
        """The particles up to `end`, as a sequence or a choice, with the repetition that follows."""
        particles = [self._particle()]
        joint = self.tokens[0] if self.tokens else ""
        while self.tokens and self.tokens[0] != end:
            if self.tokens.pop(0) != joint:
                raise ValueError(f"{joint!r} and another joint in one group")
            particles.append(self._particle())
        if end:
            self.tokens.pop(0)
        kind = "choice" if joint == "|" else "all" if end == "}" else "sequence"
        return f"<xs:{kind}{self._repeat()}>{''.join(particles)}</xs:{kind}>"

    def _particle(self) -> str:
        first = self.tokens.pop(0)
        if first in "({":
            return self.group({"(": ")", "{": "}"}[first])
        name, _, kind = first.partition(":")
        kind = kind or (name if name in self.rules else "")
        type_name = "xs:string" if kind in ("", "text") else kind
        return f'<xs:element name="{name}" type="{type_name}"{self._repeat()}/>'

    def _repeat(self) -> str:
        return _REPEATS[self.tokens.pop(0) if self.tokens and self.tokens[0] in "?*+" else ""]

"""A replay bundle: one record that did not cross, with everything it takes to see it not cross again, masked.

One JSON document with a version. It holds no setting, no secret, and no name of a person or company of the source.
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sf_intacct.errors import FixNeeded
from sf_intacct.flow.masking import Secrecy

FORMAT, VERSION = "sf_intacct replay bundle", 1
Rows = dict[str, list[dict[str, str | None]]]
_TOKEN = re.compile(r"<(/?)([\w.:-]+)[^<>]*?(/?)>|([^<>]+)")


@dataclass(frozen=True)
class Leaf:
    """One value of a request: where it stands, what it says or its mask, and whether it is what was really said."""

    path: str
    value: str
    is_kept: bool


@dataclass(frozen=True)
class Case:
    """What did not cross: the exception and one record that it keeps."""

    exception: str
    cause: str
    subject: str
    crossing: str
    source_object: str
    source_id: str
    label: str
    seen: str
    first_seen_at: str


@dataclass(frozen=True)
class Bundle:
    """salesforce and intacct: rows by object, as the systems name their fields. earlier: the Salesforce rows as they
    were when the document was made, for what happened to it since. deleted: ids of rows that are in the recycle bin.
    made_at: when it was exported. answers: receipts, oldest first, with result, code and message. left_out: what a
    replay cannot know, in words.
    """

    case: Case
    made_at: str
    revision: str
    overrides: list[str]
    mappings: dict[str, str]
    described: str
    salesforce: Rows
    intacct: Rows
    earlier: Rows = field(default_factory=dict)
    deleted: dict[str, list[str]] = field(default_factory=dict)
    plan: dict[str, str | None] = field(default_factory=dict)
    request: list[Leaf] = field(default_factory=list)
    answers: list[dict[str, str]] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)

    def written(self) -> str:
        """The bundle as text: keys in a fixed order, a line for every value, so that two can be compared."""
        head = {"format": FORMAT, "version": VERSION}
        return json.dumps({**head, **asdict(self)}, ensure_ascii=False, indent=1) + "\n"


def read_bundle(text: str, name: str) -> Bundle:
    """The bundle in `text`. Raises FixNeeded for anything else, and for a version we do not know."""
    try:
        told = json.loads(text)
        if not isinstance(told, dict) or told.pop("format", None) != FORMAT:
            raise ValueError("not a replay bundle")
        if (version := told.pop("version", None)) != VERSION:
            raise ValueError(f"a bundle of version {version}; this program reads version {VERSION}")
        made = Bundle(**{**told, "case": Case(**told["case"]), "request": [Leaf(**leaf) for leaf in told["request"]]})
        _require_texts(made)
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        remedy = "export it again with `sf-intacct replay export`"
        raise FixNeeded("reading a replay bundle", record=name, seen=str(error), remedy=remedy) from error
    return made


def _require_texts(bundle: Bundle) -> None:
    """What becomes file names and cells has to be text; a bundle may come from anywhere."""
    shapes = {one.name: getattr(bundle, one.name) for one in fields(bundle)}
    for name in ("salesforce", "intacct", "earlier"):
        for table, rows in shapes[name].items():
            if not re.fullmatch(r"\w+", table):
                raise ValueError(f"{table!r} is no object")
            if not all(isinstance(cell, str | None) for row in rows for cell in row.values()):
                raise ValueError(f"{table} has a cell that is no text")
    for name, text in shapes["mappings"].items():
        if not re.fullmatch(r"[\w-]+\.yaml|(?:overrides|crosswalks)/[\w-]+\.(?:yaml|csv)", name) or not isinstance(
            text, str
        ):
            raise ValueError(f"{name!r} is no mapping file")


def leaves(request: str) -> Iterator[tuple[str, str]]:
    """Path and value of everything that a frozen request says; requests are XML functions or JSON records."""
    if request.lstrip().startswith("<"):
        yield from _of_markup(request)
    else:
        yield from _of_record("", json.loads(request, parse_float=str, parse_int=str))


def _of_markup(text: str) -> Iterator[tuple[str, str]]:
    """Our own writer made the text: elements without surprises, and values without markup."""
    stack: list[str] = []
    for closing, tag, alone, value in _TOKEN.findall(text):
        if value:
            if value.strip():
                yield "/".join(stack), html.unescape(value)
        elif closing:
            stack.pop()
        elif not alone:
            stack.append(tag)


def _of_record(path: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _of_record(f"{path}/{name}", inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _of_record(path, inner)
    elif value is not None:
        yield path, str(value).lower() if isinstance(value, bool) else str(value)


def masked_request(request: str, secrecy: Secrecy) -> list[Leaf]:
    """A request as its leaves, each masked unless it is a code, a number or a day."""
    return [Leaf(path, secrecy.leaf(value), secrecy.keeps(value)) for path, value in leaves(request)]


def request_differs(recorded: list[Leaf], request: str) -> str:
    """Where a request of today says something else than the recorded one, as far as one can read it; empty: nowhere."""
    said = list(leaves(request))
    if [leaf.path for leaf in recorded] != [path for path, _ in said]:
        missing = {leaf.path for leaf in recorded} ^ {path for path, _ in said}
        return f"other fields: {', '.join(sorted(missing)) or 'in another order or number'}"
    wrong = [
        f"{leaf.path} says {value}, recorded was {leaf.value}"
        for leaf, (_, value) in zip(recorded, said, strict=True)
        if leaf.is_kept and leaf.value != value
    ]
    return "; ".join(wrong)

"""Reading Order Entry documents: their custom fields show only to who names their transaction definition.

So a read first asks which definitions are concerned, and then asks each for its own. Whether a definition's name
also narrows the answer is not documented: the condition that does is always said.
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

import polars as pl

from sf_intacct.intacct.functions import condition, some
from sf_intacct.intacct.objects import Target
from sf_intacct.intacct.xml import Element
from sf_intacct.model.intent import Intent
from sf_intacct.model.system import Kind, Selection, SourceField

HEAD = "SODOCUMENT"
BY_DEFINITION = (HEAD, "SODOCUMENTENTRY")
DEFINITION, NUMBER = "DOCPARID", "RECORDNO"
_HEADS = Selection(
    object=HEAD,
    fields=(SourceField(NUMBER, Kind.TEXT), SourceField(DEFINITION, Kind.TEXT)),
    record_id=NUMBER,
    stamp="WHENMODIFIED",
)


class Pages(Protocol):
    """Pages of a selection under conditions, as a transaction definition shows it."""

    def __call__(
        self, selection: Selection, conditions: list[Element], *, definition: str = ""
    ) -> Iterator[pl.DataFrame]: ...


def by_definition(
    pages: Pages, selection: Selection, conditions: list[Element], ids: Sequence[str] = ()
) -> Iterator[tuple[str, list[Element]]]:
    """Each definition that has something to read, with the conditions to ask it under.

    ids: the documents whose lines are read, for a selection of lines.
    """
    where = [condition("in", NUMBER, *ids)] if selection.parent else conditions
    documents: dict[str, list[str]] = {}
    for page in pages(_HEADS, where):
        for number, definition in page.select(NUMBER, DEFINITION).iter_rows():
            documents.setdefault(definition, []).append(number)
    for definition, numbers in sorted(documents.items()):
        if selection.parent:
            yield definition, [condition("in", selection.parent, *numbers)]
        else:
            yield definition, [*conditions, condition("equalto", DEFINITION, definition)]


Row = dict[str, str | None]


def candidates(pages: Pages, target: Target, definition: str, intents: Sequence[Intent]) -> list[Row]:
    """Documents of one definition that bear a number of ours, or our mark whatever their number is."""
    names = (NUMBER, target.natural_key, target.mark or "", target.total or "", target.currency or "")
    fields = tuple(SourceField(name, Kind.TEXT) for name in names)
    selection = Selection(object=HEAD, fields=fields, record_id=NUMBER, stamp="WHENMODIFIED")
    numbered = condition("in", target.natural_key, *(intent.natural_key for intent in intents))
    marked = condition("in", target.mark or "", *(intent.source.record_id for intent in intents))
    either = some([numbered, marked])
    assert either is not None
    found = pages(selection, [condition("equalto", DEFINITION, definition), either], definition=definition)
    return [row for page in found for row in page.iter_rows(named=True)]


def may_be(row: Row, target: Target, intent: Intent) -> bool:
    """Whether a document bears the number that we gave it, or our mark."""
    return row[target.natural_key] == intent.natural_key or row[target.mark or ""] == intent.source.record_id

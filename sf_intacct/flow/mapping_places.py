"""Where mapping files name a column: the file and line to point at when the column is not what it was."""

import re
from collections.abc import Iterator
from typing import Any

from sf_intacct.flow.contracts import Column, Contract
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_document import Document, Path
from sf_intacct.flow.mapping_text import Mappings

_LINES = ("lines",)


def places(mappings: Mappings, contract: Contract, column: Column) -> Iterator[tuple[Document, Path]]:
    """Every value of a mapping file whose expression reads this column of this table."""
    for name, mapping in mappings.crossings.items():
        document = mappings.documents[name]
        spellings = list(_spellings(mapping, contract, column))
        for path, text in _texts(document.values, ()):
            is_line = path[:1] == _LINES
            if path[0] != "says" and any(re.search(one, text) for one, line in spellings if line in (None, is_line)):
                yield document, path


def tables_named(mappings: Mappings, contract: Contract) -> Iterator[tuple[Document, Path]]:
    """Every place at which a mapping names the table, or the object that it is read from."""
    names = (contract.name, f"{contract.system}.{contract.object}")
    for document in mappings.documents.values():
        yield from ((document, path) for path, text in _texts(document.values, ()) if text in names)


def _spellings(mapping: Mapping, contract: Contract, column: Column) -> Iterator[tuple[str, bool | None]]:
    """How a mapping would name the column: a pattern, and whether among its lines (None: anywhere)."""
    bare, behind = rf"(?<![\w.]){column.name}\b(?!\.)", rf"\b{{}}\.{column.name}\b"
    if mapping.source == contract.name:
        yield bare, False
        yield behind.format("document"), True
    if mapping.lines and mapping.lines.each == contract.name:
        yield bare, True
    besides = [(mapping.beside, None), (mapping.lines.beside if mapping.lines else {}, True)]
    for beside, where in besides:
        yield from ((behind.format(name), where) for name, other in beside.items() if other.table == contract.name)


def _texts(value: Any, path: Path) -> Iterator[tuple[Path, str]]:
    """Every text of a document, with its path."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _texts(inner, (*path, key))

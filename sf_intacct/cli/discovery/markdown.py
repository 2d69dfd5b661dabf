"""The page as Markdown, with its figures as files beside it."""

import re
from collections.abc import Collection, Iterator
from html import escape

from sf_intacct.cli.discovery.page import Page, Section, Table

_MEANT = re.compile(r"([\\*_\[\]`|])")


def as_markdown(page: Page, figures: Collection[str]) -> str:
    """The page; `figures` are the names of the pictures that lie beside it."""
    return "\n".join(_document(page, figures)) + "\n"


def _document(page: Page, figures: Collection[str]) -> Iterator[str]:
    yield from (f"# {page.title}", "", _plain(page.subtitle), "", f"**{_plain(page.lede)}**", "")
    yield from (f"* **{_plain(tile.number)}** {_plain(tile.says)}" for tile in page.tiles)
    for section in page.sections:
        yield from _section(section, figures)
    yield from ("", "---", "", _plain(page.footnote))


def _section(section: Section, figures: Collection[str]) -> Iterator[str]:
    yield from ("", f"## {section.heading}", "", _plain(section.says))
    if section.figure in figures:
        yield from ("", f"![{section.heading}]({section.figure}.svg)")
    for table in section.tables:
        yield ""
        yield from _table(table)


def _table(table: Table) -> Iterator[str]:
    rulers = ["---:" if place in table.numbers else "---" for place in range(len(table.columns))]
    for row in (table.columns, None, *table.rows):
        cells = rulers if row is None else [_plain(cell) for cell in row]
        yield f"| {' | '.join(cells)} |"


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is; `commands` stay code."""
    flat = " ".join(text.split())
    parts = flat.split("`")
    if len(parts) % 2 == 0:
        return _escaped(flat)
    return "`".join(part if place % 2 else _escaped(part) for place, part in enumerate(parts))


def _escaped(text: str) -> str:
    return _MEANT.sub(r"\\\1", escape(text, quote=False))

"""The page as one HTML file: no script, nothing fetched, prints well."""

from collections.abc import Iterator, Mapping
from html import escape

from sf_intacct.cli.discovery.page import Page, Section, Table

_CSS = """
:root { --ink: #24313a; --soft: #62707a; --line: #dfe4e7; --good: #1d4e6b; --bad: #b4472f; }
* { box-sizing: border-box; }
body { margin: 0; background: #f4f6f7; color: var(--ink);
  font: 15px/1.5 system-ui, -apple-system, "Segoe UI", "Helvetica Neue", Arial, sans-serif; }
main { max-width: 62rem; margin: 0 auto; padding: 2.5rem 1.5rem 4rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0; letter-spacing: -.01em; }
h2 { font-size: 1.15rem; margin: 0 0 .35rem; }
.subtitle { color: var(--soft); margin: .35rem 0 0; }
.lede { font-size: 1.15rem; margin: 1.4rem 0 1.6rem; max-width: 48rem; }
.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: .8rem; margin: 0 0 1.6rem; }
.tile { background: #fff; border: 1px solid var(--line); border-top: 3px solid var(--good); border-radius: 6px;
  padding: .8rem 1rem; }
.tile.bad { border-top-color: var(--bad); }
.tile b { display: block; font-size: 1.3rem; line-height: 1.25; font-variant-numeric: tabular-nums; }
.tile span { color: var(--soft); font-size: .88rem; }
section { background: #fff; border: 1px solid var(--line); border-radius: 6px;
  padding: 1.3rem 1.4rem; margin: 0 0 1.1rem; }
section > p { margin: 0 0 .9rem; color: var(--soft); max-width: 48rem; }
figure { margin: 0 0 1rem; } figure svg { width: 100%; height: auto; display: block; }
.wide { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-size: .88rem; margin: 0 0 .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); border-bottom: 1px solid #b9c1c7;
  padding: .3rem 1.1rem .3rem 0; vertical-align: bottom; }
td { border-bottom: 1px solid var(--line); padding: .38rem 1.1rem .38rem 0; vertical-align: top;
  overflow-wrap: break-word; }
.n { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
code { background: #eef1f3; padding: .05rem .3rem; border-radius: 3px; font-size: .9em; }
footer { color: var(--soft); font-size: .85rem; max-width: 48rem; margin-top: 1.6rem; }
@media (max-width: 40rem) { .tiles { grid-template-columns: 1fr; } }
@media print { body { background: #fff; } main { padding: 0; } section, .tile { break-inside: avoid; } }
"""


def as_html(page: Page, figures: Mapping[str, str]) -> str:
    """The page with its figures inside it."""
    return "\n".join(_document(page, figures)) + "\n"


def _document(page: Page, figures: Mapping[str, str]) -> Iterator[str]:
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"
    yield f"<title>{escape(page.title)}</title>\n<style>{_CSS}</style>\n</head>\n<body>\n<main>"
    yield f"<h1>{escape(page.title)}</h1>\n<p class=subtitle>{escape(page.subtitle)}</p>"
    yield f"<p class=lede>{escape(page.lede)}</p>\n<div class=tiles>"
    for tile in page.tiles:
        kind = "tile bad" if tile.is_bad else "tile"
        yield f'<div class="{kind}"><b>{escape(tile.number)}</b><span>{escape(tile.says)}</span></div>'
    yield "</div>"
    for section in page.sections:
        yield from _section(section, figures)
    yield f"<footer>{escape(page.footnote)}</footer>\n</main>\n</body>\n</html>"


def _section(section: Section, figures: Mapping[str, str]) -> Iterator[str]:
    yield f"<section>\n<h2>{escape(section.heading)}</h2>\n<p>{_inline(section.says)}</p>"
    if section.figure in figures:
        label = escape(section.heading, quote=True)
        yield f'<figure role="img" aria-label="{label}">{figures[section.figure]}</figure>'
    for table in section.tables:
        yield from _table(table)
    yield "</section>"


def _table(table: Table) -> Iterator[str]:
    yield "<div class=wide><table>\n<thead><tr>"
    yield "".join(_cell("th", name, place, table) for place, name in enumerate(table.columns))
    yield "</tr></thead>\n<tbody>"
    for row in table.rows:
        yield f"<tr>{''.join(_cell('td', text, place, table) for place, text in enumerate(row))}</tr>"
    yield "</tbody></table></div>"


def _cell(tag: str, text: str, place: int, table: Table) -> str:
    kind = " class=n" if place in table.numbers else ""
    return f"<{tag}{kind}>{_inline(text)}</{tag}>"


def _inline(text: str) -> str:
    """Text with `commands` set as code; everything else is escaped."""
    parts = escape(text).split("`")
    if len(parts) % 2 == 0:
        return "`".join(parts)
    return "".join(f"<code>{part}</code>" if place % 2 else part for place, part in enumerate(parts))

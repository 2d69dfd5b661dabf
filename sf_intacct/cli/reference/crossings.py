"""docs/crossings.md: what moves between the systems, from the mappings themselves, and the tests that prove it."""

from collections.abc import Iterable

from sf_intacct.cli.reference.markdown import code, page, table
from sf_intacct.cli.reference.proofs import Proof
from sf_intacct.cli.reference.rows import ROWS, Row
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_table import conditions, field_rows

_INTRODUCTION = """
First the mission, row by row: which mapping files carry a row, and which tests prove that it works. `make coverage`
prints the same rows and fails while one of them has no test; `make coverage RUN=1` runs the tests and says which pass.
Then every crossing of the example company, as its mapping file says it; `sf-intacct mappings show` prints yours.
"""


def crossings_page(crossings: Iterable[Mapping], proven: Iterable[Proof]) -> str:
    mappings = sorted(crossings, key=lambda mapping: mapping.crossing)
    tests = list(proven)
    rows = [_row(row, mappings, [proof for proof in tests if row.number in proof.rows]) for row in ROWS]
    parts = ["## The mission", *rows, "## The crossings", *(_crossing(mapping) for mapping in mappings)]
    return page("Crossings", _INTRODUCTION, *parts)


def _row(row: Row, mappings: list[Mapping], tests: list[Proof]) -> str:
    carried = ", ".join(f"[{m.crossing}](#{m.crossing})" for m in mappings if row.has(m))
    lines = [
        f"### {row.number}. {row.source} to {row.target}",
        f"What must be right: {row.right}.",
        f"Carried by: {carried or 'no mapping of the example company'}.",
        "\n".join(f"* {test.sentence} (`{test.file}`)" for test in tests) or "No test proves it yet.",
    ]
    return "\n\n".join(lines)


def _crossing(mapping: Mapping) -> str:
    says = [(word, code(text)) for word, text in conditions(mapping)]
    fields = [
        (
            f"line {row.field}" if row.part == "line" else row.field,
            row.meaning,
            code(_on_one_line(row.sql)) + (f" in {row.entity}" if row.entity else ""),
            row.by,
            row.otherwise,
            row.mode.replace("_", " "),
            row.owner,
        )
        for row in field_rows(mapping)
    ]
    columns = ("Field", "Meaning", "Comes from", "By way of", "If nothing is found", "Written", "Owner")
    head = f"{mapping.says} From `{mapping.source}` to `{mapping.target}`."
    return "\n\n".join([f"### {mapping.crossing}", head, table(("", ""), says), table(columns, fields)])


def _on_one_line(sql: str) -> str:
    """A line break within a text is shown as it is written in YAML."""
    return sql.replace("\r", "\\r").replace("\n", "\\n")

"""Whether company.yaml can work: every table and crossing that it names."""

from collections.abc import Iterator

from sf_intacct.errors import MappingError
from sf_intacct.flow.contracts import CONTRACTS, REFERENCE
from sf_intacct.flow.mapping_document import Document, suggestion
from sf_intacct.flow.mapping_text import Mappings


def company_problems(mappings: Mappings) -> Iterator[MappingError]:
    document = mappings.documents.get("company") or Document("company.yaml", {}, {})
    for name, lookup in mappings.company.lookups.items():
        if lookup.table is not None and lookup.table not in CONTRACTS:
            yield document.wrong(
                ("lookups", name, "in"),
                f"there is no table {lookup.table}",
                suggestion(lookup.table, CONTRACTS),
            )
    for crossing in mappings.company.brakes.by_crossing:
        if crossing not in mappings.crossings:
            seen = f"there is no crossing {crossing}"
            yield document.wrong(("brakes", "by_crossing", crossing), seen, suggestion(crossing, mappings.crossings))
    for place, table in enumerate(mappings.company.reference):
        if table not in REFERENCE:
            yield document.wrong(
                ("reference", place), f"there is no reference table {table}", suggestion(table, REFERENCE)
            )

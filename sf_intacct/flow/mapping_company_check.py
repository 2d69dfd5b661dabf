"""Whether company.yaml can work: every table and crossing that it names."""

from collections.abc import Iterator

from sf_intacct.errors import MappingError
from sf_intacct.flow.contracts import CONTRACTS, REFERENCE
from sf_intacct.flow.mapping_document import Document, suggestion
from sf_intacct.flow.mapping_preflight import PeriodPolicy
from sf_intacct.flow.mapping_text import Mappings


def company_problems(mappings: Mappings) -> Iterator[MappingError]:
    """Everything that company.yaml names and that is not there, each with its line."""
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
    held = mappings.company.preflight.period_closed is not PeriodPolicy.IGNORE
    for place, closing in enumerate(mappings.company.periods.closing):
        if closing.hold_from is not None and not held:
            seen, path = "nothing is held from this day on", ("periods", "closing", place, "hold_from")
            yield document.wrong(path, seen, "preflight.period_closed: ignore lets everything through; say hold")
    for place, table in enumerate(mappings.company.reference):
        if table not in REFERENCE:
            yield document.wrong(
                ("reference", place), f"there is no reference table {table}", suggestion(table, REFERENCE)
            )

"""What contracts ship of lengths and choices, beside what both sandboxes take."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sf_intacct.flow.contracts import OBSERVED, Column, Contract
from sf_intacct.flow.described_check import written_parts
from sf_intacct.model.system import Kind
from sf_intacct.sandbox.intacct.schema import load
from sf_intacct.sandbox.salesforce.schema.catalogue import company_schema
from sf_intacct.store.mapping_files import read_mappings

COMMITTED = Path(__file__).resolve().parents[3] / "mappings"
LONG = 1000  # texts that nobody fills: their end is told by a refusal
# Arguments of create_invoice and create_aradjustment are shorter than the fields of what they make.
BY_FUNCTION = {"RECORDID", "ENTRYDESCRIPTION", "DOCNUMBER"}
INTACCT, SALESFORCE = load(), company_schema()


def _taken(contract: Contract, column: Column) -> tuple[int | None, tuple[str, ...]]:
    """Length and choices of a field in the sandbox of its system; nothing where it has neither."""
    name = column.source or ""
    if contract.system == "intacct":
        field = INTACCT[contract.object].by_id.get(name)
        return (field.length, tuple(field.values)) if field else (None, ())
    fields = {field.name: field for field in SALESFORCE[contract.object].fields}
    known = fields.get(name)
    return (known.length or None if known and known.type not in ("id", "reference") else None), ()


def _written() -> Iterator[tuple[Contract, Column]]:
    for mapping in read_mappings(COMMITTED).crossings.values():
        for _, contract, fields in written_parts(mapping):
            yield from ((contract, contract.by_source[name]) for name in fields)


@pytest.mark.answers("E13")
def test_a_shipped_limit_is_what_the_sandbox_takes() -> None:
    wrong = [
        f"{contract.name}.{column.name}: {column.limit or column.choices}, and {(length, values)}"
        for contract in OBSERVED.values()
        if not contract.by_function
        for column in contract.columns
        for length, values in [_taken(contract, column)]
        if (column.limit and length and column.limit != length and column.source not in BY_FUNCTION)
        or not set(column.choices) <= set(values)
    ]
    assert wrong == []


def test_every_short_text_of_a_master_that_a_mapping_writes_ships_with_its_length() -> None:
    without = [
        f"{contract.name}.{column.name}"
        for contract, column in _written()
        if contract.lines is None and contract.document is None
        if column.kind is Kind.TEXT and not column.limit and "SALESFORCE" not in (column.source or "")
        if 0 < (_taken(contract, column)[0] or 0) < LONG
    ]
    assert without == []

"""Resolved by hand: a record is a document that somebody made in Intacct. It is looked up before it is believed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

import polars as pl

from sf_intacct.errors import FixNeeded
from sf_intacct.flow.contracts import Contract, target_contract
from sf_intacct.flow.evaluate import evaluate
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.queue import Victim
from sf_intacct.model.money import spelt
from sf_intacct.model.system import Kind, Selection, SourceField
from sf_intacct.orchestration.around import surroundings
from sf_intacct.orchestration.house import House
from sf_intacct.store import plan_sources
from sf_intacct.store.verdicts import Verdict

# Documents whose customer, total and currency can be compared; other records are linked by `match approve`.
_COMPARED = {"ARINVOICE": "CUSTOMERID", "ARADJUSTMENT": "CUSTOMERID"}
_TOTAL, _CURRENCY, _STATE = "TRX_TOTALENTERED", "CURRENCY", "STATE"
_NOT_THERE = ("Draft", "Reversed", "Reversal")
_DOING = "linking a record with a document in Intacct"


def resolution(house: House, victims: Sequence[Victim], number: str) -> Verdict:
    """The verdict that a record is the document with this number. Asks Intacct now, and writes nothing.

    Raises FixNeeded where there is no such document or several, where customer, total or currency are others, where it
    was taken back, or where it belongs to another record already.
    """
    if len(victims) != 1:
        seen = f"{len(victims)} records are meant"
        raise FixNeeded(_DOING, record=number, seen=seen, remedy="name one with --record")
    (victim,) = victims
    mapping = house.mappings.crossings.get(victim.crossing)
    if mapping is None or mapping.target_object not in _COMPARED:
        remedy = "link it with `sf-intacct match suggest` and `match approve`, or ignore it with a reason"
        raise FixNeeded(_DOING, record=victim.label, seen="only invoices and credit memos are compared", remedy=remedy)
    contract = target_contract(mapping.target)
    assert contract is not None
    row = _looked_up(house, mapping, contract, number)
    objections = list(_objections(row, _meant(house, mapping, victim), mapping, victim))
    if objections:
        raise FixNeeded(_DOING, record=f"{victim.label} and {number}", seen="; ".join(objections), remedy=_REMEDY)
    evidence = f"number {number}, customer {row['CUSTOMERID']}, total {row[_TOTAL]} and currency are the same"
    key = str(row[contract.selection.record_id])
    return Verdict(mapping.crossing, victim.source_id, key, number, True, evidence)


_REMEDY = "name the right document, or ignore the record with a reason"


def _looked_up(house: House, mapping: Mapping, contract: Contract, number: str) -> dict[str, Any]:
    """The one document with a number, as Intacct has it at this moment."""
    identity, key = mapping.identity, contract.selection.record_id
    named = [key, identity, "CUSTOMERID", _TOTAL, _CURRENCY, _STATE, *([mapping.mark] if mapping.mark else [])]
    fields = tuple(SourceField(name, Kind.TEXT) for name in named)
    selection = Selection(object=contract.object, fields=fields, record_id=identity, stamp=contract.selection.stamp)
    pages = house.system(mapping.target_system).read(selection, [number])
    rows = [row for page in pages for row in page.iter_rows(named=True)]
    if len(rows) != 1:
        seen = f"Intacct has {'no document' if not rows else f'{len(rows)} documents'} with this number"
        raise FixNeeded(_DOING, record=number, seen=seen, remedy=_REMEDY)
    return rows[0]


def _meant(house: House, mapping: Mapping, victim: Victim) -> dict[str, Any]:
    """What the record would be in the books now: customer, amount and currency."""
    with house.transaction() as session:
        heads, lines = plan_sources.sources(session, mapping, pl.Series("id", [victim.source_id], dtype=pl.String))
        around = surroundings(session, house.mappings, mapping)
    if heads.is_empty():
        seen = "the record is not lawful yet, so that nothing can be compared with it"
        raise FixNeeded(_DOING, record=victim.label, seen=seen, remedy="mend the record, or ignore it with a reason")
    (row,) = evaluate(mapping, house.mappings, heads, lines, around).heads.to_dicts()
    return {**row, "customer": row.get(_COMPARED[mapping.target_object])}


def _objections(row: dict[str, Any], meant: dict[str, Any], mapping: Mapping, victim: Victim) -> list[str]:
    """Why the two are not the same, each in words."""
    total, owner = Decimal(row[_TOTAL] or 0), row.get(mapping.mark) if mapping.mark else None
    told = []
    if meant["customer"] is None:
        told.append("the customer of the record is not known in Intacct yet")
    elif row["CUSTOMERID"] != meant["customer"]:
        told.append(f"the document is of customer {row['CUSTOMERID']}, the record of {meant['customer']}")
    if meant["amount"] is None or total != meant["amount"]:
        told.append(f"the document comes to {spelt(total)}, the record to {spelt(meant['amount'] or Decimal(0))}")
    if row[_CURRENCY] and meant["currency"] and row[_CURRENCY] != meant["currency"]:
        told.append(f"the document is in {row[_CURRENCY]}, the record in {meant['currency']}")
    if row[_STATE] in _NOT_THERE:
        told.append(f"the document is in the state {row[_STATE]}")
    if owner and owner != victim.source_id:
        told.append(f"the document belongs to {owner} already")
    return told

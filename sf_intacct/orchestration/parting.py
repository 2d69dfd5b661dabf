"""The look at other crossings before a record is planned: one sale is billed once, and what was billed is no return."""

from dataclasses import replace

import polars as pl

from sf_intacct.flow import parting
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.evaluate import Evaluated, meets
from sf_intacct.flow.findings import together
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.orchestration.around import surroundings
from sf_intacct.store import plan_sources
from sf_intacct.store.warehouse import Session


def parted(
    session: Session, mappings: Mappings, mapping: Mapping, heads: pl.DataFrame, evaluated: Evaluated
) -> Evaluated:
    """`evaluated` with a finding about every record that another crossing holds already."""
    contract = CONTRACTS[mapping.source]
    found = []
    for rival in parting.rivals(mapping, mappings):
        taken = _of_sales(session, mappings, rival)
        found.append(parting.sold_twice(heads, contract.key, contract.label, rival.of or contract.key, taken))
    for bill in parting.billed_by(mapping, mappings):
        rest = heads.filter(~meets(bill, mappings, heads, surroundings(session, mappings, bill)))
        taken = plan_sources.taken(session, bill)
        found.append(parting.turned_negative(rest, contract.key, contract.label, taken))
    return replace(evaluated, findings=together([*found, evaluated.findings])) if found else evaluated


def _of_sales(session: Session, mappings: Mappings, rival: parting.Rival) -> pl.DataFrame:
    """What the rival holds, by the records of ours that are the same sale."""
    other = mappings.crossings[rival.crossing]
    taken = plan_sources.taken(session, other)
    if rival.by is None:
        return taken
    sales = plan_sources.table(session, other.source).select(CONTRACTS[other.source].key, rival.by)
    named = sales.join(taken, left_on=CONTRACTS[other.source].key, right_on="source_id", how="inner")
    return named.select(pl.col(rival.by).alias("source_id"), "natural_key").drop_nulls("source_id")


def turned(session: Session, mappings: Mappings, mapping: Mapping, heads: pl.DataFrame) -> list[str]:
    """Those of `heads`, which are not to be billed any more, that are to be credited instead."""
    key = CONTRACTS[mapping.source].key
    found: list[str] = []
    for credit in parting.credited_by(mapping, mappings) if heads.height else ():
        crossing = meets(credit, mappings, heads, surroundings(session, mappings, credit))
        found += heads.filter(crossing)[key].to_list()
    return found

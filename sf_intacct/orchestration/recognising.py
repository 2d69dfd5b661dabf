"""Both sides of a crossing at once, to recognise what was there before us. Reads the warehouse only."""

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, target_contract
from sf_intacct.flow.evaluate import crossing_rows
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.recognise import BothSides, Recognised, recognise
from sf_intacct.flow.scope import Surroundings
from sf_intacct.flow.suggest import asked
from sf_intacct.store import match_tables, plan_sources
from sf_intacct.store.warehouse import Session


def both_sides(session: Session, mappings: Mappings, mapping: Mapping, around: Surroundings) -> BothSides:
    """Every living record on both sides of a crossing, and what is known of who is who."""
    target = target_contract(mapping.target)
    assert target is not None, f"{mapping.target} was checked when the mappings were loaded"
    sources = plan_sources.table(session, CONTRACTS[mapping.source].name)
    return BothSides(
        mapping=mapping,
        sources=crossing_rows(mapping, mappings, sources, around),
        targets=plan_sources.table(session, target.name),
        links=match_tables.linked_pairs(session, mapping.crossing),
        different=match_tables.different_pairs(session, mapping.crossing),
    )


def recognised(
    session: Session, mappings: Mappings, mapping: Mapping, around: Surroundings, ids: pl.Series
) -> Recognised:
    """What second keys and people say of the records that are being planned."""
    if mapping.match is None:
        return Recognised(different=match_tables.different_pairs(session, mapping.crossing))
    sides = both_sides(session, mappings, mapping, around)
    return asked(sides, recognise(sides, ids), ids)

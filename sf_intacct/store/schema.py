"""Every table of the warehouse, made or widened once whenever a declaration has changed."""

import hashlib
from collections.abc import Iterable, Iterator

from sf_intacct.flow.contracts import CONTRACTS, OBSERVED
from sf_intacct.flow.mapping import Mapping
from sf_intacct.store import (
    closed_periods,
    core_tables,
    disagreements,
    finance_tables,
    journal_mirror,
    plan_tables,
    queue_tables,
)
from sf_intacct.store.statements import create_core, create_raw
from sf_intacct.store.warehouse import Session

_STEP = "schema"


def ensure(session: Session, mappings: Iterable[Mapping]) -> None:
    """Makes what is missing. Costs one look when nothing is declared differently from last time."""
    statements = list(_statements(mappings))
    basis = hashlib.sha256("\n".join(statements).encode()).hexdigest()[:16]
    if session.value("select basis from meta.progress where step = ?", [_STEP]) == basis:
        return
    for statement in statements:
        session.run(statement)
    session.run("delete from meta.progress where step = ?", [_STEP])
    session.run("insert into meta.progress values (?, 0, ?)", [_STEP, basis])


def _statements(mappings: Iterable[Mapping]) -> Iterator[str]:
    yield from (create_raw(contract) for contract in OBSERVED.values())
    yield from (create_core(contract) for contract in CONTRACTS.values())
    yield core_tables.CREATE
    for mapping in mappings:
        yield plan_tables.create_plan(mapping)
    yield from plan_tables.CREATE
    yield closed_periods.CREATE
    yield from journal_mirror.CREATE
    yield disagreements.CREATE
    yield from queue_tables.CREATE
    yield from finance_tables.CREATE

"""The verb read: observe what changed in one system and append it to raw."""

from collections.abc import Iterator
from datetime import datetime

import polars as pl

from sf_intacct.flow.contracts import OBSERVED, Contract
from sf_intacct.flow.usage import in_use
from sf_intacct.orchestration.house import House
from sf_intacct.store import raw_tables
from sf_intacct.store.raw_tables import Observed, Parents
from sf_intacct.store.spool import spooled


def heads_of(contract: Contract) -> Contract | None:
    """The contract of the documents that these are the lines of."""
    return next((other for other in OBSERVED.values() if other.lines == contract.name), None)


def read(house: House, contract: Contract) -> Observed:
    """Reads what is new of one object, as far as the mappings use it. A failed read raises: it is not an empty day."""
    heads = heads_of(contract)
    used = in_use(contract, house.mappings)
    if used is None:
        return Observed(read=0, new=0, deleted=0, watermark=None)
    contract = used
    if contract.read_with_document and heads is not None:
        return _read_lines(house, contract, heads)
    with house.transaction() as session:
        since = raw_tables.start(session, contract, house.settings.overlap)
    pages = house.system(contract.system).changes(contract.selection, since)
    return _append(house, contract, since, pages)


def _read_lines(house: House, contract: Contract, heads: Contract) -> Observed:
    """Reads the lines of every document that changed since its lines were last read."""
    with house.transaction() as session:
        documents = raw_tables.documents_to_read(session, contract, heads)
    pages = house.system(contract.system).read(contract.selection, documents.ids)
    return _append(house, contract, None, pages, documents)


def _append(
    house: House,
    contract: Contract,
    since: datetime | None,
    pages: Iterator[pl.DataFrame],
    parents: Parents | None = None,
) -> Observed:
    with spooled(contract.selection, pages) as spool:
        if spool.rows == 0 and contract.stamp and not (parents and parents.ids):
            return Observed(read=0, new=0, deleted=0, watermark=since)
        observed_at = house.now()
        with house.transaction() as session:
            return raw_tables.append(session, contract, spool, house.today, observed_at, parents)

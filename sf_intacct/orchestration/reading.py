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

# What is applied may change a document without moving the document's stamp: whatever an application names is read too.
NAMED = {
    "intacct_payment_applications": {
        "invoice_key": "intacct_invoices",
        "adjustment_key": "intacct_adjustments",
        "advance_key": "intacct_advances",
    }
}


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
    observed = _append(house, contract, None, pages, documents)
    if observed.new:
        for column, named in NAMED.get(contract.name, {}).items():
            _read_named(house, contract, column, OBSERVED[named], documents.upto)
    return observed


def _read_named(house: House, contract: Contract, column: str, named: Contract, after: int) -> None:
    """Reads what lines observed after a tick name, whatever its stamp. Its watermark stays: no neighbour was read."""
    used = in_use(named, house.mappings)
    if used is None or column not in contract.by_name:
        return
    with house.transaction() as session:
        ids = raw_tables.named(session, contract, contract.by_name[column].source or "", after)
    if ids:
        pages = house.system(used.system).read(used.selection, ids)
        with spooled(used.selection, pages) as spool, house.transaction() as session:
            raw_tables.append_aside(session, used, spool, house.today, house.now())


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

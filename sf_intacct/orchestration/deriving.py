"""Tables of core that are made from other tables: what became of each record, and sums over lines."""

from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.usage import tables
from sf_intacct.orchestration.house import House
from sf_intacct.store import derived_tables


def derive(house: House, name: str) -> int:
    """Recomputes one derived table of core; returns how many rows changed. What no mapping uses is not made."""
    if CONTRACTS[name].made_of and name not in tables(house.mappings):
        return 0
    with house.transaction() as session:
        return derived_tables.refresh(session, name, house.today, house.now())

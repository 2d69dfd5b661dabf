"""Tables of core that are made from other tables: what became of each record, and sums over lines."""

from sf_intacct.orchestration.house import House
from sf_intacct.store import derived_tables


def derive(house: House, name: str) -> int:
    """Recomputes one derived table of core; returns how many rows changed."""
    with house.transaction() as session:
        return derived_tables.refresh(session, name, house.today, house.now())

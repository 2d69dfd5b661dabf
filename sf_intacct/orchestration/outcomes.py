"""What became of each record that should cross, as tables that go home to Salesforce."""

from sf_intacct.orchestration.house import House
from sf_intacct.store import outcome_tables


def derive(house: House, name: str) -> int:
    """Recomputes one outcome table of core; returns how many records changed their standing."""
    with house.transaction() as session:
        return outcome_tables.refresh(session, name, house.today, house.now())

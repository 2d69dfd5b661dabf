"""What is known of open and closed periods, put together from all who tell of them. For the plan, and for a close."""

from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight.closings import CLOSED_BOOKS, Closings, known
from sf_intacct.store import plan_sources
from sf_intacct.store.warehouse import Session


def closings(session: Session, mappings: Mappings) -> Closings:
    """The closed books: as Finance states them in company.yaml, and as Intacct tells where it is asked."""
    periods = mappings.company.periods
    read = plan_sources.table(session, CLOSED_BOOKS) if periods.read else None
    return known(periods, read, None)

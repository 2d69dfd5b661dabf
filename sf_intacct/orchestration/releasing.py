"""Refused writes that come free by themselves: what they hung on has moved, or it is time to find out."""

from datetime import timedelta

from sf_intacct.flow.releases import released as free, watched
from sf_intacct.orchestration.house import House
from sf_intacct.store import refused
from sf_intacct.store.warehouse import Session


def released(house: House, session: Session, crossing: str) -> frozenset[str]:
    """Source ids of the refused writes of a crossing that may be tried again now."""
    waiting = refused.refusals(session, crossing)
    if not waiting:
        return frozenset()
    watches = {watch for one in waiting if (watch := watched(*one.cause)) is not None}
    moved = refused.moved(session, sorted(watches, key=repr))
    first = timedelta(seconds=house.settings.probe_seconds)
    return frozenset(free(waiting, moved, refused.proofs(session, crossing), house.now(), first))

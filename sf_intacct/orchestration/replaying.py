"""The road of one crossing, walked by itself until it is quiet, and what came of one record on it."""

from dataclasses import dataclass, replace

from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.flow.contracts.registered import REFERENCE_VALUES
from sf_intacct.flow.usage import tables
from sf_intacct.model.intent import State
from sf_intacct.orchestration import deriving, exceptions, planning, publishing, reading
from sf_intacct.orchestration.applying import apply
from sf_intacct.orchestration.exporting import needed
from sf_intacct.orchestration.house import House
from sf_intacct.store import exceptions as queue
from sf_intacct.store.derived_tables import DERIVATIONS

WALKS_MAX = 8


@dataclass(frozen=True)
class Ending:
    """Why a record does not cross: cause and subject of its exception (empty: it crossed, or is on its way), what was
    seen, the request that was made of it, and whether the other system had said no to that."""

    cause: str = ""
    subject: str = ""
    seen: str = ""
    request: str = ""
    was_refused: bool = False


def settle(house: House, crossing: str) -> None:
    """Walks the crossing and those it needs until a walk writes nothing."""
    with house.warehouse.held():
        for _ in range(WALKS_MAX):
            if _walk(house, needed(house, crossing)) == 0:
                return


def _walk(house: House, crossings: list[str]) -> int:
    """Reads everything, plans and applies these crossings, gathers what cannot cross; how many writes were sent."""
    _observe(house, crossings)
    sent = 0
    for crossing in crossings:
        planning.plan(house, crossing)
        sent += apply(house, crossing).sent
    exceptions.gather(house)
    return sent


def _observe(house: House, crossings: list[str]) -> None:
    """Reads what these crossings look at, and makes of it what they look at."""
    used = tables(replace(house.mappings, crossings={name: house.mappings.crossings[name] for name in crossings}))
    wanted = {name: contract for name, contract in OBSERVED.items() if name in used}
    fresh = {name for name, contract in wanted.items() if reading.read(house, contract).new}
    for name, contract in wanted.items():
        if contract.document is None and fresh & {name, contract.lines}:
            publishing.publish(house, contract)
    for name in DERIVATIONS:
        if name in used or name == REFERENCE_VALUES.name:
            deriving.derive(house, name)


def ending(house: House, crossing: str, source_id: str, wanted: str) -> Ending:
    """What keeps the record: the wanted cause, if it is among those that do, else the first."""
    victims = [
        (one["cause"], one["subject"], victim["seen"])
        for one in queue.listed(house.journal)
        for victim in one["victims"]
        if (victim["crossing"], victim["source_id"]) == (crossing, source_id)
    ]
    victims.sort(key=lambda victim: victim[0] != wanted)
    intents = [i for i in house.journal.in_state(crossing, *State) if i.source.record_id == source_id]
    newest = intents[-1] if intents else None
    cause, subject, seen = victims[0] if victims else ("", "", "")
    return Ending(
        cause, subject, seen, newest.request if newest else "", bool(newest and newest.state is State.REFUSED)
    )

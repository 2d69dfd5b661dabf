"""What a cold house does otherwise: it waits for what may still arrive, doubts refusals, and warms up by passes."""

from dataclasses import replace
from datetime import datetime

from sf_intacct.flow.mapping import Mapping
from sf_intacct.model.intent import State
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.orchestration.house import House
from sf_intacct.store import coldness
from sf_intacct.store.coldness import Cold


def quiet_until(house: House, mapping: Mapping, cold: Cold) -> datetime:
    """Until then what was sent before the journal was lost may still be carried out."""
    return (cold.quiet_from or cold.began_at) + house.patience(mapping.target_system).quiet


def doubted(outcome: Outcome) -> Outcome:
    """A refusal may only mean that a sender whom nobody remembers got through: it is looked up before it counts."""
    return replace(outcome, result=Result.DOUBTFUL) if outcome.result is Result.REFUSED else outcome


def passed(house: House, mapping: Mapping, cold: Cold) -> Cold | None:
    """A crossing was carried out. Why the house is still cold; None when it is no more.

    It counts when everything that may still be sent was looked for: nothing was paused, kept back or left for later.
    """
    pending = house.journal.in_state(mapping.crossing, State.PENDING)
    is_clean = all(one.looked_at and one.looked_at >= cold.began_at for one in pending)
    if house.now() < quiet_until(house, mapping, cold) or not is_clean:
        return cold
    if coldness.passed(house.journal, cold, mapping.crossing, house.mappings.crossings, house.now(), house.run):
        return None
    return coldness.present(house.journal)

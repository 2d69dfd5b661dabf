"""The switch that stops everything: at most the call that is under way still leaves, and nothing is lost meanwhile."""

from collections.abc import Callable, Sequence

import pytest

from sf_intacct.model.intent import Intent, State
from sf_intacct.model.receipt import Outcome
from sf_intacct.orchestration import applying, watching
from sf_intacct.orchestration.house import House
from sf_intacct.store import pauses
from sf_intacct_tests.town import BILLING, Town, line, look, only, order, settle, walk

DRAFTS = [order(number, status="Draft") for number in ("1", "2", "3")]
LINES = [line(1, "1"), line(2, "2"), line(3, "3")]


def _say(house: House, what: str, is_paused: bool) -> None:
    pauses.say(house.journal, what, is_paused, "Ann Ledger", "month end", house.now())


@pytest.mark.answers("S26")
def test_a_pause_lets_at_most_one_further_call_out_and_what_is_left_goes_after_the_resume(town: Town) -> None:
    """Failure modes, S26."""
    only(town.folder / "mappings", *BILLING, "outcome_to_order")
    town.seed(orders=DRAFTS, lines=LINES)
    house = town.house(intacct_batch_size=1)
    with house.warehouse.held():
        settle(house)
        for number in ("1", "2", "3"):
            town.act("salesforce", "activate_order", order=number)
        look(house)
        stopped = _applied_while_somebody_says_stop(house)

        assert (stopped.sent, len(town.invoices())) == (1, 1)
        assert stopped.stopped.startswith("sending is paused since ")
        assert stopped.stopped.endswith(" by Ann Ledger: month end")
        assert len(house.journal.in_state("order_to_invoice", State.PENDING)) == 2

        before = town.calls()
        assert (walk(house).writes, town.writes(since=before)) == (0, 0)
        assert watching.paused(house)
        assert watching.unfinished(house) == 0, "what is paused does not call for a sync"

        _only_intacct_stays_paused(town, house)
        settle(house)
    assert sorted(invoice["RECORDID"] for invoice in town.invoices()) == ["SO-1", "SO-2", "SO-3"]


def _applied_while_somebody_says_stop(house: House) -> applying.Applied:
    """The stop comes while the first call is under way."""
    send = house.intacct.apply

    def apply(intents: Sequence[Intent], before_sending: Callable[[], None]) -> list[Outcome]:
        _say(house, pauses.EVERYTHING, True)
        return send(intents, before_sending)

    house.intacct.apply = apply  # type: ignore[method-assign, assignment]
    applied = applying.apply(house, "order_to_invoice")
    del house.intacct.apply
    return applied


def _only_intacct_stays_paused(town: Town, house: House) -> None:
    """A pause of one system keeps what goes to it, and nothing else. Resuming everything leaves no pause behind."""
    _say(house, pauses.EVERYTHING, False)
    _say(house, "intacct", True)
    invoice = town.invoices()[0]
    town.act("intacct", "pay_invoice", invoice=invoice["RECORDID"], amount="1.00")
    settle(house)
    told = town.order(invoice["RECORDID"].removeprefix("SO-"))
    assert (told["Intacct_Amount_Paid__c"], len(town.invoices())) == ("1.00", 1)
    assert watching.paused(house) == "", "a sync still has somewhere to send to"

    _say(house, pauses.EVERYTHING, False)
    assert pauses.standing(house.journal) == []
    assert watching.unfinished(house) == 2

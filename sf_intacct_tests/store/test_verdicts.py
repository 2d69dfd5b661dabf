"""Verdicts: what a person said makes or takes back a link, once, signed, and never against what is on its way."""

from dataclasses import replace

import pytest
import sqlalchemy as sa

from sf_intacct.model.intent import Action, State
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.store import journal_mirror
from sf_intacct.store.journal import Entered, Journal, Patience
from sf_intacct.store.journal_tables import VERDICT
from sf_intacct.store.verdicts import Given, Verdict, give
from sf_intacct.store.warehouse import Warehouse
from sf_intacct_tests.intents import NOON, intent

CROSSING = "order_to_invoice"
SAME = Verdict(CROSSING, "801A", "7", "C-7", True, "name alike", 91)
DIFFERENT = replace(SAME, is_same=False, reason="another company")


def said(journal: Journal, *verdicts: Verdict) -> list[Given]:
    return give(journal, verdicts, "ada", NOON, "by hand")


def links(journal: Journal) -> list[tuple[str, str]]:
    return [(row["source_id"], row["target_id"]) for row in journal.links_after(0)]


def test_the_same_is_a_link_and_is_signed(journal: Journal) -> None:
    assert said(journal, SAME) == [Given(SAME)]
    assert links(journal) == [("801A", "7")]
    (row,) = journal.verdicts_after(0)
    assert (row["decided_by"], row["recorded_at"], row["score"], row["evidence"]) == ("ada", NOON, 91, "name alike")


def test_saying_it_twice_is_saying_it_once(journal: Journal) -> None:
    assert said(journal, SAME, SAME) == [Given(SAME), Given(SAME, is_known=True)]
    assert said(journal, DIFFERENT, DIFFERENT) == [Given(DIFFERENT), Given(DIFFERENT, is_known=True)]
    assert len(journal.verdicts_after(0)) == 2


@pytest.mark.parametrize(
    ("second", "words"),
    [
        (replace(SAME, target_id="8", natural_key="C-8"), "linked with C-7 already"),
        (replace(SAME, source_id="801B"), "C-7 is the counterpart of 801A already"),
    ],
)
def test_a_second_partner_is_refused_in_words_and_changes_nothing(
    journal: Journal, second: Verdict, words: str
) -> None:
    said(journal, SAME)
    (given,) = said(journal, second)
    assert words in given.refusal
    assert links(journal) == [("801A", "7")]
    assert len(journal.verdicts_after(0)) == 1


def test_different_takes_the_link_back_and_both_stay_on_record(journal: Journal) -> None:
    said(journal, SAME)
    said(journal, DIFFERENT)
    assert links(journal) == []
    assert [row["verdict"] for row in journal.verdicts_after(0)] == ["same", "different"]
    assert said(journal, replace(SAME, target_id="8", natural_key="C-8"))[0].refusal == ""


def test_what_is_on_its_way_is_settled_first(journal: Journal) -> None:
    journal.enter([intent()], NOON, "run 1")
    journal.send(journal.in_state(CROSSING, State.PENDING), NOON)
    for verdict in (SAME, DIFFERENT):
        assert "on its way" in said(journal, verdict)[0].refusal
    assert (links(journal), journal.verdicts_after(0)) == ([], [])


@pytest.mark.parametrize("outcome", [None, Outcome(Result.REFUSED, code="BL01001973", message="no")])
def test_a_create_that_was_never_carried_out_is_given_up_and_never_entered_again(
    journal: Journal, outcome: Outcome | None
) -> None:
    journal.enter([intent()], NOON, "run 1")
    if outcome:
        sent = journal.send(journal.in_state(CROSSING, State.PENDING), NOON)
        journal.settle([(one, outcome) for one in sent], NOON, "run 1", Patience())
    said(journal, SAME)
    assert [i.state for i in journal.in_state(CROSSING, *State)] == [State.CANCELLED]
    assert journal.receipts_after(0)[-1]["code"] == "linked"
    assert journal.enter([intent()], NOON, "run 2") == Entered(known=1)
    assert journal.enter([intent("k9")], NOON, "run 2") == Entered(known=1)
    assert journal.in_state(CROSSING, State.PENDING) == []


def test_an_update_of_what_is_linked_is_entered(journal: Journal) -> None:
    said(journal, SAME)
    update = intent("u1", action=Action.UPDATE, target_id="7")
    assert journal.enter([update], NOON, "run 2") == Entered(new=1)


@pytest.mark.parametrize("change", ["update verdict set decided_by = 'eve'", "delete from verdict"])
def test_a_verdict_is_never_changed_not_even_in_the_database(journal: Journal, change: str) -> None:
    said(journal, SAME)
    with pytest.raises(sa.exc.DBAPIError, match="never changed"), journal.engine.begin() as connection:
        connection.execute(sa.text(change))
    with journal.engine.begin() as connection:
        assert connection.execute(sa.select(VERDICT.c.decided_by)).scalar() == "ada"


def test_the_mirror_follows_a_link_that_was_taken_back_and_one_that_was_made_again(
    warehouse: Warehouse, journal: Journal
) -> None:
    def mirrored() -> list[tuple[str, str]]:
        with warehouse.transaction() as session:
            for statement in journal_mirror.CREATE:
                session.run(statement)
            journal_mirror.follow(session, journal)
            return session.frame("select source_id, target_id from journal.link order by 1, 2").rows()

    said(journal, SAME, replace(SAME, source_id="801B", target_id="8", natural_key="C-8"))
    assert mirrored() == [("801A", "7"), ("801B", "8")]
    said(journal, DIFFERENT)
    assert mirrored() == [("801B", "8")]
    said(journal, SAME, DIFFERENT, SAME)
    assert mirrored() == [("801A", "7"), ("801B", "8")]


def test_an_update_that_was_planned_before_the_two_were_called_different_is_never_entered(journal: Journal) -> None:
    said(journal, SAME)
    said(journal, DIFFERENT)
    update = intent("u1", action=Action.UPDATE, target_id="7")
    assert journal.enter([update, replace(update, key="u2", target_id="8")], NOON, "run 2") == Entered(new=1, known=1)
    assert [i.key for i in journal.in_state(CROSSING, State.PENDING)] == ["u2"]
    said(journal, SAME)
    assert journal.enter([update], NOON, "run 2") == Entered(new=1)

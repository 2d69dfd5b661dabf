"""Journeys of fields that both sides changed: the owner wins, the loser is kept; without an owner a person decides."""

import re
from typing import Any

import pytest

from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.flow.mapping import Owner
from sf_intacct.orchestration import applying, planning, publishing, reading
from sf_intacct.orchestration.house import House
from sf_intacct.store import disagreements, finance_tables
from sf_intacct_tests.town import Town, line, order, queue, settle, walk

PHONE = "DISPLAYCONTACT.PHONE1"


def rule(town: Town, crossing: str, field: str, says: str) -> None:
    """Somebody edits one line of a mapping file."""
    file = town.folder / "mappings" / f"{crossing}.yaml"
    text, changed = re.subn(rf"^  {re.escape(field)}: .*$", f"  {field}: {says}", file.read_text(), flags=re.MULTILINE)
    assert changed == 1
    file.write_text(text)


def in_salesforce(town: Town, **fields: Any) -> None:
    account = town.one("salesforce", "Account", AccountNumber="2")
    town.act("salesforce", "edit", object="Account", id=account["Id"], fields=fields)


def in_intacct(town: Town, phone: str) -> None:
    town.act("intacct", "edit", object="CUSTOMER", key="C-2", fields={"DISPLAYCONTACT": {"PHONE1": phone}})


def phones(town: Town) -> tuple[str | None, str | None]:
    """What both sides say: Salesforce, Intacct."""
    customer = town.one("intacct", "CUSTOMER", CUSTOMERID="C-2")
    contact = town.one("intacct", "CONTACT", RECORDNO=customer["DISPLAYCONTACTKEY"])
    return town.one("salesforce", "Account", AccountNumber="2")["Phone"], contact["PHONE1"]


@pytest.fixture
def house(town: Town) -> House:
    """A settled house in which nobody owns the telephone of a customer; Bolt's is '+1 555 0' on both sides."""
    rule(town, "account_to_customer", PHONE, "{value: phone, owner: nobody}")
    town.seed()
    in_salesforce(town, Phone="+1 555 0")
    made = town.house()
    settle(made)
    assert phones(town) == ("+1 555 0", "+1 555 0")
    return made


@pytest.mark.long
def test_a_field_that_nobody_owns_follows_the_side_that_changed(town: Town, house: House) -> None:
    in_salesforce(town, Phone="+1 555 1")
    settle(house)
    assert phones(town) == ("+1 555 1", "+1 555 1")

    in_intacct(town, "+1 555 2")
    settle(house)
    assert phones(town) == ("+1 555 1", "+1 555 2"), "it goes home only where a mapping takes it home"
    assert queue(house) == {}


@pytest.mark.answers("K1")
def test_both_changed_and_nobody_owns_it_nothing_is_written_and_a_person_is_asked(town: Town, house: House) -> None:
    in_salesforce(town, Phone="+1 555 1")
    in_intacct(town, "+1 555 2")
    settle(house)

    assert phones(town) == ("+1 555 1", "+1 555 2")
    assert queue(house) == {"conflict": ["Bolt & Nut"]}
    with house.transaction() as session:
        (words, remedy), *_ = session.frame("select words, remedy from receipts.exceptions").rows()
    said = "Salesforce says '+1 555 1', Intacct says '+1 555 2', last agreed was '+1 555 0'"
    assert said in words
    assert re.search(r"conflicts resolve [0-9a-f]{12} --take salesforce", remedy)

    in_intacct(town, "+1 555 1")
    settle(house)
    assert queue(house) == {}, "they agreed by themselves"


@pytest.mark.long
def test_a_conflict_in_one_field_does_not_keep_the_others(town: Town, house: House) -> None:
    in_salesforce(town, Phone="+1 555 1", Website="https://bolt.example")
    in_intacct(town, "+1 555 2")
    settle(house)
    assert phones(town) == ("+1 555 1", "+1 555 2")
    customer = town.one("intacct", "CUSTOMER", CUSTOMERID="C-2")
    assert town.one("intacct", "CONTACT", RECORDNO=customer["DISPLAYCONTACTKEY"])["URL1"] == "https://bolt.example"
    assert queue(house) == {"conflict": ["Bolt & Nut"]}


@pytest.mark.long
@pytest.mark.answers("B7")
def test_our_own_write_that_was_not_read_back_yet_is_no_change_of_theirs(town: Town, house: House) -> None:
    """Salesforce changes again between our write and the next read: that is one side changing twice."""
    in_salesforce(town, Phone="+1 555 1")
    assert walk(house).sent["account_to_customer"] == 1
    in_salesforce(town, Phone="+1 555 2")
    settle(house)
    assert phones(town) == ("+1 555 2", "+1 555 2")
    assert queue(house) == {}


@pytest.mark.long
def test_what_was_agreed_outlives_the_warehouse(town: Town, house: House) -> None:
    in_intacct(town, "+1 555 2")
    house.close()
    house.settings.warehouse_file.unlink()
    again = town.house()
    settle(again)
    assert phones(town) == ("+1 555 0", "+1 555 2"), (
        "Intacct changed, Salesforce did not: nothing to ask, nothing to write"
    )
    assert queue(again) == {}


@pytest.mark.long
def test_when_the_journal_is_lost_nobody_can_tell_who_changed_and_a_person_is_asked(town: Town, house: House) -> None:
    in_intacct(town, "+1 555 2")
    house.close()
    for file in house.settings.warehouse_file.parent.glob("journal.sqlite*"):
        file.unlink()
    house.settings.warehouse_file.unlink()
    again = town.house()
    settle(again)
    assert phones(town) == ("+1 555 0", "+1 555 2")
    assert queue(again) == {"conflict": ["Bolt & Nut"]}


def ledger(house: House, *, open_only: bool = False) -> list[dict[str, Any]]:
    return disagreements.listed(house.journal, open_only=open_only)


def both(town: Town, house: House) -> str:
    """Both sides change the telephone; the id of the conflict."""
    in_salesforce(town, Phone="+1 555 1")
    in_intacct(town, "+1 555 2")
    settle(house)
    (conflict,) = ledger(house, open_only=True)
    return str(conflict["id"])


@pytest.mark.long
def test_a_person_takes_salesforce_and_its_value_is_written(town: Town, house: House) -> None:
    assert disagreements.resolve(house.journal, both(town, house), Owner.SALESFORCE, "ada", house.now())
    settle(house)
    assert phones(town) == ("+1 555 1", "+1 555 1")
    assert queue(house) == {}
    (decided,) = ledger(house)
    assert (decided["winner"], decided["decided_by"], decided["intacct_value"]) == ("salesforce", "ada", "+1 555 2")


@pytest.mark.long
def test_a_person_takes_intacct_and_its_value_is_left(town: Town, house: House) -> None:
    id_ = both(town, house)
    assert disagreements.resolve(house.journal, id_, Owner.INTACCT, "ada", house.now())
    assert disagreements.resolve(house.journal, id_, Owner.SALESFORCE, "bob", house.now()) == [], "it is decided"
    settle(house)
    assert phones(town) == ("+1 555 1", "+1 555 2")
    assert queue(house) == {}

    in_salesforce(town, Phone="+1 555 3")
    settle(house)
    assert phones(town) == ("+1 555 3", "+1 555 2")
    assert queue(house) == {"conflict": ["Bolt & Nut"]}, "the two have not agreed since: it is asked again"


@pytest.mark.long
def test_a_decision_about_values_that_moved_since_is_not_taken_for_the_new_ones(town: Town, house: House) -> None:
    id_ = both(town, house)
    in_intacct(town, "+1 555 9")
    assert disagreements.resolve(house.journal, id_, Owner.SALESFORCE, "ada", house.now())
    settle(house)
    assert phones(town) == ("+1 555 1", "+1 555 9")
    assert queue(house) == {"conflict": ["Bolt & Nut"]}
    assert ledger(house, open_only=True)[0]["id"] != id_


@pytest.mark.long
@pytest.mark.answers("K1")
def test_both_changed_and_the_owner_wins_what_the_other_said_is_kept_and_shown(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    in_salesforce(town, Phone="+1 555 1")
    in_intacct(town, "+1 555 2")
    settle(house)

    assert phones(town) == ("+1 555 1", "+1 555 1")
    assert queue(house) == {}
    (kept,) = ledger(house)
    assert (kept["verdict"], kept["field"], kept["winner"], kept["decided_by"]) == (
        "overrule",
        PHONE,
        "salesforce",
        disagreements.OWNER,
    )
    assert (kept["salesforce_value"], kept["intacct_value"], kept["agreed"]) == ("+1 555 1", "+1 555 2", None)
    (told,) = [row["message"] for row in house.journal.receipts_after(0) if row["code"] == "overruled"]
    assert "intacct said '+1 555 2'" in told
    assert "salesforce owns it and says '+1 555 1'" in told
    with house.transaction() as session:
        finance_tables.refresh_whole(session, "conflicts", house.today)
        shown = session.frame("select label, intacct_value, winner, decided_by from finance.conflicts").rows()
    assert shown == [("Bolt & Nut", "+1 555 2", "salesforce", disagreements.OWNER)]


@pytest.mark.long
@pytest.mark.answers("B8")
def test_a_hand_edit_of_a_mirror_heals_and_is_reported_with_who_did_it(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    settle(house)
    assert ledger(house) == [], "our own writes overrule nobody"
    mirror = town.one("salesforce", "Intacct_Invoice__c")
    town.act("salesforce", "edit", object="Intacct_Invoice__c", id=mirror["Id"], fields={"Amount_Due__c": "0.01"})
    settle(house)

    assert town.one("salesforce", "Intacct_Invoice__c")["Amount_Due__c"] == "698.00"
    (kept,) = ledger(house)
    assert (kept["salesforce_value"], kept["intacct_value"], kept["winner"]) == ("0.01", "698.00", "intacct")
    assert kept["changed_by"], "Salesforce names who changed the record last"
    with house.transaction() as session:
        mirrored = session.frame("select salesforce_value, winner from journal.disagreement").rows()
    assert mirrored == [("0.01", "intacct")]


@pytest.mark.long
def test_what_intacct_owns_stays_and_what_salesforce_said_is_kept(town: Town) -> None:
    rule(town, "account_to_customer", PHONE, "{value: phone, owner: intacct}")
    town.seed()
    in_salesforce(town, Phone="+1 555 0")
    house = town.house()
    settle(house)
    in_salesforce(town, Phone="+1 555 1")
    settle(house)
    assert phones(town) == ("+1 555 1", "+1 555 0")
    assert [(row["verdict"], row["winner"]) for row in ledger(house)] == [("yield", "intacct")]


@pytest.mark.long
@pytest.mark.parametrize(("mode", "after"), [("create_only", None), ("sync_once", "+1 555 1")])
def test_create_only_is_fixed_at_birth_and_sync_once_fills_what_is_empty_once(
    town: Town, mode: str, after: str | None
) -> None:
    rule(town, "account_to_customer", PHONE, f"{{value: phone, mode: {mode}}}")
    town.seed()
    house = town.house()
    settle(house)
    assert phones(town) == (None, None)
    in_salesforce(town, Phone="+1 555 1")
    settle(house)
    assert phones(town)[1] == after
    in_salesforce(town, Phone="+1 555 2")
    in_intacct(town, "")
    settle(house)
    assert phones(town)[1] is None, "what somebody emptied on purpose is not filled a second time"
    assert queue(house) == {}


def _planned_then_moved(town: Town, house: House, crossing: str, move: Any) -> int:
    """Everything up to the plan; then somebody moves the target; then the plan is carried out."""
    for name, contract in OBSERVED.items():
        reading.read(house, OBSERVED[name])
        if contract.document is None:
            publishing.publish(house, contract)
    planning.plan(house, crossing)
    move()
    return applying.apply(house, crossing).sent


@pytest.mark.long
def test_a_customer_that_moved_between_plan_and_send_is_not_overwritten(town: Town, house: House) -> None:
    in_salesforce(town, Phone="+1 555 1")
    town.pass_time(seconds=2)
    sent = _planned_then_moved(town, house, "account_to_customer", lambda: in_intacct(town, "+1 555 2"))
    assert sent == 0
    assert phones(town) == ("+1 555 1", "+1 555 2")
    settle(house)
    assert queue(house) == {"conflict": ["Bolt & Nut"]}, "planned again, from what both say now"


@pytest.mark.long
@pytest.mark.answers("B8")
def test_a_record_of_salesforce_that_moved_between_plan_and_send_is_not_overwritten(town: Town) -> None:
    town.seed([order("1")], [line(1, "1")])
    house = town.house()
    settle(house)
    town.act("intacct", "pay_invoice", invoice="SO-1", amount="98.00")
    town.pass_time(seconds=2)
    mirror = town.one("salesforce", "Intacct_Invoice__c")["Id"]

    def type_over() -> None:
        town.act("salesforce", "edit", object="Intacct_Invoice__c", id=mirror, fields={"Amount_Due__c": "7.00"})

    assert _planned_then_moved(town, house, "invoice_to_mirror", type_over) == 0
    assert town.one("salesforce", "Intacct_Invoice__c")["Amount_Due__c"] == "7.00"
    settle(house)
    assert town.one("salesforce", "Intacct_Invoice__c")["Amount_Due__c"] == "600.00"
    assert "7.00" in {row["salesforce_value"] for row in ledger(house)}, "and what was typed is kept"

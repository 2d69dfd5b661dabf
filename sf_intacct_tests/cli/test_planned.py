"""The plan as people read it: new records from nothing, changes field by field, and what is kept back."""

from collections.abc import Iterator

import pytest

from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.orchestration import planning, publishing, reading
from sf_intacct.sandbox.server import Addresses
from sf_intacct_tests.cli.desk import Desk, desk_in
from sf_intacct_tests.town import TO_INTACCT, line, order, walk

pytestmark = pytest.mark.xdist_group("planned")  # one process makes the world that these share


def _read_and_plan(desk: Desk) -> None:
    """What `plan` does before it shows anything, without Dagster."""
    with desk.house.warehouse.held():
        for contract in OBSERVED.values():
            reading.read(desk.house, contract)
        for contract in OBSERVED.values():
            if contract.document is None:
                publishing.publish(desk.house, contract)
        for crossing in TO_INTACCT:
            planning.plan(desk.house, crossing)


@pytest.fixture(scope="module")
def before_the_first_sync(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Two orders are read and planned; the second names a department that nobody knows."""
    with desk_in(tmp_path_factory.mktemp("planned"), addresses) as desk:
        orders = [order("1"), order("2", Department__c="Nowhere")]
        desk.town.seed(orders, [line(1, "1"), line(2, "1", "visit", "1.5", "310.00"), line(3, "2")])
        _read_and_plan(desk)
        yield desk


def _plan(desk: Desk, crossing: str) -> str:
    return desk.says("plan", "--no-read", "--crossing", crossing)


def test_a_new_record_is_shown_with_everything_it_would_say_and_its_money(before_the_first_sync: Desk) -> None:
    rows = _plan(before_the_first_sync, "order_to_invoice").splitlines()
    assert rows[0] == "order_to_invoice create 1 -> SO-1  1,163.00 USD"
    assert "    CUSTOMERID: (nothing) -> C-1" in rows
    assert "    WHENCREATED: (nothing) -> 2026-10-05" in rows
    assert not any("DOCNUMBER" in row for row in rows), "the order has no purchase order number to send"
    (second,) = [row for row in rows if row.startswith("    line 2: (nothing) -> ")]
    assert "ACCOUNTNO=4300, TRX_AMOUNT=465.00" in second


def test_what_is_kept_back_is_shown_with_its_cause_and_where_to_read_more(before_the_first_sync: Desk) -> None:
    rows = _plan(before_the_first_sync, "order_to_invoice").splitlines()
    assert "order_to_invoice waiting 2 -> SO-2  698.00 USD  because of unmapped_value" in rows
    assert rows[-1] == "1 record not to be sent now: `sf-intacct exceptions list` says why."


def test_a_program_gets_the_changes_and_exactly_what_would_be_sent(before_the_first_sync: Desk) -> None:
    told = before_the_first_sync.told("plan", "--no-read", "--crossing", "order_to_invoice")["plan"]
    first, second = sorted(told, key=lambda row: str(row["label"]))
    assert (first["step"], first["action"], first["natural_key"], first["amount"]) == (
        "send",
        "create",
        "SO-1",
        "1163.00",
    )
    assert {"field": "CUSTOMERID", "before": None, "after": "C-1"} in first["changes"]
    assert [item["TRX_AMOUNT"] for item in first["payload"]["lines"]] == ["698.00", "465.00"]
    assert (second["step"], second["cause"], second["payload"], second["changes"]) == (
        "waiting",
        "unmapped_value",
        None,
        [],
    )


def test_without_a_crossing_every_crossing_is_shown(before_the_first_sync: Desk) -> None:
    told = before_the_first_sync.told("plan", "--no-read")["plan"]
    assert {row["crossing"] for row in told} == {
        "account_to_customer",
        "contact_to_contact",
        "order_to_invoice",
        "product_to_item",
    }


def test_a_crossing_that_is_not_there_is_wrong_use_before_anything_is_read(before_the_first_sync: Desk) -> None:
    asked = before_the_first_sync.town.control("GET", "requests")["total"]
    said = before_the_first_sync.refuses("plan", "--crossing", "order_to_invoces", ends=2)
    assert "there is no crossing order_to_invoces; did you mean order_to_invoice?" in said
    assert before_the_first_sync.town.control("GET", "requests")["total"] == asked


@pytest.fixture(scope="module")
def after_edits(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Everything had crossed; then an account was renamed, and an order amended after its invoice was posted."""
    with desk_in(tmp_path_factory.mktemp("edited"), addresses) as desk:
        desk.town.seed([order("1")], [line(1, "1")])
        walk(desk.house)
        changed = {"Name": "Ångström & Daughters", "Phone": None, "Website": "https://angstrom.example"}
        account = desk.town.one("salesforce", "Account", AccountNumber="1")["Id"]
        desk.town.act("salesforce", "edit", object="Account", id=account, fields=changed)
        order_id = desk.town.order("1")["Id"]
        desk.town.act("salesforce", "edit", object="Order", id=order_id, fields={"PoNumber": "PO-7"})
        _read_and_plan(desk)
        yield desk


@pytest.mark.long
def test_an_update_is_shown_field_by_field_before_and_after(after_edits: Desk) -> None:
    assert _plan(after_edits, "account_to_customer").splitlines() == [
        "account_to_customer update Ångström & Daughters -> C-1",
        "    NAME: Ångström & Søn -> Ångström & Daughters",
        "    DISPLAYCONTACT.PRINTAS: Ångström & Søn -> Ångström & Daughters",
        "    DISPLAYCONTACT.COMPANYNAME: Ångström & Søn -> Ångström & Daughters",
        "    DISPLAYCONTACT.PHONE1: +46 18 1 -> (nothing)",
        "    DISPLAYCONTACT.URL1: (nothing) -> https://angstrom.example",
    ]


@pytest.mark.long
def test_an_update_sends_what_is_shown_and_nothing_else(after_edits: Desk) -> None:
    (told,) = after_edits.told("plan", "--no-read", "--crossing", "account_to_customer")["plan"]
    assert told["payload"]["fields"] == {change["field"]: change["after"] for change in told["changes"]}
    assert told["payload"]["fields"]["DISPLAYCONTACT.PHONE1"] is None


@pytest.mark.long
def test_an_order_that_was_amended_after_posting_shows_what_was_changed(after_edits: Desk) -> None:
    """It is held for a person, who wants to see the difference."""
    rows = _plan(after_edits, "order_to_invoice").splitlines()
    assert rows[0] == "order_to_invoice held 1 -> SO-1  698.00 USD  because of amended_after_posting"
    assert "    DOCNUMBER: (nothing) -> PO-7" in rows


@pytest.mark.long
def test_what_agrees_is_not_shown(after_edits: Desk) -> None:
    assert _plan(after_edits, "product_to_item") == "Nothing to write: both sides agree.\n"

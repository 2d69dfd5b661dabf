"""Journeys of money back to Salesforce: payments, advances, what they pay and what is left of them."""

from decimal import Decimal

import pytest

from sf_intacct.orchestration.house import House
from sf_intacct_tests.town import Town, line, money, order, settle, tie_out

pytestmark = pytest.mark.proves(11)


@pytest.fixture
def house(town: Town) -> House:
    """Two posted invoices of one customer: SO-1 over 698, SO-2 over 349."""
    town.seed(orders=[order("1"), order("2")], lines=[line(1, "1"), line(2, "2", quantity="1")])
    house = town.house()
    settle(house)
    return house


def received(town: Town) -> dict[str, tuple[str, str, str]]:
    """Kind, state and what is unapplied of every mirrored payment, by its reference."""
    rows = town.rows("salesforce", "Intacct_Payment__c")
    return {row["Reference__c"]: (row["Kind__c"], row["State__c"], row["Unapplied_Amount__c"]) for row in rows}


def applied(town: Town) -> list[tuple[str, str, str, str]]:
    """Reference of the payment, number of the invoice, amount and state of every mirrored application."""
    payments = {row["Id"]: row["Reference__c"] for row in town.rows("salesforce", "Intacct_Payment__c")}
    invoices = {row["Id"]: row["Name"] for row in town.rows("salesforce", "Intacct_Invoice__c")}
    rows = town.rows("salesforce", "Intacct_Payment_Application__c")
    return sorted((payments[r["Payment__c"]], invoices[r["Invoice__c"]], r["Amount__c"], r["State__c"]) for r in rows)


def balance(town: Town) -> tuple[str, str]:
    account = town.one("salesforce", "Account", AccountNumber="1")
    return account["Intacct_Balance__c"], account["Intacct_Unapplied__c"]


@pytest.mark.long
def test_what_a_customer_pays_too_much_is_unapplied_until_a_later_invoice_takes_it(town: Town, house: House) -> None:
    paid = town.act("intacct", "overpay_invoice", invoice="SO-2", extra="100.00", reference="CHK")
    settle(house)
    assert received(town) == {"CHK": ("Payment", "Complete", "100.00")}
    assert balance(town) == ("598.00", "100.00")

    town.act("intacct", "apply_overpayment", payment=paid["payment"], invoice="SO-1", amount="60.00")
    settle(house)
    assert received(town) == {"CHK": ("Payment", "Complete", "40.00")}
    assert applied(town) == [("CHK", "SO-1", "60.00", "Applied"), ("CHK", "SO-2", "349.00", "Applied")]
    assert balance(town) == ("598.00", "40.00")


@pytest.mark.long
@pytest.mark.answers("K4", "K6")
def test_an_advance_comes_home_unapplied_is_applied_later_and_is_free_again_when_that_is_taken_back(
    town: Town, house: House
) -> None:
    advance = town.act("intacct", "receive_advance", customer="C-1", amount="500.00", reference="ADV")["advance"]
    settle(house)
    assert received(town) == {"ADV": ("Advance", "Posted", "500.00")}
    assert (applied(town), balance(town)) == ([], ("547.00", "500.00"))

    used = town.act("intacct", "apply_advance", advance=advance, invoice="SO-1", amount="300.00")
    settle(house)
    assert received(town) == {"ADV": ("Advance", "Partially Paid", "200.00")}
    assert applied(town) == [("ADV", "SO-1", "300.00", "Applied")]
    assert town.order("1")["Intacct_Amount_Due__c"] == "398.00"
    assert balance(town) == ("547.00", "200.00")

    town.act("intacct", "take_back_application", payment=used["payment"])
    settle(house)
    assert received(town) == {"ADV": ("Advance", "Posted", "500.00")}
    assert applied(town) == [("ADV", "SO-1", "0.00", "Taken Back")]
    assert town.order("1")["Intacct_Invoice_State__c"] == "Posted"

    town.act("intacct", "reverse_advance", advance=advance)
    settle(house)
    rows = town.rows("salesforce", "Intacct_Payment__c")
    assert sorted((r["Kind__c"], r["State__c"], r["Amount__c"], r["Unapplied_Amount__c"]) for r in rows) == [
        ("Advance", "Reversed", "500.00", "0.00"),
        ("Reversal", "Reversal", "-500.00", "0.00"),
    ]
    assert balance(town) == ("1047.00", "0.00")


@pytest.mark.long
@pytest.mark.answers("B12")
def test_a_payment_over_several_invoices_that_bounces_leaves_two_voided_applications_and_nothing_applied(
    town: Town, house: House
) -> None:
    parts = [{"invoice": "SO-1", "amount": "400.00"}, {"invoice": "SO-2", "amount": "full"}]
    paid = town.act("intacct", "pay_invoices", invoices=parts, reference="CHK")
    settle(house)
    assert applied(town) == [("CHK", "SO-1", "400.00", "Applied"), ("CHK", "SO-2", "349.00", "Applied")]

    town.act("intacct", "reverse_payment", payment=paid["payment"])
    settle(house)
    rows = town.rows("salesforce", "Intacct_Payment__c")
    assert sorted((r["Kind__c"], r["State__c"], r["Amount__c"], r["Unapplied_Amount__c"]) for r in rows) == [
        ("Payment", "Voided", "749.00", "0.00"),
        ("Reversal", "Reversal", "-749.00", "0.00"),
    ]
    assert {state for _, _, _, state in applied(town)} == {"Voided", "Reversal"}
    assert sum(money(amount) for _, _, amount, _ in applied(town)) == 0
    assert balance(town) == ("1047.00", "0.00")


@pytest.mark.long
@pytest.mark.answers("C10")
def test_a_payment_comes_home_though_the_invoice_keeps_its_stamp_and_newer_ones_were_read(town: Town) -> None:
    town.seed([order("1"), order("2", status="Draft")], [line(1, "1"), line(2, "2", quantity="1")])
    town.act("intacct", "configure", setting="payments_touch_invoices", value=False)
    house = town.house()
    settle(house)
    town.pass_time(hours=2)
    town.act("salesforce", "activate_order", order="2")
    settle(house)
    town.pass_time(hours=2)
    paid = town.act("intacct", "pay_invoice", invoice="SO-1", amount="98.00", reference="CHK")
    settle(house)
    assert (town.order("1")["Intacct_Amount_Due__c"], balance(town)[0]) == ("600.00", "949.00")

    town.pass_time(hours=2)
    town.act("intacct", "reverse_payment", payment=paid["payment"])
    settle(house)
    assert (town.order("1")["Intacct_Amount_Due__c"], balance(town)[0]) == ("698.00", "1047.00")


@pytest.mark.long
def test_one_payer_for_several_customers_has_a_payment_of_no_account_and_an_application_for_each(town: Town) -> None:
    town.seed(orders=[order("1"), order("2", "bolt")], lines=[line(1, "1"), line(2, "2", quantity="1")])
    house = town.house()
    settle(house)
    town.act("intacct", "pay_invoices", invoices=["SO-1", "SO-2"], reference="GROUP")
    settle(house)

    assert town.one("salesforce", "Intacct_Payment__c")["Account__c"] is None
    assert [row[:3] for row in applied(town)] == [("GROUP", "SO-1", "698.00"), ("GROUP", "SO-2", "349.00")]


@pytest.mark.long
def test_a_payment_in_another_currency_than_its_invoice_is_told_in_both_and_leaves_nothing_over(town: Town) -> None:
    town.seed()
    house = town.house()
    settle(house)
    town.act("intacct", "configure", setting="multi_currency", value=True)
    lines = [{"account": "4000", "amount": "50.00", "DEPARTMENTID": "100", "LOCATIONID": "E01"}]
    fields = {"CURRENCY": "EUR", "EXCHANGE_RATE": "1.1"}
    town.act("intacct", "create_invoice", customer="C-1", number="E-1", date="2026-11-02", lines=lines, fields=fields)
    settle(house)
    assert balance(town) == ("55.00", "0.00")

    town.act("intacct", "pay_invoice", invoice="E-1", amount="20.00", reference="USD", currency="USD")
    settle(house)
    payment = town.one("salesforce", "Intacct_Payment__c")
    application = town.one("salesforce", "Intacct_Payment_Application__c")
    invoice = town.one("salesforce", "Intacct_Invoice__c")
    assert (payment["Amount__c"], payment["Currency__c"], payment["Unapplied_Amount__c"]) == ("22.00", "USD", "0.00")
    assert (application["Amount__c"], application["Currency__c"]) == ("20.00", "EUR")
    assert application["Payment_Amount__c"] == "22.00"
    assert (invoice["Amount_Due__c"], invoice["Currency__c"]) == ("30.00", "EUR")
    assert balance(town) == ("33.00", "0.00")


def test_finance_has_every_payment_and_advance_with_what_is_applied_and_what_is_not(town: Town, house: House) -> None:
    advance = town.act("intacct", "receive_advance", customer="C-1", amount="500.00", date="2026-11-02")["advance"]
    town.act("intacct", "apply_advance", advance=advance, invoice="SO-1", amount="300.00", date="2026-11-03")
    town.act("intacct", "pay_invoice", invoice="SO-2", date="2026-11-03")
    settle(house)
    assert tie_out(house).holds
    with house.transaction() as session:
        rows = session.frame(
            "select kind, invoice_number, applied_amount, unapplied_amount from finance.payments order by all"
        ).rows()
        difference = session.frame("select difference, difference_is from finance.customers where balance <> 0").rows()
    assert rows == [
        ("Advance", "SO-1", Decimal("300.00"), None),
        ("Advance", None, None, Decimal("200.00")),
        ("Payment", "SO-2", Decimal("349.00"), None),
    ]
    assert len(difference) == 1
    assert difference[0][1] in ("unapplied_not_deducted", "stated_before_it_moved")

"""The queue as values: the root is one exception with all that it keeps, said in a sentence, its money counted once."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sf_intacct.flow.queue import Victim, at_risk, noun, rooted, several, summary


def victim(source_id: str, cause: str = "missing_item", subject: str = "SKU-9", **other: Any) -> Victim:
    said: dict[str, Any] = {
        "crossing": "order_to_invoice",
        "source_object": "Order",
        "label": source_id,
        "seen": "",
        "column": "",
        "amount": Decimal("100.00"),
        "currency": "USD",
        "target_object": "ARINVOICE",
    }
    return Victim(cause=cause, subject=subject, source_id=source_id, **{**said, **other})


def account(source_id: str, cause: str = "no_value", subject: str = "Payment terms", **other: Any) -> Victim:
    said = {"crossing": "account_to_customer", "source_object": "Account", "target_object": "CUSTOMER"}
    return victim(source_id, cause, subject, **{**said, "amount": None, "currency": None, **other})


def waits(source_id: str, for_: str, **other: Any) -> Victim:
    """An order that waits for the customer of an account."""
    return victim(source_id, "missing_customer", f"name of {for_}", seen=for_, column="CUSTOMER", **other)


def told(victims: list[Victim]) -> set[tuple[str, str, str]]:
    return {(one.cause, one.subject, one.source_id) for one in rooted(victims)}


# Roots


def test_what_waits_for_a_kept_record_is_shown_under_what_keeps_that_record() -> None:
    assert told([waits("801A", "001A"), account("001A")]) == {
        ("no_value", "Payment terms", "801A"),
        ("no_value", "Payment terms", "001A"),
    }


def test_a_chain_is_followed_to_its_end() -> None:
    credit = victim("801B", "missing_arinvoice", "801A", seen="801A", column="ARINVOICE", crossing="return_to_credit")
    chain = [credit, waits("801A", "001A"), account("001A")]
    assert {cause for cause, _, _ in told(chain)} == {"no_value"}
    (last,) = [one for one in rooted(chain) if one.source_id == "801B"]
    assert last.words.startswith("The order 801A, which this corrects, is not an invoice in Intacct yet: ")
    assert last.words.endswith("Payment terms: nothing is chosen.")


def test_what_waits_for_a_record_that_nothing_keeps_has_its_own_cause() -> None:
    assert told([waits("801A", "001A"), account("001B")]) >= {("missing_customer", "name of 001A", "801A")}


def test_a_record_that_two_causes_keep_has_its_dependents_under_both() -> None:
    both = [waits("801A", "001A"), account("001A"), account("001A", "too_long", "Name")]
    assert {cause for cause, _, source in told(both) if source == "801A"} == {"no_value", "too_long"}


def test_only_what_keeps_the_record_from_where_it_is_needed_is_a_root() -> None:
    elsewhere = account("001A", crossing="account_to_ship_to", target_object="CONTACT")
    assert ("missing_customer", "name of 001A", "801A") in told([waits("801A", "001A"), elsewhere])


def test_a_record_in_quarantine_that_no_crossing_starts_from_is_a_root_too() -> None:
    lost = victim("801A", "missing_record", "Opportunity 006A", seen="006A", column="opportunity_id")
    bad = victim("006A", "missing_value", "Name", crossing="", source_object="Opportunity", target_object="")
    assert {cause for cause, _, _ in told([lost, bad])} == {"missing_value"}


def test_records_that_wait_for_each_other_are_told_and_nobody_goes_in_circles() -> None:
    circle = [waits("001A", "001B", target_object="CUSTOMER"), waits("001B", "001A", target_object="CUSTOMER")]
    assert {source for _, _, source in told(circle)} == {"001A", "001B"}


def test_lines_with_several_items_that_lack_the_same_are_counted_together() -> None:
    parts = [victim("801A", subject=name, seen=f"01t{name}", column="ITEM", lines=2) for name in ("one", "other")]
    products = [
        account(f"01t{n}", "missing_value", "Product code", source_object="Product2", target_object="ITEM")
        for n in ("one", "other")
    ]
    (order,) = [one for one in rooted([*parts, *products]) if one.source_id == "801A"]
    assert (order.cause, order.lines) == ("missing_value", 4)


records = st.lists(
    st.builds(
        lambda me, other, cause: waits(me, other, target_object="CUSTOMER") if cause else account(me),
        st.sampled_from("abcd"),
        st.sampled_from("abcd"),
        st.booleans(),
    ),
    max_size=8,
)


@given(records)
def test_nobody_is_lost_and_nobody_is_told_twice_under_one_cause(victims: list[Victim]) -> None:
    found = rooted(victims)
    assert {one.source_id for one in found} == {one.source_id for one in victims}
    keys = [(one.exception_id, one.crossing, one.source_id) for one in found]
    assert len(keys) == len(set(keys))


@given(records)
def test_what_was_gathered_under_its_roots_stays_as_it_is(victims: list[Victim]) -> None:
    again = rooted([replace(one, through="") for one in rooted(victims)])
    assert {one.exception_id for one in again} <= {one.exception_id for one in rooted(victims)}


# One cause in a sentence


def test_one_cause_says_its_lines_its_records_and_its_money() -> None:
    kept = [victim(f"801{n}", lines=lines, amount=Decimal("2080")) for n, lines in enumerate((4, 2, 2, 2, 2, 2))]
    said = summary(kept)
    assert said.headline == "The product SKU-9 is not an item in Intacct: 14 lines, 6 orders, 12,480.00 USD"
    assert (said.kind, said.who, said.again) == ("reference", "operations", "moved")
    assert said.place == "Salesforce: Products, SKU-9 > Product Code, Active"


def test_a_sentence_names_the_one_record_that_has_to_be_mended() -> None:
    kept = rooted([account("001A", label="Acme"), waits("801A", "001A")])
    assert summary(kept).headline == "Payment terms: nothing is chosen (Acme): 1 account, 1 order, 100.00 USD"


def test_money_of_several_currencies_is_never_added() -> None:
    kept = [
        victim("801A"),
        victim("801B", currency="EUR"),
        victim("801C", currency="EUR"),
        victim("801D", currency=None),
    ]
    sums = {"": Decimal("100.00"), "EUR": Decimal("200.00"), "USD": Decimal("100.00")}
    assert summary(kept).money == sums
    assert summary(kept).headline.endswith("4 orders, 100.00, 200.00 EUR, 100.00 USD")


def test_a_document_that_two_crossings_and_two_causes_keep_is_counted_once() -> None:
    kept = [
        victim("801A"),
        victim("801A", cause="too_long"),
        victim("801A", crossing="return_to_credit", amount=Decimal("-30.00")),
    ]
    assert at_risk(kept) == {"USD": Decimal("100.00")}


def test_what_goes_back_is_at_risk_too() -> None:
    assert at_risk([victim("801A", amount=Decimal("-30.00")), victim("801B")]) == {"USD": Decimal("130.00")}


def test_records_without_money_have_none() -> None:
    assert summary([account("001A")]).headline == "Payment terms: nothing is chosen (001A): 1 account"


@pytest.mark.parametrize(
    ("source_object", "called"),
    [
        ("Order", "order"),
        ("Product2", "product"),
        ("Opportunity", "opportunity"),
        ("ARINVOICE", "invoice"),
        ("Intacct_Invoice__c", "invoice"),
        ("InvoiceDocument", "invoice document"),
        ("ARTERM", "arterm"),
    ],
)
def test_records_are_called_as_people_call_them(source_object: str, called: str) -> None:
    assert noun(source_object) == called


def test_things_are_counted_as_people_count_them() -> None:
    assert [several(n, "opportunity") for n in (1, 2)] == ["1 opportunity", "2 opportunities"]
    assert several(1200, "line") == "1,200 lines"

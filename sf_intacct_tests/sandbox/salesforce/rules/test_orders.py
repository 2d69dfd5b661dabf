"""The life of an order: draft, lines, activation, locks, back to draft."""

from decimal import Decimal

import pytest

from sf_intacct_tests.sandbox.salesforce.org import Org


def test_an_order_starts_as_a_draft_with_a_number(org: Org) -> None:
    order = org.get("Order", org.order())
    assert (order["StatusCode"], order["ActivatedDate"], order["TotalAmount"]) == ("Draft", None, 0)
    assert order["OrderNumber"].isdigit()
    assert len(order["OrderNumber"]) == 8


def test_an_order_without_lines_cannot_be_activated(org: Org) -> None:
    error = org.bad("PATCH", f"sobjects/Order/{org.order()}", json={"Status": "Activated"})
    assert error["errorCode"] == "FAILED_ACTIVATION"


def test_activation_sets_the_code_the_instant_and_the_person(org: Org) -> None:
    order = org.order(("1", "5"))
    org.control.advance(60)
    org.update("Order", order, Status="Activated")
    found = org.get("Order", order)
    assert found["StatusCode"] == "Activated"
    assert found["ActivatedDate"] == "2026-03-17T09:31:15.000+0000" == found["SystemModstamp"]
    assert found["ActivatedById"] == found["LastModifiedById"]


def test_an_order_cannot_be_born_activated(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    fields = {"AccountId": account, "EffectiveDate": "2026-03-01", "Status": "Activated"}
    assert org.bad("POST", "sobjects/Order", json=fields)["errorCode"] == "INVALID_STATUS"


def test_a_status_that_the_company_does_not_know_is_refused(org: Org) -> None:
    error = org.bad("PATCH", f"sobjects/Order/{org.order()}", json={"Status": "Nearly"})
    assert error["errorCode"] == "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST"


def test_the_total_is_the_sum_of_lines_rounded_half_up_to_cents(org: Org) -> None:
    order = org.order(("3", "0.335"), ("1", "0.0049"), ("2", "10.1234"))
    lines = org.query(f"SELECT TotalPrice, ListPrice FROM OrderItem WHERE OrderId = '{order}' ORDER BY OrderItemNumber")
    assert [line["TotalPrice"] for line in lines] == [Decimal("1.01"), Decimal("0.00"), Decimal("20.25")]
    assert org.get("Order", order)["TotalAmount"] == Decimal("21.26")
    assert lines[0]["ListPrice"] == 10


def test_a_change_of_a_line_moves_the_order(org: Org) -> None:
    order = org.order(("1", "5"))
    line = org.query("SELECT Id FROM OrderItem")[0]["Id"]
    org.control.advance(5)
    org.update("OrderItem", line, Quantity=4)
    found = org.get("Order", order)
    assert found["TotalAmount"] == 20
    assert found["SystemModstamp"] == "2026-03-17T09:30:20.000+0000"


@pytest.mark.parametrize(
    ("field", "value"), [("EffectiveDate", "2026-04-01"), ("AccountId", ""), ("Pricebook2Id", None)]
)
def test_an_activated_order_locks_what_was_agreed(org: Org, field: str, value: str | None) -> None:
    order = org.order(("1", "5"))
    org.update("Order", order, Status="Activated")
    value = org.create("Account", Name="Other") if field == "AccountId" else value
    error = org.bad("PATCH", f"sobjects/Order/{order}", json={field: value})
    assert (error["errorCode"], error["fields"]) == ("FIELD_INTEGRITY_EXCEPTION", [field])


def test_an_activated_order_leaves_harmless_fields_and_ours_open(org: Org) -> None:
    order = org.order(("1", "5"))
    org.update("Order", order, Status="Activated")
    org.update("Order", order, Description="note", Intacct_Invoice_Number__c="INV-1", Intacct_Amount_Due__c="5.00")
    assert org.get("Order", order)["Intacct_Amount_Due__c"] == 5


def test_setting_a_locked_field_to_what_it_is_changes_nothing(org: Org) -> None:
    order = org.order(("1", "5"))
    org.update("Order", order, Status="Activated")
    org.update("Order", order, EffectiveDate="2026-03-01")


def test_lines_of_an_activated_order_are_locked(org: Org) -> None:
    entry = org.product()
    order = org.order(("1", "5"), entry=entry)
    line = org.query("SELECT Id FROM OrderItem")[0]["Id"]
    org.update("Order", order, Status="Activated")
    assert org.bad("PATCH", f"sobjects/OrderItem/{line}", json={"Quantity": 2})["fields"] == ["Quantity"]
    assert org.bad("DELETE", f"sobjects/OrderItem/{line}")["errorCode"] == "DELETE_FAILED"
    assert org.bad("DELETE", f"sobjects/Order/{order}")["errorCode"] == "DELETE_FAILED"
    fields = {"OrderId": order, "PricebookEntryId": entry, "Quantity": 1, "UnitPrice": 1}
    assert org.bad("POST", "sobjects/OrderItem", json=fields)["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"
    org.update("OrderItem", line, Description="harmless")


def test_back_to_draft_forgets_the_activation_and_unlocks(org: Org) -> None:
    order = org.order(("1", "5"))
    line = org.query("SELECT Id FROM OrderItem")[0]["Id"]
    org.update("Order", order, Status="Activated")
    org.update("Order", order, Status="Draft")
    org.update("OrderItem", line, Quantity=7)
    found = org.get("Order", order)
    assert (found["StatusCode"], found["ActivatedDate"], found["ActivatedById"]) == ("Draft", None, None)
    assert found["TotalAmount"] == 35


def test_a_line_needs_a_price_from_the_orders_own_price_book(org: Org) -> None:
    entry = org.product()
    other = org.create("Pricebook2", Name="Other", IsActive=True)
    order = org.order(Pricebook2Id=other)
    fields = {"OrderId": order, "PricebookEntryId": entry, "Quantity": 1, "UnitPrice": 1}
    error = org.bad("POST", "sobjects/OrderItem", json=fields)
    assert error["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"
    assert "different pricebook" in error["message"]


def test_an_inactive_price_cannot_be_sold(org: Org) -> None:
    entry = org.product()
    org.update("PricebookEntry", entry, IsActive=False)
    fields = {"OrderId": org.order(), "PricebookEntryId": entry, "Quantity": 1, "UnitPrice": 1}
    assert "inactive" in org.bad("POST", "sobjects/OrderItem", json=fields)["message"]


def test_only_a_reduction_order_takes_negative_quantities(org: Org) -> None:
    entry = org.product()
    fields = {"OrderId": org.order(), "PricebookEntryId": entry, "Quantity": -1, "UnitPrice": "2.505"}
    assert org.bad("POST", "sobjects/OrderItem", json=fields)["fields"] == ["Quantity"]
    reduction = org.order(IsReductionOrder=True)
    org.create("OrderItem", **{**fields, "OrderId": reduction})
    assert org.get("Order", reduction)["TotalAmount"] == Decimal("-2.51")


def test_the_price_book_stays_once_there_are_products(org: Org) -> None:
    order = org.order(("1", "5"))
    other = org.create("Pricebook2", Name="Other", IsActive=True)
    error = org.bad("PATCH", f"sobjects/Order/{order}", json={"Pricebook2Id": other})
    assert error["errorCode"] == "FIELD_INTEGRITY_EXCEPTION"

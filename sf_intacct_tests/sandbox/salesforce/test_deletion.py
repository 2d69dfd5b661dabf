"""The recycle bin: what goes with a record, what comes back, what a merge leaves."""

from sf_intacct_tests.sandbox.salesforce.org import Org


def test_a_deleted_record_is_seen_by_query_all_alone(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.control.advance(5)
    org.good("DELETE", f"sobjects/Account/{account}", 204)
    assert org.query("SELECT Id FROM Account") == []
    (record,) = org.query("SELECT Id, IsDeleted, SystemModstamp FROM Account", "queryAll")
    assert record == {"Id": account, "IsDeleted": True, "SystemModstamp": "2026-03-17T09:30:20.000+0000"}


def test_a_deleted_record_cannot_be_read_changed_or_deleted_again(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.good("DELETE", f"sobjects/Account/{account}", 204)
    for method in ("GET", "PATCH", "DELETE"):
        error = org.bad(method, f"sobjects/Account/{account}", 404, json={})
        assert error == {"message": "entity is deleted", "errorCode": "ENTITY_IS_DELETED", "fields": []}


def test_an_account_takes_its_contacts_and_draft_orders_along(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.create("Contact", LastName="Ames", AccountId=account)
    org.order(("1", "5"), AccountId=account)
    org.good("DELETE", f"sobjects/Account/{account}", 204)
    for name in ("Contact", "Order", "OrderItem"):
        assert [row["IsDeleted"] for row in org.control.rows(name)] == [True]


def test_an_account_with_an_activated_order_stays(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    contact = org.create("Contact", LastName="Ames", AccountId=account)
    order = org.order(("1", "5"), AccountId=account)
    org.update("Order", order, Status="Activated")
    assert org.bad("DELETE", f"sobjects/Account/{account}")["errorCode"] == "DELETE_FAILED"
    assert org.get("Contact", contact)["IsDeleted"] is False


def test_a_contact_that_an_order_bills_to_stays(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    contact = org.create("Contact", LastName="Ames", AccountId=account)
    order = org.order(AccountId=account, BillToContactId=contact)
    error = org.bad("DELETE", f"sobjects/Contact/{contact}")
    assert error["errorCode"] == "DELETE_FAILED"
    assert org.get("Order", order)["OrderNumber"] in error["message"]


def test_a_lookup_to_a_deleted_record_is_cleared_without_a_stamp(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    contact = org.create("Contact", LastName="Ames")
    org.update("Account", account, Bill_To_Contact__c=contact)
    before = org.get("Account", account)["SystemModstamp"]
    org.control.advance(60)
    org.good("DELETE", f"sobjects/Contact/{contact}", 204)
    found = org.get("Account", account)
    assert (found["Bill_To_Contact__c"], found["SystemModstamp"]) == (None, before)


def test_undelete_brings_back_what_went_in_the_same_deletion_only(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    early = org.create("Contact", LastName="Early", AccountId=account)
    late = org.create("Contact", LastName="Late", AccountId=account)
    org.good("DELETE", f"sobjects/Contact/{early}", 204)
    org.good("DELETE", f"sobjects/Account/{account}", 204)
    org.control.advance(30)
    assert set(org.control.act("undelete", object="Account", id=account)["ids"]) == {account, late}
    assert [record["LastName"] for record in org.query("SELECT LastName FROM Contact")] == ["Late"]
    assert org.get("Account", account)["SystemModstamp"] == "2026-03-17T09:30:45.000+0000"


def test_a_deleted_line_leaves_the_total(org: Org) -> None:
    order = org.order(("1", "5"), ("1", "7"))
    line = org.query("SELECT Id FROM OrderItem WHERE UnitPrice = 5")[0]["Id"]
    org.good("DELETE", f"sobjects/OrderItem/{line}", 204)
    assert org.get("Order", order)["TotalAmount"] == 7
    org.control.act("undelete", object="OrderItem", id=line)
    assert org.get("Order", order)["TotalAmount"] == 12


def test_a_merge_hands_everything_to_the_winner(org: Org) -> None:
    winner, loser = org.create("Account", Name="Winner"), org.create("Account", Name="Loser")
    contact = org.create("Contact", LastName="Ames", AccountId=loser)
    order = org.order(("1", "5"), AccountId=loser)
    org.update("Order", order, Status="Activated")
    org.control.advance(60)
    changed = org.control.act("merge_accounts", winner="Winner", loser="Loser")["ids"]
    assert {winner, loser, contact, order} <= set(changed)
    (gone,) = org.query("SELECT IsDeleted, MasterRecordId FROM Account WHERE Name = 'Loser'", "queryAll")
    assert gone == {"IsDeleted": True, "MasterRecordId": winner}
    assert org.get("Order", order)["AccountId"] == winner == org.get("Contact", contact)["AccountId"]
    assert org.get("Contact", contact)["SystemModstamp"] == "2026-03-17T09:31:15.000+0000"

"""What people do by hand, through the control route."""

from decimal import Decimal

import requests

from sf_intacct_tests.sandbox.salesforce.org import Org


def test_an_order_is_made_with_its_lines_and_activated_at_once(org: Org) -> None:
    org.create("Account", Name="Acme")
    org.product("W-1")
    made = org.control.act(
        "create_order",
        account="Acme",
        lines=[{"product": "W-1", "quantity": 3, "unit_price": 1.125, "Description": "first"}],
        activate=True,
        PoNumber="PO 7",
    )
    order = org.get("Order", made["id"])
    assert (order["StatusCode"], order["PoNumber"], order["TotalAmount"]) == ("Activated", "PO 7", Decimal("3.38"))
    assert order["OrderNumber"] == made["OrderNumber"]
    assert made["ids"] == [made["id"], *made["items"]]


def test_people_write_under_their_own_name(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.control.act("edit", object="Account", id=account, fields={"Site": "x"})
    found = org.query("SELECT CreatedBy.Username, LastModifiedBy.Username FROM Account")[0]
    assert found["CreatedBy"]["Username"] == "integration@example.com"
    assert found["LastModifiedBy"]["Username"] == "sales@example.com"


def test_people_obey_the_rules(org: Org) -> None:
    order = org.order()
    assert "FAILED_ACTIVATION" in org.control.refused_act("activate_order", order=order)
    told = org.control.refused_act("edit", object="Order", id=order, fields={"TotalAmount": 5})
    assert "INVALID_FIELD_FOR_INSERT_UPDATE" in told


def test_an_order_goes_back_and_forth_by_its_number(org: Org) -> None:
    number = org.get("Order", org.order(("1", "5")))["OrderNumber"]
    org.control.act("activate_order", order=number)
    assert org.query("SELECT StatusCode FROM Order")[0]["StatusCode"] == "Activated"
    org.control.act("deactivate_order", order=number)
    assert org.query("SELECT StatusCode FROM Order")[0]["StatusCode"] == "Draft"


def test_many_are_edited_by_a_condition_all_or_none(org: Org) -> None:
    for name in ("Acme 1", "Acme 2", "Other"):
        org.create("Account", Name=name)
    changed = org.control.act("edit_many", object="Account", where="Name LIKE 'Acme%'", fields={"Site": "x"})
    assert len(changed["ids"]) == 2
    org.create("Account", Name="Acme 3", AnnualRevenue=-1)
    org.control.act("add_validation_rule", object="Account", error_condition="AnnualRevenue < 0", message="no")
    org.control.refused_act("edit_many", object="Account", where="Name LIKE 'Acme%'", fields={"Site": "y"})
    assert org.query("SELECT Id FROM Account WHERE Site = 'y'") == []


def test_a_late_commit_carries_the_stamp_of_its_beginning(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.control.advance(60)
    org.control.act("edit", object="Account", id=account, fields={"Site": "x"}, stamp_age_seconds=45)
    assert org.get("Account", account)["SystemModstamp"] == "2026-03-17T09:30:30.000+0000"


def test_what_is_not_there_or_not_one_cannot_be_named(org: Org) -> None:
    org.create("Account", Name="Twin")
    org.create("Account", Name="Twin")
    assert "2 records" in org.control.refused_act("edit", object="Account", id="Twin", fields={})
    assert "no Account 'Nobody'" in org.control.refused_act("edit", object="Account", id="Nobody", fields={})
    assert "no object" in org.control.refused_act("edit", object="Nothing", id="x", fields={})
    told = org.control.refused_act("create_order", account="Twin", lines=[])
    assert "2 records" in told


def test_a_limit_can_be_set_by_name_and_no_other(org: Org) -> None:
    org.control.act("set_limit", name="requests_per_day", value=3)
    assert org.good("GET", "limits")["DailyApiRequests"] == {"Max": 3, "Remaining": 2}
    assert "no limit" in org.control.refused_act("set_limit", name="gravity", value=0)
    assert "no limit" in org.control.refused_act("set_limit", name="requests_per_day", value="many")
    assert "no public key" in org.control.refused_act("register_public_key", pem="x")


def test_every_act_says_what_it_takes(org: Org) -> None:
    told = requests.get(f"{org.host}/_sandbox/act", timeout=10).json()["salesforce"]
    assert all(told.values())
    assert {"activate_order", "create_order", "edit", "edit_many", "delete", "undelete", "merge_accounts"} <= set(told)


def test_an_emptied_recycle_bin_leaves_nothing_to_be_seen(org: Org) -> None:
    kept, gone = org.create("Account", Name="kept"), org.create("Account", Name="gone")
    org.good("DELETE", f"sobjects/Account/{gone}", 204)
    assert org.control.act("empty_recycle_bin")["ids"] == [gone]
    assert org.query("SELECT Id FROM Account", "queryAll") == [{"Id": kept}]
    assert "not in the recycle bin" in org.control.refused_act("undelete", object="Account", id=gone)


def test_the_system_moves_its_own_stamp_alone(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.control.advance(5)
    org.control.act("recalculate", object="Account", where="Name = 'Acme'")
    found = org.get("Account", account)
    assert found["SystemModstamp"] == "2026-03-17T09:30:20.000+0000"
    assert found["LastModifiedDate"] == "2026-03-17T09:30:15.000+0000"


def test_a_hidden_field_does_not_exist_for_the_api(org: Org) -> None:
    account = org.create("Account", Name="Acme", Site="x")
    org.control.advance(1)
    seen = {"If-Modified-Since": org.send("GET", "sobjects/Account/describe").headers["Last-Modified"]}
    org.control.act("hide_field", object="Account", field="Site")
    assert org.send("GET", "sobjects/Account/describe", headers=seen).status_code == 200
    assert "Site" not in {field["name"] for field in org.good("GET", "sobjects/Account/describe")["fields"]}
    assert "Site" not in org.get("Account", account)
    assert org.bad_query("SELECT Site FROM Account")["errorCode"] == "INVALID_FIELD"
    assert org.bad("PATCH", f"sobjects/Account/{account}", json={"Site": "y"})["errorCode"] == "INVALID_FIELD"
    org.update("Account", account, Name="Acme 2")
    org.create("Account", Name="Other")
    assert [row["Site"] for row in org.control.rows("Account")] == ["x", None]
    assert "no field" in org.control.refused_act("hide_field", object="Account", field="Colour")
    org.control.reset()
    org.log_in()
    org.query("SELECT Site FROM Account")

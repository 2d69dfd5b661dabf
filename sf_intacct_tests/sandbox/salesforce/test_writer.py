"""Writing records: what is accepted, what is refused, in whose words, and which stamps move."""

from typing import Any

import pytest

from sf_intacct_tests.sandbox.salesforce.org import Org


def test_every_write_moves_the_stamps_even_without_a_change(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.control.advance(3)
    org.update("Account", account, Name="Acme")
    found = org.get("Account", account)
    assert found["CreatedDate"] == "2026-03-17T09:30:15.000+0000"
    assert found["LastModifiedDate"] == "2026-03-17T09:30:18.000+0000" == found["SystemModstamp"]


def test_a_refused_write_leaves_no_trace(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    before = org.control.rows("Account")
    org.control.advance(3)
    org.bad("PATCH", f"sobjects/Account/{account}", json={"Name": "New", "AccountNumber": "x" * 41})
    assert org.control.rows("Account") == before


@pytest.mark.parametrize(
    ("fields", "error"),
    [
        ({"Site": "x"}, {"message": "Required fields are missing: [Name]", "errorCode": "REQUIRED_FIELD_MISSING",
                         "fields": ["Name"]}),
        ({"Name": "A", "Foo": 1}, {"message": "No such column 'Foo' on sobject of type Account",
                                   "errorCode": "INVALID_FIELD"}),
        ({"Name": "A", "Id": "001000000000001AAA"}, {"message": "cannot specify Id in an insert call",
                                                     "errorCode": "INVALID_FIELD_FOR_INSERT_UPDATE",
                                                     "fields": ["Id"]}),
        ({"Name": "A", "ParentId": "001000000000001AAA"}, {"message": "invalid cross reference id",
                                                           "errorCode": "INVALID_CROSS_REFERENCE_KEY",
                                                           "fields": ["ParentId"]}),
        ({"Name": "A", "ParentId": "003000000000001AAA"},
         {"message": "Parent Account ID: id value of incorrect type: 003000000000001AAA",
          "errorCode": "MALFORMED_ID", "fields": ["ParentId"]}),
    ],
)  # fmt: skip
def test_a_refusal_is_worded_as_salesforce_words_it(org: Org, fields: dict[str, Any], error: dict[str, Any]) -> None:
    assert org.bad("POST", "sobjects/Account", json=fields) == error


def test_read_only_fields_are_named_together(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    error = org.bad("PATCH", f"sobjects/Account/{account}", json={"MasterRecordId": None, "CreatedDate": "2020-01-01"})
    assert error["errorCode"] == "INVALID_FIELD_FOR_INSERT_UPDATE"
    assert error["fields"] == ["MasterRecordId", "CreatedDate"]
    assert error["message"].startswith("Unable to create/update fields: MasterRecordId, CreatedDate. Please check")


def test_names_of_fields_may_be_written_in_any_case(org: Org) -> None:
    account = org.create("account", NAME="Acme", billingcity="Bonn")
    assert org.get("ACCOUNT", account)["BillingCity"] == "Bonn"


def test_null_and_blank_clear_a_field_and_silence_leaves_it(org: Org) -> None:
    account = org.create("Account", Name="Acme", Site="here", Phone="1", Fax="2")
    org.update("Account", account, Site=None, Phone="")
    found = org.get("Account", account)
    assert (found["Site"], found["Phone"], found["Fax"]) == (None, None, "2")


def test_a_required_field_cannot_be_cleared(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    error = org.bad("PATCH", f"sobjects/Account/{account}", json={"Name": None})
    assert error["errorCode"] == "REQUIRED_FIELD_MISSING"


def test_a_unique_value_is_refused_with_the_short_id_of_its_owner(org: Org) -> None:
    owner = org.create("Account", Name="Acme", Intacct_Customer_Id__c="C-1")
    error = org.bad("POST", "sobjects/Account", json={"Name": "Other", "Intacct_Customer_Id__c": "c-1"})
    assert error["errorCode"] == "DUPLICATE_VALUE"
    assert error["message"] == (
        f"duplicate value found: Intacct_Customer_Id__c duplicates value on record with id: {owner[:15]}"
    )


def test_a_unique_value_is_free_again_once_its_owner_is_deleted(org: Org) -> None:
    owner = org.create("Account", Name="Acme", Intacct_Customer_Id__c="C-1")
    org.good("DELETE", f"sobjects/Account/{owner}", 204)
    org.create("Account", Name="Other", Intacct_Customer_Id__c="C-1")


def test_a_lookup_may_be_set_by_the_parents_external_id(org: Org) -> None:
    account = org.create("Account", Name="Acme", Intacct_Customer_Id__c="C-1")
    contact = org.create("Contact", LastName="Ames", Account={"Intacct_Customer_Id__c": "C-1"})
    assert org.get("Contact", contact)["AccountId"] == account
    fields = {"LastName": "Ames", "Account": {"Intacct_Customer_Id__c": "NO"}}
    error = org.bad("POST", "sobjects/Contact", json=fields)
    assert error == {
        "message": "Foreign key external ID: no not found for field Intacct_Customer_Id__c in entity Account",
        "errorCode": "INVALID_FIELD",
        "fields": [],
    }


def test_a_deleted_parent_cannot_be_pointed_to(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    org.good("DELETE", f"sobjects/Account/{account}", 204)
    error = org.bad("POST", "sobjects/Contact", json={"LastName": "Ames", "AccountId": account})
    assert (error["errorCode"], error["fields"]) == ("ENTITY_IS_DELETED", ["AccountId"])


def test_custom_objects_number_themselves_and_belong_to_their_maker(org: Org) -> None:
    first = org.get("Intacct_Payment_Application__c", org.create("Intacct_Payment_Application__c"))
    second = org.get("Intacct_Payment_Application__c", org.create("Intacct_Payment_Application__c"))
    numbers = [int(each["Name"].removeprefix("APP-")) for each in (first, second)]
    assert numbers[1] == numbers[0] + 1
    assert first["OwnerId"] == first["CreatedById"]


def test_the_company_itself_and_its_statuses_cannot_be_created(org: Org) -> None:
    error = org.bad("POST", "sobjects/OrderStatus", json={"MasterLabel": "X"})
    assert error["errorCode"] == "INSUFFICIENT_ACCESS_OR_READONLY"

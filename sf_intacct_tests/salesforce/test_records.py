"""Records as the exact text that is frozen with an intent and sent."""

import json
from decimal import Decimal

import pytest
from hypothesis import given, strategies as st

from sf_intacct.flow.contracts import target_contract
from sf_intacct.salesforce.records import EXTERNAL_IDS, collection, record_text

TEXT = st.text(st.characters(codec="utf-8"))


def test_a_record_is_written_in_one_exact_way() -> None:
    fields = {
        "Invoice_Key__c": "123",
        "Name": 'SO-1 "final" \\ Å\n',
        "Amount__c": "1234.50",
        "Amount_Due__c": "0.00",
        "Invoice_Date__c": "2026-03-05",
        "Due_Date__c": None,
    }
    assert record_text("Intacct_Invoice__c", fields, None) == (
        '{"attributes":{"type":"Intacct_Invoice__c"},"Invoice_Key__c":"123","Name":"SO-1 \\"final\\" \\\\ Å\\n",'
        '"Amount__c":1234.50,"Amount_Due__c":0.00,"Invoice_Date__c":"2026-03-05","Due_Date__c":null}'
    )


def test_an_update_names_its_record_first_and_once() -> None:
    text = record_text("Order", {"Id": "801B", "Intacct_Sync_Status__c": "Synced"}, "801A")
    assert text == '{"attributes":{"type":"Order"},"Id":"801A","Intacct_Sync_Status__c":"Synced"}'


def test_a_record_that_is_still_to_be_made_has_no_id() -> None:
    assert "Id" not in json.loads(record_text("Account", {"Id": "001A", "Name": "Acme"}, None))


def test_a_parent_is_named_by_its_own_external_id() -> None:
    text = record_text("Intacct_Payment_Application__c", {"Payment__r.Payment_Key__c": "7", "Amount__c": "10"}, None)
    assert text.endswith('"Payment__r":{"Payment_Key__c":"7"},"Amount__c":10}')


@pytest.mark.parametrize(
    ("value", "literal"),
    [
        ("1234.50", "1234.50"),
        ("-0.05", "-0.05"),
        ("1E+3", "1000"),
        ("0.10", "0.10"),
        ("99999999999999.99", "99999999999999.99"),
    ],
)
def test_a_number_is_written_as_it_stands_and_never_through_a_float(value: str, literal: str) -> None:
    assert record_text("Account", {"Intacct_Balance__c": value}, None).endswith(f'"Intacct_Balance__c":{literal}}}')


@given(st.decimals(-(10**16), 10**16, places=2))
def test_every_amount_is_read_back_to_the_cent(amount: Decimal) -> None:
    text = record_text("Account", {"Intacct_Balance__c": str(amount)}, None)
    assert json.loads(text, parse_float=Decimal, parse_int=Decimal)["Intacct_Balance__c"] == amount


@given(TEXT, TEXT)
@pytest.mark.answers("E11")
def test_any_text_is_read_back_as_it_was(name: str, identifier: str) -> None:
    record = json.loads(record_text("Account", {"Name": name, "Tax_Id__c": identifier}, None))
    assert (record["Name"], record["Tax_Id__c"]) == (name, identifier)


def test_a_flag_is_no_text() -> None:
    assert record_text("Account", {"Intacct_Skip_Sync__c": "true"}, None).endswith('"Intacct_Skip_Sync__c":true}')


def test_digits_in_a_text_field_stay_text() -> None:
    assert record_text("Account", {"AccountNumber": "00123"}, None).endswith('"AccountNumber":"00123"}')


def test_a_field_nobody_declared_is_text() -> None:
    assert record_text("Account", {"Something__c": "1"}, None).endswith('"Something__c":"1"}')
    assert record_text("Something__c", {"Name": "1"}, None).endswith('"Name":"1"}')


@pytest.mark.answers("B3")
def test_a_collection_lets_each_record_succeed_or_fail_by_itself() -> None:
    texts = [record_text("Account", {"Name": name}, None) for name in ("Å", "B")]
    body = collection(texts)
    assert body == f'{{"allOrNone":false,"records":[{texts[0]},{texts[1]}]}}'.encode()
    assert [record["Name"] for record in json.loads(body)["records"]] == ["Å", "B"]


@pytest.mark.parametrize("sobject", sorted(EXTERNAL_IDS))
def test_an_upsert_goes_by_a_field_that_is_read_back_and_required_of_what_only_we_make(sobject: str) -> None:
    contract = target_contract(f"salesforce.{sobject}")
    assert contract is not None
    assert contract.by_source[EXTERNAL_IDS[sobject]].required == sobject.startswith("Intacct_")

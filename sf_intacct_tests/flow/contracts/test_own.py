"""The company's own fields: one line puts a field on every table that has it, and takes nobody's place."""

import pytest

from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.flow.contracts.own import OwnField, with_own_fields
from sf_intacct.model.system import Kind

ITEMS = OBSERVED["salesforce_order_items"]
CHANNEL = OwnField(
    "channel", "Channel", {"salesforce_order_items": "Channel__c", "intacct_invoice_items": "GLDIMCHANNEL"}
)


def test_a_field_stands_on_every_table_that_has_it_under_the_systems_own_name() -> None:
    wide = [with_own_fields(OBSERVED[name], (CHANNEL,)) for name in ("salesforce_order_items", "intacct_invoice_items")]
    assert [one.by_name["channel"].source for one in wide] == ["Channel__c", "GLDIMCHANNEL"]
    assert all(one.by_name["channel"].optional for one in wide)
    assert [one.columns[-1].name for one in wide] == ["modified_at", "modified_at"]


def test_a_table_without_the_field_stays_as_it_is() -> None:
    orders = OBSERVED["salesforce_orders"]
    assert with_own_fields(orders, (CHANNEL,)) is orders


def test_a_field_has_the_kind_and_the_limit_that_it_says() -> None:
    fields = (OwnField("weight", "Weight", {"salesforce_order_items": "Weight__c"}, Kind.NUMBER),)
    assert with_own_fields(ITEMS, fields).by_name["weight"].kind is Kind.NUMBER


def test_a_name_that_is_taken_is_refused() -> None:
    taken = OwnField("quantity", "Quantity", {"salesforce_order_items": "Quantity__c"})
    with pytest.raises(ValueError, match="has a column quantity already"):
        with_own_fields(ITEMS, (taken,))

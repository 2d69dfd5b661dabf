"""What Salesforce says of an object: kinds, what a new record needs, lengths, decimals, choices, relations."""

from typing import Any

from sf_intacct.model.described import FRACTIONS, NUMBERS
from sf_intacct.model.system import Kind
from sf_intacct.salesforce.describe import described
from sf_intacct.salesforce.system import SalesforceSystem

CHOICES = [{"value": "a", "active": True}, {"value": "b", "active": False}]


def _field(**told: Any) -> dict[str, Any]:
    plain = {"name": "X", "type": "string", "createable": True, "updateable": True, "nillable": True}
    return {**plain, "defaultedOnCreate": False, **told}


def test_an_account_says_what_its_fields_take(system: SalesforceSystem) -> None:
    account = system.describe("Account")
    assert account is not None
    assert (account.fields["Name"].length, account.fields["Name"].required) == (255, True)
    assert not account.fields["SystemModstamp"].creatable
    assert account.fields["Intacct_Customer_Id__c"].is_key
    assert account.fields["Credit_Limit__c"].decimals == 2
    assert account.ways["Owner"] == "User"


def test_an_object_that_is_not_there_is_nothing(system: SalesforceSystem) -> None:
    assert system.describe("Acount") is None


def test_only_a_restricted_list_of_one_choice_refuses_others() -> None:
    def values(**told: Any) -> tuple[str, ...]:
        return described({"name": "O", "fields": [_field(picklistValues=CHOICES, **told)]}).fields["X"].values

    assert values(type="picklist", restrictedPicklist=True) == ("a",)
    assert values(type="picklist", restrictedPicklist=False) == ()
    assert values(type="multipicklist", restrictedPicklist=True) == ()


def test_a_number_without_decimals_may_be_read_as_whole_and_one_with_may_not() -> None:
    whole, broken = (described({"name": "O", "fields": [_field(type="double", scale=n)]}).fields["X"] for n in (0, 2))
    assert (whole.kinds, whole.decimals) == (NUMBERS, 0)
    assert (broken.kinds, broken.decimals) == (FRACTIONS, 2)
    assert Kind.WHOLE not in broken.kinds


def test_a_new_record_needs_what_may_not_be_empty_and_has_no_default() -> None:
    def required(**told: Any) -> bool:
        return described({"name": "O", "fields": [_field(**told)]}).fields["X"].required

    assert required(nillable=False)
    assert not required(nillable=False, defaultedOnCreate=True)
    assert not required(nillable=False, createable=False)
    assert not required()

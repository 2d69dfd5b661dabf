"""Validation rules that a person adds."""

from sf_intacct_tests.sandbox.salesforce.org import Org

RULE = {"object": "Account", "error_condition": "AnnualRevenue < 0 OR Owner.IsActive = false", "message": "Not so."}


def test_a_rule_refuses_with_the_administrators_words(org: Org) -> None:
    org.control.act("add_validation_rule", **RULE)
    error = org.bad("POST", "sobjects/Account", json={"Name": "Acme", "AnnualRevenue": -1})
    assert error == {"message": "Not so.", "errorCode": "FIELD_CUSTOM_VALIDATION_EXCEPTION", "fields": []}
    assert org.control.rows("Account") == []


def test_a_rule_lets_lawful_records_pass(org: Org) -> None:
    org.control.act("add_validation_rule", **RULE)
    account = org.create("Account", Name="Acme", AnnualRevenue=1)
    assert org.bad("PATCH", f"sobjects/Account/{account}", json={"AnnualRevenue": -2})["message"] == "Not so."
    assert org.get("Account", account)["AnnualRevenue"] == 1


def test_removed_rules_refuse_nothing(org: Org) -> None:
    org.control.act("add_validation_rule", **RULE)
    org.control.act("remove_validation_rules")
    org.create("Account", Name="Acme", AnnualRevenue=-1)


def test_a_rule_that_cannot_be_read_is_refused_when_it_is_made(org: Org) -> None:
    told = org.control.refused_act("add_validation_rule", **{**RULE, "error_condition": "Nonsense = 1"})
    assert "No such column 'Nonsense'" in told

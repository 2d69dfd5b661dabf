"""What a mapping may say: short where it can be short, and exactly one meaning for everything it says."""

from typing import Any

import pytest
from pydantic import ValidationError

from sf_intacct.flow.mapping import Lines, Mapping, Mode, Otherwise, Rule, WhenChanged
from sf_intacct.flow.mapping_company import Company, Lookup

SMALLEST: dict[str, Any] = {
    "crossing": "account_to_customer",
    "says": "An account becomes a customer.",
    "from": "salesforce_accounts",
    "to": "intacct.CUSTOMER",
    "identity": "CUSTOMERID",
    "fields": {"CUSTOMERID": "account_number"},
}
LINES: dict[str, Any] = {
    "each": "salesforce_order_items",
    "order_by": "order_item_number",
    "identity": "SALESFORCE_LINE_ID",
    "fields": {"SALESFORCE_LINE_ID": "order_item_id"},
}


def _mapping(**said: Any) -> Mapping:
    return Mapping.model_validate({**SMALLEST, **said})


def test_the_smallest_mapping_has_the_safest_defaults() -> None:
    mapping = _mapping()
    assert mapping.when == "true"
    assert mapping.creates is True
    assert mapping.when_changed is WhenChanged.UPDATE
    assert (mapping.mark, mapping.claim, mapping.stake, mapping.lines) == (None, None, None, None)
    rule = mapping.fields["CUSTOMERID"]
    assert (rule.mode, rule.otherwise, rule.required) == (Mode.ALWAYS, Otherwise.REQUIRED, False)


def test_a_bare_string_is_the_sql_of_a_value() -> None:
    assert _mapping().fields["CUSTOMERID"] == Rule(value="account_number")
    assert _mapping().fields["CUSTOMERID"].expression == "account_number"


def test_a_target_is_a_system_and_an_object() -> None:
    mapping = _mapping(to="salesforce.Intacct_Invoice__c")
    assert (mapping.target_system, mapping.target_object) == ("salesforce", "Intacct_Invoice__c")


@pytest.mark.parametrize(
    "target", ["CUSTOMER", "intacct.", "netsuite.CUSTOMER", "intacct.A.B", "intacct.CUSTOMER;", ""]
)
def test_another_kind_of_target_is_refused(target: str) -> None:
    with pytest.raises(ValidationError, match="pattern"):
        _mapping(to=target)


@pytest.mark.parametrize(
    ("rule", "starts_from"),
    [
        ({"value": "name"}, "name"),
        ({"link": "a", "of": "account_id"}, "account_id"),
        ({"linked_back": "a", "of": "customer_id"}, "customer_id"),
        ({"lookup": "terms", "of": "payment_terms"}, "payment_terms"),
        ({"constant": "Net 30"}, "'Net 30'"),
        ({"constant": "the buyer's"}, "'the buyer''s'"),
    ],
)
def test_a_field_gets_its_value_in_one_of_five_ways(rule: dict[str, str], starts_from: str) -> None:
    assert Rule.model_validate(rule).expression == starts_from


@pytest.mark.parametrize(
    ("rule", "complaint"),
    [
        ({}, "exactly one of"),
        ({"mode": "create_only"}, "exactly one of"),
        ({"value": "a", "link": "b", "of": "c"}, "exactly one of"),
        ({"link": "a", "linked_back": "b", "of": "c"}, "exactly one of"),
        ({"lookup": "a", "link": "b", "of": "c"}, "exactly one of"),
        ({"link": "a"}, "`of` goes with"),
        ({"linked_back": "a"}, "`of` goes with"),
        ({"lookup": "a"}, "`of` goes with"),
        ({"value": "a", "of": "b"}, "`of` goes with"),
        ({"of": "b"}, "exactly one of"),
        ({"value": "a", "mode": "sometimes"}, "always"),
        ({"link": "a", "of": "b", "otherwise": "guess"}, "required"),
        ({"value": "a", "unit": "EUR"}, "Extra inputs"),
        ({"constant": "a", "value": "b"}, "exactly one of"),
        ({"constant": "a", "of": "b"}, "`of` goes with"),
        ({"constant": ""}, "at least 1 item"),
        ({"value": "a", "default": "b"}, "`default` goes with a lookup"),
        ({"link": "a", "of": "c", "default": "b"}, "`default` goes with a lookup"),
        ({"lookup": "a", "of": "c", "default": "b", "otherwise": "omit"}, "stands in the place of `otherwise`"),
        ({"value": "a", "owner": "netsuite"}, "'salesforce', 'intacct' or 'nobody'"),
        ({"value": "a", "by_entity": {}}, "at least 1 item"),
        ({"value": "a", "by_entity": {"DE": {"value": "b", "mode": "always"}}}, "the same for all entities"),
        ({"value": "a", "by_entity": {"DE": {"value": "b", "by_entity": {"X": "c"}}}}, "no by_entity of its own"),
    ],
)
def test_a_field_that_could_be_meant_in_two_ways_is_refused(rule: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValidationError, match=complaint):
        Rule.model_validate(rule)


def test_a_rule_for_one_entity_needs_the_mapping_to_say_which_entity_a_document_has() -> None:
    fields = {"CUSTOMERID": {"value": "account_number", "by_entity": {"DE": "'DE-' || account_number"}}}
    with pytest.raises(ValidationError, match="say `entity:`"):
        _mapping(fields=fields)
    rule = _mapping(fields=fields, entity="region").fields["CUSTOMERID"]
    assert [variant.expression for variant in rule.variants] == ["account_number", "'DE-' || account_number"]


@pytest.mark.parametrize(
    ("rule", "is_kept"),
    [
        ({}, True),
        ({"owner": "salesforce"}, True),
        ({"owner": "intacct"}, False),
        ({"mode": "sync_once"}, True),
        ({"mode": "create_only"}, False),
        ({"mode": "sync_once", "owner": "intacct"}, False),
    ],
)
@pytest.mark.answers("B9")
def test_what_the_target_owns_or_keeps_for_good_is_not_written_again(rule: dict[str, str], is_kept: bool) -> None:
    mapping = _mapping(fields={"CUSTOMERID": {"value": "account_number", **rule}})
    assert mapping.keeps(mapping.fields["CUSTOMERID"]) is is_kept


@pytest.mark.parametrize("key", ["identity", "mark"])
def test_identity_and_mark_are_fields_that_are_filled(key: str) -> None:
    with pytest.raises(ValidationError, match="the field NAME is named as identity or mark"):
        _mapping(**{key: "NAME"})


def test_the_identity_of_lines_is_a_field_that_is_filled() -> None:
    with pytest.raises(ValidationError, match=r"lines\.identity names LINE_NO"):
        _mapping(lines={**LINES, "identity": "LINE_NO"})


@pytest.mark.parametrize(
    "said",
    [
        {"form": "salesforce_accounts"},
        {"fields": {"CUSTOMERID": {"value": "a", "modus": "always"}}},
        {"stake": {"amount": "a", "currency": "b", "rate": "c"}},
        {"beside": {"account": {"table": "a", "on": "b", "where": "c"}}},
        {"hold": [{"when": "true", "cause": "a", "reason": "b"}]},
        {"lines": {**LINES, "where": "true"}},
    ],
    ids=["mapping", "field", "stake", "beside", "hold", "lines"],
)
def test_an_unknown_key_is_refused_at_every_level(said: dict[str, Any]) -> None:
    with pytest.raises(ValidationError, match="Extra inputs"):
        _mapping(**said)


def test_a_mapping_needs_the_crossings_it_links_to_on_heads_and_lines() -> None:
    fields = {
        "CUSTOMERID": "account_number",
        "A": {"link": "one", "of": "x"},
        "B": {"linked_back": "never", "of": "x"},
        "C": {"lookup": "neither", "of": "x"},
    }
    lines = {**LINES, "fields": {**LINES["fields"], "D": {"link": "two", "of": "y"}, "E": {"link": "one", "of": "y"}}}
    assert _mapping(fields=fields).needs == {"one"}
    assert _mapping(fields=fields, lines=lines).needs == {"one", "two"}
    assert _mapping().needs == frozenset()


@pytest.mark.answers("H1")
def test_a_mapping_cannot_be_changed_once_it_is_read() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        _mapping().when = "false"  # type: ignore[misc]


def test_the_company_lists_its_lookups_and_where_the_books_list_them() -> None:
    company = Company.model_validate({"lookups": {"terms": {"says": "T", "crosswalk": "t.csv", "in": "intacct_terms"}}})
    assert company.lookups["terms"] == Lookup(says="T", crosswalk="t.csv", table="intacct_terms")
    assert Company() == Company(constants={}, lookups={})


def test_every_key_is_explained_in_the_schema_that_editors_complete_from() -> None:
    """Keys whose name alone says it are left out on purpose."""
    plain = {"crossing", "amount", "currency", "fields", "beside", "hold", "lines", "stake", "when_changed", "says"}
    schemas = [model.model_json_schema(by_alias=True) for model in (Mapping, Rule, Lines)]
    silent = {
        key
        for schema in schemas
        for part in [schema, *schema.get("$defs", {}).values()]
        for key, value in part.get("properties", {}).items()
        if "description" not in value
    }
    assert silent - plain == set()

"""All contracts of the house: each is complete, consistent, and can be read by whoever opens the database."""

import re

import pytest

from sf_intacct.flow.contracts import CONTRACTS, DERIVED, OBSERVED, Contract, target_contract
from sf_intacct.flow.laws import LAWS
from sf_intacct.model.system import Kind

every = pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
observed = pytest.mark.parametrize("contract", OBSERVED.values(), ids=OBSERVED)
with_lines = [contract for contract in OBSERVED.values() if contract.lines]
line_tables = [contract for contract in OBSERVED.values() if contract.document]


def test_every_contract_is_known_by_its_own_name() -> None:
    assert [name for name, contract in CONTRACTS.items() if contract.name != name] == []
    assert {contract.name for contract in DERIVED} == set(CONTRACTS) - set(OBSERVED)


@every
def test_key_label_and_stamp_are_columns(contract: Contract) -> None:
    for column in filter(None, (contract.key, contract.label, contract.stamp)):
        assert column in contract.by_name


@every
def test_a_record_has_one_key_and_it_is_never_missing(contract: Contract) -> None:
    key = contract.by_name[contract.key]
    assert (key.kind, key.required, key.unique) == (Kind.TEXT, True, True)


@every
def test_the_stamp_is_an_instant(contract: Contract) -> None:
    if contract.stamp:
        assert contract.by_name[contract.stamp].kind is Kind.INSTANT


@every
def test_the_schema_is_the_columns(contract: Contract) -> None:
    schema = contract.schema
    assert list(schema.columns) == [column.name for column in contract.columns]
    for column in contract.columns:
        declared = schema.columns[column.name]
        assert declared.dtype.type == column.dtype
        assert declared.nullable is not column.required
        assert declared.unique is column.unique
        assert declared.description == column.says
    assert schema.strict is True


@every
def test_no_column_and_no_field_is_declared_twice(contract: Contract) -> None:
    assert len(contract.by_name) == len(contract.columns)
    assert len(contract.by_source) == len([column for column in contract.columns if column.source])


@every
def test_every_table_and_every_column_says_what_it_is(contract: Contract) -> None:
    assert re.fullmatch(r"[A-Z].{8,}\.", contract.says)
    silent = [column.name for column in contract.columns if not re.fullmatch(r"\w.*(\w|\.\.\.)", column.says)]
    assert silent == []


@every
def test_names_follow_the_grammar(contract: Contract) -> None:
    """`_on` is a day, `_at` an instant, `is_` and `requires_` a flag; and the other way round."""
    endings = {Kind.DATE: r"\w+_on", Kind.INSTANT: r"\w+_at", Kind.FLAG: r"(is|requires)_\w+"}
    for column in contract.columns:
        assert re.fullmatch(r"[a-z][a-z0-9]*(_[a-z0-9]+)*", column.name)
        named = [kind for kind, pattern in endings.items() if re.fullmatch(pattern, column.name)]
        assert named == ([column.kind] if column.kind in endings else [])


@every
def test_money_is_money_and_never_a_plain_number(contract: Contract) -> None:
    sums = [c for c in contract.columns if re.search(r"amount|total|balance|_due$|_paid$", c.name)]
    assert [column.name for column in sums if column.kind is not Kind.MONEY] == []


@observed
def test_what_an_adapter_reads_is_what_the_contract_observes(contract: Contract) -> None:
    selection = contract.selection
    assert selection.object == contract.object
    assert [field.name for field in selection.fields] == list(contract.by_source)
    assert [field.kind for field in selection.fields] == [c.kind for c in contract.columns if c.source]
    assert {selection.record_id, selection.stamp} - {""} <= set(contract.by_source)
    assert selection.parent is None or selection.parent in contract.by_source


@observed
def test_the_record_id_is_the_systems_own(contract: Contract) -> None:
    own = {"salesforce": "Id", "intacct": "RECORDNO"}[contract.system]
    assert contract.selection.record_id == own or contract.by_function


@pytest.mark.parametrize("contract", DERIVED, ids=lambda contract: contract.name)
def test_a_derived_table_is_read_from_nowhere(contract: Contract) -> None:
    assert contract.system == "house"
    assert contract.by_source == {}


@pytest.mark.parametrize("contract", with_lines, ids=lambda contract: contract.name)
def test_a_document_and_its_lines_know_each_other(contract: Contract) -> None:
    lines = OBSERVED[contract.lines or ""]
    assert lines.document is not None
    assert lines.system == contract.system
    assert lines.by_name[lines.document].required
    assert lines.by_name[lines.document].dtype == contract.by_name[contract.key].dtype


def test_lines_belong_to_one_document_and_no_table_is_left_out() -> None:
    assert sorted(contract.lines or "" for contract in with_lines) == sorted(contract.name for contract in line_tables)


@every
def test_the_money_at_stake_is_a_money_column(contract: Contract) -> None:
    if contract.amount is not None:
        assert contract.by_name[contract.amount].kind is Kind.MONEY


@every
def test_what_counts_as_taken_back_is_a_state_of_the_record(contract: Contract) -> None:
    if contract.void is not None:
        column, values = contract.void
        assert contract.by_name[column].kind is Kind.TEXT
        assert values


@every
def test_only_text_has_a_length_and_a_list_of_values(contract: Contract) -> None:
    for column in contract.columns:
        if column.length_max or column.limit or column.values:
            assert column.kind is Kind.TEXT


def test_laws_are_about_documents_with_lines() -> None:
    assert [name for name in LAWS if not OBSERVED[name].lines] == []


def test_every_document_with_a_control_total_has_the_law_that_checks_it() -> None:
    assert {contract.name for contract in with_lines if contract.amount} == set(LAWS)


@observed
def test_a_target_is_found_by_system_and_object(contract: Contract) -> None:
    assert target_contract(f"{contract.system}.{contract.object}") is contract


@pytest.mark.parametrize("target", ["intacct.Account", "salesforce.CUSTOMER", "house.Order", "intacct", "", "x.y.z"])
def test_what_is_not_read_back_is_no_target(target: str) -> None:
    assert target_contract(target) is None

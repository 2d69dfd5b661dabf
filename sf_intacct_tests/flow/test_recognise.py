"""Second keys: they link one with one, and everything else is told; what people said counts before any key."""

from typing import Any

import polars as pl
import pytest

from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.recognise import PAIRS, BothSides, Recognised, recognise

MAPPING = Mapping.model_validate(
    {
        "crossing": "account_to_customer",
        "says": "An account becomes a customer.",
        "from": "salesforce_accounts",
        "to": "intacct.CUSTOMER",
        "identity": "CUSTOMERID",
        "mark": "SALESFORCE_ID",
        "claim": "intacct_customer_id",
        "match": {
            "keys": {
                "tax id": {"source": "tax_id", "target": "tax_id"},
                "customer number": {"source": "account_number", "target": "customer_id"},
            }
        },
        "fields": {"CUSTOMERID": "account_number", "SALESFORCE_ID": "account_id"},
    }
)
Row = dict[str, Any]


def _frame(table: str, key: str, rows: list[Row]) -> pl.DataFrame:
    contract = CONTRACTS[table]
    return pl.DataFrame([{key: f"{n}", **row} for n, row in enumerate(rows, 1)], schema=contract.dtypes)


def _sides(
    accounts: list[Row],
    customers: list[Row],
    links: list[tuple[str, str]] | None = None,
    different: list[tuple[str, str]] | None = None,
) -> BothSides:
    return BothSides(
        mapping=MAPPING,
        sources=_frame("salesforce_accounts", "account_id", [{"name": "Acme", **row} for row in accounts]),
        targets=_frame("intacct_customers", "record_number", [{"name": "Acme", **row} for row in customers]),
        links=pl.DataFrame(links or [], schema=PAIRS, orient="row"),
        different=pl.DataFrame(different or [], schema=PAIRS, orient="row"),
    )


def _recognise(*sides: Any, **more: Any) -> Recognised:
    made = _sides(*sides, **more)
    return recognise(made, made.sources["account_id"])


def _causes(found: Recognised) -> list[tuple[str, str]]:
    return found.findings.select("document_id", "cause").rows()


def test_one_record_on_either_side_with_the_same_key_is_a_pair() -> None:
    found = _recognise(
        [{"account_id": "a", "tax_id": "DE 123.456-789"}], [{"customer_id": "C-9", "tax_id": "de123456789"}]
    )
    assert found.keyed.rows() == [("a", "1")]
    assert _causes(found) == []


# What people type where they have no number, so that a form lets them go on.
@pytest.mark.parametrize("nothing", [None, "", " - ", "N/A", "none", "TBD", "000000000", "999-999-999", "XXX"])
def test_what_stands_where_there_is_no_number_is_no_key(nothing: str | None) -> None:
    found = _recognise([{"tax_id": nothing}], [{"customer_id": "C-9", "tax_id": nothing}])
    assert (found.keyed.rows(), _causes(found)) == ([], [])


def test_a_key_that_two_customers_have_links_nobody_and_names_both() -> None:
    found = _recognise(
        [{"account_id": "a", "tax_id": "7701"}],
        [{"customer_id": "C-1", "tax_id": "7701"}, {"customer_id": "C-2", "tax_id": "7701", "name": "Other"}],
    )
    assert found.keyed.rows() == []
    assert _causes(found) == [("a", "key_shared")]
    assert found.findings["subject"][0] == "tax id 7701"
    assert found.findings["seen"][0] == "in Intacct C-1 (Acme), C-2 (Other)"


def test_a_key_that_two_accounts_have_links_neither() -> None:
    found = _recognise(
        [{"account_id": "a", "tax_id": "7701"}, {"account_id": "b", "tax_id": "7701"}],
        [{"customer_id": "C-1", "tax_id": "7701"}],
    )
    assert found.keyed.rows() == []
    assert _causes(found) == [("a", "key_shared"), ("b", "key_shared")]


def test_two_keys_that_point_at_different_customers_link_neither() -> None:
    found = _recognise(
        [{"account_id": "a", "tax_id": "7701", "account_number": "C-2"}],
        [{"customer_id": "C-1", "tax_id": "7701"}, {"customer_id": "C-2", "tax_id": "8800"}],
    )
    assert found.keyed.rows() == []
    assert _causes(found) == [("a", "key_shared")]


@pytest.mark.parametrize(
    ("links", "owner"),
    [
        ([("b", "1")], {}),
        ([], {"salesforce_id": "b"}),
        ([], {"salesforce_id": "gone"}),  # of an account that was deleted or merged
    ],
)
def test_a_customer_that_belongs_to_another_account_is_told_and_not_taken(
    links: list[tuple[str, str]], owner: Row
) -> None:
    found = _recognise(
        [{"account_id": "a", "tax_id": "7701"}, {"account_id": "b", "name": "Owner"}],
        [{"customer_id": "C-1", "tax_id": "7701", **owner}],
        links=links,
    )
    assert found.keyed.rows() == []
    assert _causes(found) == [("a", "key_taken")]


def test_an_account_that_is_linked_needs_no_key() -> None:
    found = _recognise(
        [{"account_id": "a", "tax_id": "7701"}],
        [{"customer_id": "C-1"}, {"customer_id": "C-2", "tax_id": "7701"}],
        links=[("a", "1")],
    )
    assert (found.keyed.rows(), _causes(found)) == ([], [])


def test_what_a_person_called_different_is_no_pair_by_any_key() -> None:
    sides = ([{"account_id": "a", "tax_id": "7701"}], [{"customer_id": "C-1", "tax_id": "7701"}])
    assert _recognise(*sides).keyed.height == 1
    found = _recognise(*sides, different=[("a", "1")])
    assert (found.keyed.rows(), _causes(found)) == ([], [])


def test_a_mark_on_what_a_person_called_different_is_to_be_taken_off() -> None:
    found = _recognise([{"account_id": "a"}], [{"customer_id": "C-1", "salesforce_id": "a"}], different=[("a", "1")])
    assert _causes(found) == [("a", "mark_remains")]


def test_only_the_records_that_are_planned_are_told_but_all_are_looked_at() -> None:
    sides = _sides(
        [{"account_id": "a", "tax_id": "7701"}, {"account_id": "b", "tax_id": "7701"}],
        [{"customer_id": "C-1", "tax_id": "7701"}],
    )
    assert _causes(recognise(sides, pl.Series(["b"]))) == [("b", "key_shared")]

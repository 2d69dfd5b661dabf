"""The gate: a document is lawful or quarantined whole, and what has the wrong shape is not judged at all."""

from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st

from sf_intacct.errors import ContractError
from sf_intacct.flow.check import SYSTEMATIC, Verdict, check
from sf_intacct.flow.contracts import OBSERVED, Contract
from sf_intacct_tests.flow.frames import causes, finding, raw
from sf_intacct_tests.flow.orders import ITEMS, ORDERS, ids, judged, line, lines, order

ACCOUNTS = OBSERVED["salesforce_accounts"]
ACCOUNT: dict[str, Any] = {"Id": "1", "Name": "Acme", "SystemModstamp": "2026-03-17T09:30:15Z"}


def test_lawful_documents_pass_with_their_lines() -> None:
    result = judged([order("1"), order("2")], lines("1", "2"))
    assert result.verdict is Verdict.PASS
    assert ids(result.heads, "order_id") == ["order 1", "order 2"]
    assert ids(result.lines, "order_item_id") == ["line 1.1", "line 1.2", "line 2.1", "line 2.2"]
    assert (result.documents, result.quarantined.height, result.findings.height) == (2, 0, 0)


# A document is the unit


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ({"TotalPrice": "twenty"}, "unreadable_value"),
        ({"TotalPrice": "20.0005"}, "unreadable_value"),
        ({"TotalPrice": None}, "missing_value"),
        ({"Quantity": None}, "missing_value"),
        ({"Product2Id": None}, "missing_value"),
        ({"TotalPrice": "20.01"}, "lines_do_not_sum"),
        ({"Id": "line 1.1"}, "duplicate_record"),
    ],
)
def test_one_bad_line_quarantines_its_whole_order_and_no_other(wrong: dict[str, Any], cause: str) -> None:
    result = judged([order("1"), order("2")], [line("1", "1"), line("1", "2", **wrong), *lines("2")])
    assert result.verdict is Verdict.PARTIAL
    assert ids(result.heads, "order_id") == ["order 2"]
    assert ids(result.lines, "order_item_id") == ["line 2.1", "line 2.2"]
    assert ids(result.quarantined, "document_id") == ["order 1"]
    assert ("order 1", cause) in causes(result.findings)


@pytest.mark.parametrize(
    ("wrong", "cause"),
    [
        ({"TotalAmount": "30.01"}, "lines_do_not_sum"),
        ({"TotalAmount": None}, "missing_value"),
        ({"TotalAmount": "a lot"}, "unreadable_value"),
        ({"EffectiveDate": "2026-02-30"}, "unreadable_value"),
        ({"AccountId": None}, "missing_value"),
        ({"OrderNumber": "9" * 31}, "unlawful_value"),
    ],
)
def test_a_bad_head_keeps_its_lines_back(wrong: dict[str, Any], cause: str) -> None:
    result = judged([order("1", **wrong), order("2")], lines("1", "2"))
    assert ids(result.lines, "order_id") == ["order 2", "order 2"]
    assert ("order 1", cause) in causes(result.findings)


def test_an_order_whose_lines_have_not_come_is_not_published_without_them() -> None:
    result = judged([order("1")], [])
    assert ids(result.heads, "order_id") == []
    assert causes(result.findings) == {("order 1", "lines_do_not_sum")}


def test_lines_whose_order_has_not_come_condemn_nothing() -> None:
    result = judged([order("1")], [*lines("1"), line("2", "1", TotalPrice=None)])
    assert result.verdict is Verdict.PASS
    assert result.findings.is_empty()


@settings(max_examples=25)
@given(st.lists(st.sampled_from(["lawful", "bad line", "bad head"]), min_size=1, max_size=6))
def test_whatever_breaks_no_half_document_comes_through(fates: list[str]) -> None:
    heads = [order(str(n), **({"AccountId": None} if fate == "bad head" else {})) for n, fate in enumerate(fates)]
    items = [
        line(str(n), place, **({"TotalPrice": "0.01"} if fate == "bad line" and place == "2" else {}))
        for n, fate in enumerate(fates)
        for place in ("1", "2")
    ]
    result = judged(heads, items)
    lawful = sorted(f"order {n}" for n, fate in enumerate(fates) if fate == "lawful")
    assert ids(result.heads, "order_id") == lawful
    assert ids(result.lines, "order_id") == sorted(2 * lawful)
    assert sorted([*lawful, *ids(result.quarantined, "document_id")]) == sorted(head["Id"] for head in heads)
    assert set(result.findings["document_id"]) == set(result.quarantined["document_id"])


# What is told


def test_a_finding_names_document_column_and_what_was_seen() -> None:
    result = judged([order("1", OrderNumber="9" * 31)], lines("1"))
    assert result.findings.to_dicts() == [
        finding("order 1", "unlawful_value", "Order number (Order.OrderNumber)", "order_number", "9" * 31)
    ]


def test_a_line_is_told_under_its_order() -> None:
    result = judged([order("1")], [line("1", "1"), line("1", "2", Product2Id=None)])
    assert result.findings.to_dicts() == [
        finding("order 1", "missing_value", "Product sold (OrderItem.Product2Id)", "product_id", "(nothing)")
    ]


def test_a_value_that_cannot_be_read_is_not_also_called_missing() -> None:
    result = judged([order("1", EffectiveDate="tomorrow")], lines("1"))
    assert [(row["cause"], row["column"]) for row in result.findings.to_dicts()] == [
        ("unreadable_value", "effective_on")
    ]


def test_an_unreadable_value_does_not_hide_another_that_is_missing() -> None:
    result = judged([order("1", EffectiveDate="tomorrow", AccountId=None)], lines("1"))
    told = {(row["cause"], row["column"]) for row in result.findings.to_dicts()}
    assert told == {("unreadable_value", "effective_on"), ("missing_value", "account_id")}


def test_the_quarantine_knows_the_label_and_the_money_at_stake() -> None:
    result = judged([order("7", AccountId=None)], lines("7"))
    assert result.quarantined.rows() == [("order 7", "7", Decimal("30.00"))]


def test_a_document_without_money_at_stake_is_quarantined_without_an_amount() -> None:
    result = check(ACCOUNTS, raw(ACCOUNTS, {**ACCOUNT, "Name": None}))
    assert result.quarantined.rows() == [("1", None, None)]
    assert result.lines is None


def test_the_same_record_twice_is_a_document_of_its_own_kind_of_wrong() -> None:
    result = check(ACCOUNTS, raw(ACCOUNTS, ACCOUNT, ACCOUNT))
    assert ("1", "duplicate_record") in causes(result.findings)
    assert result.heads.is_empty()


# Tombstones


def test_a_deleted_document_is_published_as_a_tombstone_whatever_is_left_of_it() -> None:
    gone = {"Id": "order 1", "is_deleted": True}
    result = judged([gone, order("2")], lines("2"))
    assert result.verdict is Verdict.PASS
    assert result.heads.select("order_id", "is_deleted").sort("order_id").rows() == [
        ("order 1", True),
        ("order 2", False),
    ]


def test_a_deleted_line_does_not_count_towards_the_total() -> None:
    result = judged([order("1")], [*lines("1"), line("1", "2", Id="line 1.3", TotalPrice="5.00", is_deleted=True)])
    assert result.verdict is Verdict.PASS


def test_a_deleted_line_may_lack_everything() -> None:
    gone = {"Id": "line 1.3", "OrderId": "order 1", "is_deleted": True}
    assert judged([order("1")], [*lines("1"), gone]).verdict is Verdict.PASS


# The verdict


@pytest.mark.parametrize(
    ("lawful", "unlawful", "deleted", "verdict"),
    [
        (0, 0, 0, Verdict.PASS),
        (1, 0, 0, Verdict.PASS),
        (0, 0, 3, Verdict.PASS),
        (5, 1, 0, Verdict.PARTIAL),
        (1, 5, 0, Verdict.PARTIAL),
        (0, 1, 0, Verdict.PARTIAL),  # one bad document alone is a bad document
        (0, SYSTEMATIC - 1, 0, Verdict.PARTIAL),
        (0, SYSTEMATIC, 0, Verdict.REFUSE),  # something else broke: the last good state stays
        (1, SYSTEMATIC, 0, Verdict.PARTIAL),
        (0, SYSTEMATIC, 1, Verdict.REFUSE),  # a tombstone was not judged, it is no lawful document
        (0, SYSTEMATIC - 1, 5, Verdict.PARTIAL),
    ],
)
def test_the_verdict_follows_from_how_many_are_lawful(
    lawful: int, unlawful: int, deleted: int, verdict: Verdict
) -> None:
    rows = [{**ACCOUNT, "Id": f"good {n}"} for n in range(lawful)]
    rows += [{**ACCOUNT, "Id": f"bad {n}", "Name": None} for n in range(unlawful)]
    rows += [{"Id": f"gone {n}", "is_deleted": True} for n in range(deleted)]
    result = check(ACCOUNTS, raw(ACCOUNTS, *rows))
    assert result.verdict is verdict
    assert result.documents == lawful + unlawful + deleted


# Wrong columns, wrong types


def test_a_bad_value_is_refused_although_the_type_of_its_column_is_right() -> None:
    """Pandera checks only the schema of a LazyFrame: this is the test that it was given a collected one."""
    result = check(ACCOUNTS, raw(ACCOUNTS, {**ACCOUNT, "Name": "x" * 256}))
    assert causes(result.findings) == {("1", "unlawful_value")}


@pytest.mark.parametrize("gone", ["Name", "Id", "SystemModstamp", "Intacct_Balance__c"])
def test_a_missing_column_stops_everything_before_a_row_is_judged(gone: str) -> None:
    with pytest.raises(ContractError, match=gone):
        check(ACCOUNTS, raw(ACCOUNTS, ACCOUNT).drop(gone))


def test_a_missing_column_of_the_lines_stops_everything() -> None:
    with pytest.raises(ContractError, match="TotalPrice"):
        check(ORDERS, raw(ORDERS, order()), ITEMS, raw(ITEMS, *lines("1")).drop("TotalPrice"))


def test_a_column_of_another_type_stops_everything_and_condemns_no_document() -> None:
    numbers = raw(ACCOUNTS, ACCOUNT).with_columns(pl.lit(7).alias("AccountNumber"))
    with pytest.raises(ContractError) as refused:
        check(ACCOUNTS, numbers)
    assert refused.value.doing == "checking salesforce_accounts"
    assert "account_number" in refused.value.seen
    assert "contract" in refused.value.remedy


def test_columns_nobody_declared_are_ignored() -> None:
    assert check(ACCOUNTS, raw(ACCOUNTS, ACCOUNT).with_columns(New__c=pl.lit("x"))).verdict is Verdict.PASS


def test_nothing_read_is_nothing_judged() -> None:
    result = judged([], [])
    assert (result.verdict, result.documents) == (Verdict.PASS, 0)


@pytest.mark.parametrize("contract", OBSERVED.values(), ids=OBSERVED)
def test_every_contract_can_judge_an_empty_table(contract: Contract) -> None:
    line_contract = OBSERVED[contract.lines] if contract.lines else None
    result = check(contract, raw(contract), line_contract, raw(line_contract) if line_contract else None)
    assert result.verdict is Verdict.PASS
    assert set(result.heads.drop("is_deleted").columns) == set(contract.dtypes)

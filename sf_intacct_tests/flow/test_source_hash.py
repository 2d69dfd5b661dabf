"""The source hash: moves with what people changed on the record, and with nothing that we or the clock did."""

from datetime import UTC, datetime
from typing import Any

import pytest

from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.source_hash import source_hashes
from sf_intacct_tests.flow.frames import core

ORDERS, ITEMS = CONTRACTS["salesforce_orders"], CONTRACTS["salesforce_order_items"]
STAMP = datetime(2026, 3, 17, 9, 30, 15, tzinfo=UTC)
WRITTEN = frozenset({"Intacct_Invoice_Number__c", "Intacct_Sync_Status__c"})
ORDER = {"order_id": "o1", "order_number": "100", "total_amount": "30.00", "modified_at": STAMP}
LINES = [
    {"order_item_id": "l1", "order_id": "o1", "total_price": "10.00", "modified_at": STAMP},
    {"order_item_id": "l2", "order_id": "o1", "total_price": "20.00", "modified_at": STAMP},
]


def _hash(order: dict[str, Any] | None = None, lines: list[dict[str, Any]] | None = None) -> str:
    heads = core("salesforce_orders", {**ORDER, **(order or {})})
    items = core("salesforce_order_items", *(LINES if lines is None else lines))
    (value,) = source_hashes(ORDERS, heads, ITEMS, items, WRITTEN)["source_hash"]
    return str(value)


@pytest.mark.parametrize(
    "order",
    [
        {"modified_at": datetime(2026, 3, 18, tzinfo=UTC)},
        {"intacct_invoice_number": "SO-100"},
        {"intacct_sync_status": "Synced"},
    ],
    ids=["a new stamp", "our invoice number", "our status"],
)
@pytest.mark.answers("B7")
def test_our_own_echo_and_a_new_stamp_are_no_change(order: dict[str, Any]) -> None:
    assert _hash(order) == _hash()


@pytest.mark.parametrize(
    "order",
    [{"po_number": "PO 8"}, {"total_amount": "30.01"}, {"description": "x"}, {"intacct_amount_due": "1.00"}],
    ids=["purchase order", "total", "a column no mapping uses", "a field that nobody here writes"],
)
def test_whatever_people_change_on_the_document_is_a_change(order: dict[str, Any]) -> None:
    assert _hash(order) != _hash()


@pytest.mark.answers("E17")
def test_nothing_and_empty_are_two_things() -> None:
    assert _hash({"po_number": ""}) != _hash({"po_number": None})


@pytest.mark.parametrize(
    "lines",
    [[LINES[0]], [], [LINES[0], {**LINES[1], "total_price": "20.01"}], [*LINES, {**LINES[1], "order_item_id": "l3"}]],
    ids=["a line fewer", "no lines", "another price", "a line more"],
)
def test_whatever_people_change_on_a_line_is_a_change(lines: list[dict[str, Any]]) -> None:
    assert _hash(lines=lines) != _hash()


def test_the_order_in_which_lines_were_read_is_no_change() -> None:
    assert _hash(lines=LINES[::-1]) == _hash()


def test_a_line_that_was_only_touched_is_no_change() -> None:
    touched = {**LINES[0], "modified_at": datetime(2027, 1, 1, tzinfo=UTC)}
    assert _hash(lines=[touched, LINES[1]]) == _hash()


def test_each_document_has_its_own_hash_and_its_own_lines() -> None:
    heads = core("salesforce_orders", ORDER, {**ORDER, "order_id": "o2"}, {**ORDER, "order_id": "o3"})
    items = core("salesforce_order_items", *LINES, {**LINES[0], "order_item_id": "l9", "order_id": "o2"})
    hashes = source_hashes(ORDERS, heads, ITEMS, items, WRITTEN)
    assert sorted(hashes["source_id"]) == ["o1", "o2", "o3"]
    assert hashes["source_hash"].n_unique() == 3
    assert hashes["source_hash"].null_count() == 0


def test_a_record_without_lines_has_a_hash_too() -> None:
    accounts = CONTRACTS["salesforce_accounts"]
    heads = core("salesforce_accounts", {"account_id": "a1", "name": "Acme"}, {"account_id": "a2", "name": "Acme"})
    hashes = source_hashes(accounts, heads, None, None, frozenset())
    assert hashes["source_id"].to_list() == ["a1", "a2"]
    assert hashes["source_hash"].n_unique() == 2

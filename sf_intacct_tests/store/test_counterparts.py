"""The other side of a plan: what may be a counterpart, and what the journal knows."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import together
from sf_intacct.flow.scope import NEEDS
from sf_intacct.store import counterparts
from sf_intacct.store.warehouse import Session, Warehouse
from sf_intacct_tests.store.crossings import (
    NOON,
    ORDERS,
    REVISION,
    core,
    linked,
    written,
)


def other_side(session: Session, *source_ids: str, references: tuple[str, ...] = ()) -> Any:
    """What is there for orders of these ids."""
    heads = pl.DataFrame(
        [{"source_id": each, "natural_key": f"N-{each}", "claim": None} for each in source_ids],
        schema={"source_id": pl.String, "natural_key": pl.String, "claim": pl.String},
    )
    evaluated = Evaluated(heads, None, together([]), pl.DataFrame(schema=NEEDS))
    return counterparts.other_side(session, ORDERS, evaluated, REVISION, references)


@pytest.mark.parametrize(
    ("why", "invoice"),
    [
        ("by its name", {"invoice_number": "N-801A"}),
        ("by our mark", {"invoice_number": "other", "salesforce_id": "801A"}),
        ("by the journal", {"invoice_number": "other"}),
    ],
)
def test_what_may_be_a_counterpart_is_found(furnished: Warehouse, why: str, invoice: dict[str, Any]) -> None:
    with furnished.transaction() as session:
        core(session, "intacct_invoices", invoice_key="7", **invoice)
        core(session, "intacct_invoices", invoice_key="8", invoice_number="not ours")
        core(session, "intacct_invoices", is_deleted=True, invoice_key="9", invoice_number="N-801A")
        if why == "by the journal":
            linked(session, "order_to_invoice", "801A", "7")
        assert other_side(session, "801A").heads["target_id"].to_list() == ["7"], why


def test_what_is_there_is_spelt_as_the_house_does(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(
            session,
            "intacct_invoices",
            invoice_key="7",
            invoice_number="N-801A",
            customer_id="C-1",
            invoiced_on=date(2026, 3, 5),
            salesforce_id="801A",
            state="Posted",
            modified_at=NOON + timedelta(microseconds=5),
        )
        core(session, "intacct_invoice_items", line_key="70", invoice_key="7", line_number=1, amount=Decimal("12.50"))
        found = other_side(session, "801A")
        (head,) = found.heads.to_dicts()
        assert head == {
            "target_id": "7",
            "target_version": "2026-03-05T12:00:00.000005Z",
            "target_key": "N-801A",
            "target_mark": "801A",
            "target_is_void": False,
            "target_stage": "open",
            "target_entity": None,
            "RECORDID": "N-801A",
            "CUSTOMERID": "C-1",
            "WHENCREATED": "2026-03-05",
            "SALESFORCE_ID": "801A",
        }
        assert found.lines.select("target_id", "TRX_AMOUNT").rows() == [("7", "12.50")]


def test_a_document_that_was_taken_back_says_so(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(session, "intacct_invoices", invoice_key="7", invoice_number="N-801A", state="Reversed")
        assert other_side(session, "801A").heads["target_is_void"].to_list() == [True]


def history(session: Session, *references: str) -> dict[str, Any]:
    (row,) = other_side(session, "801A", references=references).history.to_dicts()
    return dict(row)


@pytest.mark.parametrize(
    ("state", "open_state", "is_verified"),
    [
        ("pending", "pending", None),
        ("refused", "refused", None),
        ("uncertain", "uncertain", None),
        ("accepted", None, False),
        ("verified", None, True),
    ],
)
def test_the_newest_write_tells_how_things_stand(
    furnished: Warehouse, state: str, open_state: str | None, is_verified: bool | None
) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", "cancelled", created_at=NOON - timedelta(days=1))
        written(session, "order_to_invoice", "801A", state)
        written(session, "another_crossing", "801A", "held", created_at=NOON + timedelta(days=1))
        known = history(session)
        assert (known["state"], known["is_verified"]) == (open_state, is_verified)
        told = (known["known_hash"], known["known_wording"], known["known_source_hash"])
        assert told == ("content hash", "wording hash", "source hash")


def test_a_refused_write_may_be_tried_again_once_what_it_hung_on_has_moved(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        core(session, "intacct_terms", record_number="1")
        written(session, "order_to_invoice", "801A", "refused")
        assert history(session, "intacct_terms")["may_retry"] is False
        core(session, "intacct_items", record_number="1", item_id="W")
        assert history(session, "intacct_terms")["may_retry"] is False  # it does not hang on items
        core(session, "intacct_terms", record_number="2")
        assert history(session, "intacct_terms")["may_retry"] is True


def test_a_refused_write_may_be_tried_again_under_new_mappings(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", "refused", mapping_revision="revision 0")
        known = history(session)
        assert (known["may_retry"], known["is_same_mapping"]) == (True, False)


@pytest.mark.answers("K7")
def test_a_counterpart_that_was_deleted_in_the_books_is_gone(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        written(session, "order_to_invoice", "801A", "verified", target_id="7")
        linked(session, "order_to_invoice", "801A", "7")
        assert history(session)["is_gone"] is False
        core(session, "intacct_invoices", is_deleted=True, invoice_key="7")
        known = history(session)
        assert (known["linked_id"], known["is_gone"]) == ("7", True)


def test_the_newest_decision_says_whether_a_record_is_left_alone(furnished: Warehouse) -> None:
    with furnished.transaction() as session:
        decisions = [("801A", "ignore"), ("801B", "ignore"), ("801B", "retry"), ("801C", "ignore")]
        for number, (source_id, decision) in enumerate(decisions):
            crossing = "another_crossing" if source_id == "801C" else "order_to_invoice"
            session.run(
                "insert into journal.decision values (?, ?, ?, ?, 'because', 'ann', ?, null, null, 1)",
                [number, crossing, source_id, decision, NOON],
            )
        assert other_side(session, "801A", "801B", "801C").ignored == ["801A"]

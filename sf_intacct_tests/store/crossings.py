"""Two crossings as short as they can be, and rows of core, plan and journal to try them on.

Accounts are kept in step (a difference is sent); orders are documents (a difference is for people).
"""

from datetime import UTC, date, datetime
from decimal import Decimal
from textwrap import dedent
from typing import Any

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.decide import PLAN, Planned, Step
from sf_intacct.flow.findings import together
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import parse
from sf_intacct.flow.scope import NEEDS
from sf_intacct.model.system import Kind
from sf_intacct.store import plan_tables, statements
from sf_intacct.store.journal_mirror import INTENT_COLUMNS
from sf_intacct.store.warehouse import Session

DAY = date(2026, 3, 5)
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)
REVISION = "revision 1"

MAPPINGS = parse(
    {
        "accounts.yaml": dedent("""\
            crossing: account_to_customer
            says: An account becomes a customer.
            from: salesforce_accounts
            to: intacct.CUSTOMER
            identity: CUSTOMERID
            mark: SALESFORCE_ID
            beside:
              contact: {table: salesforce_contacts, on: bill_to_contact_id}
            fields:
              CUSTOMERID: account_number
              NAME: name
              SALESFORCE_ID: account_id
        """),
        "orders.yaml": dedent("""\
            crossing: order_to_invoice
            says: An order becomes an invoice.
            from: salesforce_orders
            to: intacct.ARINVOICE
            identity: RECORDID
            mark: SALESFORCE_ID
            when_changed: hold
            beside:
              account: {table: salesforce_accounts, on: account_id}
            fields:
              RECORDID: order_number
              CUSTOMERID: {link: account_to_customer, of: account_id}
              WHENCREATED: effective_on
              SALESFORCE_ID: order_id
            lines:
              each: salesforce_order_items
              order_by: order_item_number
              identity: SALESFORCE_LINE_ID
              fields:
                TRX_AMOUNT: total_price
                SALESFORCE_LINE_ID: order_item_id
        """),
    }
)
ACCOUNTS, ORDERS = MAPPINGS.crossings["account_to_customer"], MAPPINGS.crossings["order_to_invoice"]

_SOME: dict[Kind, Any] = {
    Kind.TEXT: "some text",
    Kind.MONEY: Decimal("0.00"),
    Kind.NUMBER: Decimal("0.0000"),
    Kind.WHOLE: 1,
    Kind.DATE: DAY,
    Kind.INSTANT: NOON,
    Kind.FLAG: False,
}


def core(session: Session, table: str, is_deleted: bool = False, **values: Any) -> None:
    """Publishes one row of core, as of now; what it must have and is not said is some value."""
    contract = CONTRACTS[table]
    row = {column.name: _SOME[column.kind] for column in contract.columns if column.required}
    row |= {contract.stamp: NOON, **values}
    session.run(f"delete from core.{table} where {contract.key} = ?", [row[contract.key]])
    names = statements.names([*row, "is_deleted", "sync_day", "tick"])
    marks = ", ".join("?" for _ in range(len(row) + 3))
    session.run(
        f"insert into core.{table} ({names}) values ({marks})", [*row.values(), is_deleted, DAY, session.next_tick()]
    )


def planned(session: Session, mapping: Mapping, revision: str = REVISION, **steps: Step) -> set[str]:
    """Plans what has to be planned, with these steps, and everything else unchanged; returns what was planned."""
    scope = plan_tables.candidates(session, mapping, revision, DAY)
    rows = [
        {"source_id": source_id, "step": steps.get(source_id, Step.UNCHANGED).value, "label": source_id}
        for source_id in sorted(scope.ids)
    ]
    frame = pl.DataFrame(rows, schema=PLAN)
    plan_tables.publish(session, mapping, Planned(frame, together([]), []), pl.DataFrame(schema=NEEDS), scope)
    return set(scope.ids)


def candidates(session: Session, mapping: Mapping, revision: str = REVISION) -> set[str]:
    return set(plan_tables.candidates(session, mapping, revision, DAY).ids)


def linked(session: Session, crossing: str, source_id: str, target_id: str, natural_key: str = "key") -> None:
    """A counterpart, as the mirror of the journal has it."""
    session.run(
        "insert into journal.link values (?, ?, ?, ?, 1, ?)",
        [crossing, source_id, target_id, natural_key, session.next_tick()],
    )


def written(session: Session, crossing: str, source_id: str, state: str, **values: Any) -> None:
    """A write, as the mirror of the journal has it."""
    row: dict[str, Any] = {
        "key": f"{crossing} {source_id} {state}",
        "crossing": crossing,
        "action": "create",
        "source_system": "salesforce",
        "source_object": "Order",
        "source_id": source_id,
        "source_version": "version 1",
        "source_hash": "source hash",
        "target_system": "intacct",
        "target_object": "ARINVOICE",
        "natural_key": "key",
        "label": source_id,
        "content_hash": "content hash",
        "wording_hash": "wording hash",
        "mapping_revision": REVISION,
        "state": state,
        "attempt": 1,
        "refusals": 0,
        "is_doubtful": False,
        "created_at": NOON,
        "run": "run 1",
        "change": 1,
        **values,
    }
    assert set(row) <= set(INTENT_COLUMNS)
    names, marks = statements.names([*row, "tick"]), ", ".join("?" for _ in range(len(row) + 1))
    session.run(f"insert into journal.intent ({names}) values ({marks})", [*row.values(), session.next_tick()])


def account(session: Session, account_id: str, **values: Any) -> None:
    core(session, "salesforce_accounts", account_id=account_id, **values)


def order(session: Session, order_id: str, **values: Any) -> None:
    core(session, "salesforce_orders", **{"order_id": order_id, "order_number": f"N-{order_id}", **values})

"""A shop with orders and their lines: the smallest contracts that have everything a contract can have."""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime

import polars as pl

from sf_intacct.flow.contracts import Contract
from sf_intacct.flow.contracts.contract import instant, money, text
from sf_intacct.store import core_tables, raw_tables, statements
from sf_intacct.store.raw_tables import Observed, Parents
from sf_intacct.store.spool import spooled
from sf_intacct.store.warehouse import Session

DAY = date(2026, 3, 5)
NOON = datetime(2026, 3, 5, 12, tzinfo=UTC)

ORDERS = Contract(
    name="shop_orders",
    system="shop",
    object="ORDER",
    says="Orders of the shop.",
    key="order_id",
    label="number",
    stamp="modified_at",
    lines="shop_lines",
    amount="total",
    columns=(
        text("order_id", "ID", "Id of the order", required=True, unique=True),
        text("number", "NUMBER", "Number people know it by", required=True),
        money("total", "TOTAL", "Sum of its lines"),
        instant("modified_at", "STAMP", "When it last changed"),
    ),
)
LINES = Contract(
    name="shop_lines",
    system="shop",
    object="LINE",
    says="Lines of orders.",
    key="line_id",
    label="line_id",
    stamp="modified_at",
    document="order_id",
    read_with_document=True,
    columns=(
        text("line_id", "ID", "Id of the line", required=True, unique=True),
        text("order_id", "ORDER", "Order it belongs to", required=True),
        money("amount", "AMOUNT", "Amount", required=True),
        instant("modified_at", "STAMP", "When it last changed"),
    ),
)


def tables(session: Session, *contracts: Contract) -> None:
    """The tables of the shop."""
    for contract in contracts or (ORDERS, LINES):
        session.run(statements.create_raw(contract))
        session.run(statements.create_core(contract))
    session.run(core_tables.CREATE)


def at(minute: int) -> str:
    """A modification stamp so many minutes after noon, as the house spells it."""
    return f"2026-03-05T12:{minute:02d}:00Z"


def order(order_id: str, minute: int | None = 0, **values: str | None) -> dict[str, str | None]:
    stamp = at(minute) if minute is not None else None
    return {"ID": order_id, "NUMBER": f"N-{order_id}", "TOTAL": "10.00", "STAMP": stamp, **values}


def line(line_id: str, order_id: str, amount: str | None = "10.00") -> dict[str, str | None]:
    return {"ID": line_id, "ORDER": order_id, "AMOUNT": amount, "STAMP": None}


def gone(record_id: str, minute: int) -> dict[str, str | None]:
    """What is left of a deleted record: its id, and when it was deleted."""
    return {"ID": record_id, "STAMP": at(minute), "is_deleted": "true"}


def page(contract: Contract, rows: Iterable[dict[str, str | None]]) -> pl.DataFrame:
    """A page as an adapter hands it over."""
    fields = [field.name for field in contract.selection.fields]
    return pl.DataFrame(
        [[row.get(field) for field in fields] + [row.get("is_deleted") == "true"] for row in rows],
        schema={**{field: pl.String() for field in fields}, "is_deleted": pl.Boolean()},
        orient="row",
    )


def observe(
    session: Session,
    contract: Contract,
    *pages: Sequence[dict[str, str | None]],
    day: date = DAY,
    parents: Parents | None = None,
) -> Observed:
    """Appends what one read brought."""
    frames = (page(contract, rows) for rows in pages)
    with spooled(contract.selection, frames) as spool:
        return raw_tables.append(session, contract, spool, day, NOON, parents)


def versions(session: Session, contract: Contract = ORDERS) -> list[tuple[object, ...]]:
    """Everything ever observed, in the order it was written: id, first value, whether it is a tombstone."""
    field = list(contract.by_source)[1]
    rows = session.frame(f'select record_id, "{field}", is_deleted from raw.{contract.name} order by tick, record_id')
    return rows.rows()

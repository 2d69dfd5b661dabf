"""What discovery asks of the warehouse: how much there is of what, what the plan says of it, and what keeps it."""

from collections.abc import Iterator
from datetime import date

import polars as pl

from sf_intacct.flow.contracts import OBSERVED, Contract
from sf_intacct.flow.mapping import Mapping
from sf_intacct.model.system import Kind
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session

# How the systems' own columns call a document's currency and the entity it belongs to.
CURRENCY, ENTITY = ("currency",), ("entity_id", "entity")


def counts(session: Session) -> pl.DataFrame:
    """system, object, says, records (living), quarantined; objects with nothing in them left out."""
    parts = [
        f"select {statements.text(c.system)} as system, {statements.text(c.object)} as object, "
        f"{statements.text(c.says)} as says, "
        f"(select count(*) from core.{c.name} where not is_deleted) as records, "
        f"(select count(distinct document_id) from core.quarantine where table_name = {statements.text(c.name)}) "
        "as quarantined"
        for c in OBSERVED.values()
    ]
    return session.frame(
        f"select * from ({' union all '.join(parts)}) where records + quarantined > 0 order by system, object"
    )


def spread(session: Session, columns: tuple[str, ...]) -> pl.DataFrame:
    """system, object, value, records, money: documents by one of their columns, where they have it."""
    parts = list(_spread(columns))
    if not parts:
        return pl.DataFrame(schema={"system": pl.String, "object": pl.String, "value": pl.String})
    return session.frame(
        f"select * from ({' union all '.join(parts)}) where value is not null order by system, object, records desc"
    )


def _spread(columns: tuple[str, ...]) -> Iterator[str]:
    for contract in OBSERVED.values():
        column = next((name for name in columns if name in contract.by_name), None)
        if column is None:
            continue
        money = _money(contract)
        total = f"cast(sum({money}) as decimal(18, 3))" if money else "null::decimal(18, 3)"
        yield (
            f"select {statements.text(contract.system)} as system, {statements.text(contract.object)} as object, "
            f"cast({statements.name(column)} as varchar) as value, count(*) as records, {total} as money "
            f"from core.{contract.name} where not is_deleted group by 3"
        )


def _money(contract: Contract) -> str | None:
    names = [column.name for column in contract.columns if column.kind is Kind.MONEY]
    return contract.amount or next((name for name in ("total", "amount") if name in names), None)


def standing(session: Session, crossing: str) -> pl.DataFrame:
    """outcome (there, to make, kept), records: where the records of a crossing stand in its plan."""
    return session.frame(f"select {_OUTCOME} as outcome, count(*) as records from plan.{crossing} p group by 1")


# A refused or held record is kept, also when something of it is there already.
_OUTCOME = (
    "case when p.step in ('waiting', 'held', 'refused') then 'kept' "
    "when p.target_id is not null or p.step = 'under_way' then 'there' else 'to make' end"
)


def day_column(contract: Contract) -> str | None:
    """The day that dates a document: its first date."""
    return next((column.name for column in contract.columns if column.kind is Kind.DATE), None)


def deals(session: Session, mapping: Mapping, contract: Contract, since: date) -> pl.DataFrame:
    """source_id, label, month, outcome, amount, currency of every document since a day, as the plan has it."""
    day = day_column(contract)
    return session.frame(
        f"select p.source_id, p.label, date_trunc('month', s.{day})::date as month, {_OUTCOME} as outcome, "
        f"p.amount, p.currency from plan.{mapping.crossing} p join core.{contract.name} s "
        f"on s.{contract.key} = p.source_id where s.{day} >= ? and not s.is_deleted order by p.label",
        [since],
    )

"""The verb reconcile: both systems side by side, month by month, and whether they agree to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sf_intacct.orchestration.house import House
from sf_intacct.store import finance_file, finance_tables, journal_mirror


@dataclass(frozen=True)
class TieOut:
    """One or more months: documents by class, the sum of all differences, and what nobody can explain."""

    months: list[date]
    classes: dict[str, int]
    salesforce: Decimal
    intacct: Decimal
    difference: Decimal
    unexplained: int
    unexplained_money: Decimal

    @property
    def holds(self) -> bool:
        return self.unexplained == 0


def months_behind(house: House) -> list[date]:
    """The posting months in which anything moved since they were last made; one to come waits for its day."""
    with house.transaction() as session:
        behind = finance_tables.months_behind(session, house.today, house.settings.first_month)
    return [month for month in behind if month <= house.today]


def refresh(house: House, table: str, months: Sequence[date] = ()) -> int:
    """Makes one table of finance anew: the given months of a monthly one, the whole of another."""
    with house.transaction() as session:
        if table in finance_tables.MONTHLY:
            return finance_tables.refresh_month(session, table, months, house.settings.first_month) if months else 0
        journal_mirror.follow(session, house.journal)
        return finance_tables.refresh_whole(session, table, house.today)


def publish_file(house: House) -> str:
    """Copies finance to the file that people open; returns where it lies."""
    finance_file.publish(house.warehouse, house.settings.finance_file)
    return str(house.settings.finance_file)


def tie_out(house: House, months: Sequence[date] = ()) -> TieOut:
    """What finance.ar_tie_out says, for some months or for all."""
    listed = ", ".join(f"date '{month.isoformat()}'" for month in months)
    month = finance_tables.made_with("posting_month", house.settings.first_month)
    where = f"where {month} in ({listed})" if months else ""
    ours = "class <> 'entered_in_intacct'"
    with house.transaction() as session:
        rows = session.frame(
            f"select class, count(*) as n from finance.ar_tie_out {where} group by class order by class"
        )
        sums = session.connection.execute(
            "select coalesce(sum(salesforce_amount), 0), "
            f"coalesce(sum(intacct_amount) filter ({ours}), 0), coalesce(sum(difference) filter ({ours}), 0), "
            "count(*) filter (not is_explained), coalesce(sum(abs(difference)) filter (not is_explained), 0) "
            f"from finance.ar_tie_out {where}"
        ).fetchone()
    assert sums is not None
    return TieOut(list(months), dict(rows.iter_rows()), *sums)

"""The verb reconcile: both systems side by side, month by month, and whether they agree to the cent."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sf_intacct.orchestration.house import House
from sf_intacct.store import finance_file, finance_tables, journal_mirror


@dataclass(frozen=True)
class Sums:
    """Amounts of one currency: what each side has, the difference, and what of it nobody can explain."""

    salesforce: Decimal
    intacct: Decimal
    difference: Decimal
    unexplained: Decimal


@dataclass(frozen=True)
class TieOut:
    """One or more months: documents by class, how many nobody can explain, and the sums by currency."""

    months: list[date]
    classes: dict[str, int]
    unexplained: int
    sums: dict[str, Sums]

    @property
    def holds(self) -> bool:
        return self.unexplained == 0

    @property
    def alone(self) -> Sums | None:
        """The sums, where all documents are in one currency; amounts of several have no sum."""
        nothing = Sums(Decimal(0), Decimal(0), Decimal(0), Decimal(0))
        return next(iter(self.sums.values()), nothing) if len(self.sums) <= 1 else None


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
        sums = session.frame(
            "select coalesce(currency, '') as currency, coalesce(sum(salesforce_amount), 0) as salesforce, "
            f"coalesce(sum(intacct_amount) filter ({ours}), 0) as intacct, "
            f"coalesce(sum(difference) filter ({ours}), 0) as difference, "
            "coalesce(sum(abs(difference)) filter (not is_explained), 0) as unexplained "
            f"from finance.ar_tie_out {where} group by 1 order by 1"
        )
        unexplained = session.value(f"select count(*) filter (not is_explained) from finance.ar_tie_out {where}")
    by_currency = {row.pop("currency"): Sums(**row) for row in sums.to_dicts()}
    return TieOut(list(months), dict(rows.iter_rows()), int(str(unexplained)), by_currency)

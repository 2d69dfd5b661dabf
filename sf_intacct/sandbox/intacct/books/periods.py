"""Closed periods, per entity and application. What is dated in one can be neither added nor changed."""

from collections.abc import Iterable

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.store import Store
from sf_intacct.sandbox.intacct.books.tables import PREFIX
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.values import us_date

TABLE = f"{PREFIX}closed_period"
TOP_LEVEL, RECEIVABLES = "", "AR"


def close(store: Store, through: str, entity: str = TOP_LEVEL, application: str = RECEIVABLES) -> None:
    """Closes everything up to and including the ISO date `through`."""
    store.execute(f"insert or replace into {TABLE} values (?, ?, ?)", [entity, application, through])


def open_all(store: Store, entity: str = TOP_LEVEL, application: str = RECEIVABLES) -> None:
    store.execute(f"delete from {TABLE} where entity = ? and application = ?", [entity, application])


def closed(
    clerk: Clerk, dates: Iterable[str | None], entities: Iterable[str] = (), application: str = RECEIVABLES
) -> list[Problem]:
    """A problem for each of the ISO dates that lies in a closed period of the company or of one entity."""
    places = list({TOP_LEVEL, clerk.entity, *entities})
    marks = ", ".join("?" * len(places))
    row = clerk.store.execute(
        f"select max(through) from {TABLE} where application = ? and entity in ({marks})",
        [application, *places],
    ).fetchone()
    through = row[0] or ""
    late = dict.fromkeys(one for one in dates if one and one <= through)
    return [problems.period_closed(clerk.settings.closed_period_errorno, us_date(one)) for one in late]

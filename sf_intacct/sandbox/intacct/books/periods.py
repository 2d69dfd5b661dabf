"""Closed periods, per entity and application. What is dated in one can be neither added nor changed."""

from collections.abc import Iterable

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.store import Store
from sf_intacct.sandbox.intacct.books.tables import PREFIX
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.values import us_date

TABLE = f"{PREFIX}closed_period"
TOP_LEVEL, GENERAL, RECEIVABLES, ORDER_ENTRY = "", "GL", "AR", "OE"


def close(store: Store, through: str, entity: str = TOP_LEVEL, application: str = RECEIVABLES) -> None:
    """Closes everything up to and including the ISO date `through`."""
    store.execute(f"insert or replace into {TABLE} values (?, ?, ?)", [entity, application, through])


def open_all(store: Store, entity: str = TOP_LEVEL, application: str = RECEIVABLES) -> None:
    store.execute(f"delete from {TABLE} where entity = ? and application = ?", [entity, application])


def closed_through(store: Store, entity: str = TOP_LEVEL, application: str = RECEIVABLES) -> str:
    """The last closed day; empty where nothing is closed."""
    found = store.execute(f"select through from {TABLE} where entity = ? and application = ?", [entity, application])
    return str((found.fetchone() or [""])[0])


def closed(
    clerk: Clerk,
    dates: Iterable[str | None],
    places: Iterable[str] = (),
    applications: Iterable[str] = (RECEIVABLES,),
) -> list[Problem]:
    """A problem for each of the ISO dates that lies in a closed period of the company, an entity or a location.

    The general ledger closes every application, and an entity every location below it.
    """
    where = {TOP_LEVEL, *_above(clerk, [clerk.entity, *places])}
    ledgers = {GENERAL, *applications}
    closings = clerk.store.execute(f"select entity, application, through from {TABLE}").fetchall()
    through = max((one[2] for one in closings if one[0] in where and one[1] in ledgers), default="")
    late = dict.fromkeys(one for one in dates if one and one <= through)
    return [problems.period_closed(clerk.settings.closed_period_errorno, us_date(one)) for one in late]


def _above(clerk: Clerk, places: Iterable[str]) -> set[str]:
    """Locations with everything above them."""
    seen: set[str] = set()
    for place in places:
        while place and place not in seen:
            seen.add(place)
            row = clerk.store.find("LOCATION", "LOCATIONID", place)
            place = (row or {}).get("PARENTID") or ""
    return seen

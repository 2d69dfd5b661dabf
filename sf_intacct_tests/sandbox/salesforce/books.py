"""A company in memory for tests of queries: records straight into the store, rows straight out."""

from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

from sf_intacct.sandbox.clock import Clock
from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct.sandbox.salesforce.ids import mint
from sf_intacct.sandbox.salesforce.soql import RecordPlan, plan_of
from sf_intacct.sandbox.salesforce.store import Record
from sf_intacct.sandbox.world import World
from sf_intacct_tests.sandbox.conftest import START


@contextmanager
def company() -> Iterator[Company]:
    world = World(clock=Clock(START, frozen=True))
    with closing(world.books):
        found = Company(world)
        found.reset()
        yield found


def fill(company: Company, name: str, records: list[dict[str, Any]]) -> list[str]:
    """Inserts records given by stored values; returns their ids."""
    kind, stamp = company.schema[name], company.stamp()
    audit = {"CreatedDate": stamp, "LastModifiedDate": stamp, "SystemModstamp": stamp}
    rows: list[Record] = [
        {**kind.defaults, "Id": mint(kind.key_prefix, 1000 + number), **audit, **record}
        for number, record in enumerate(records)
    ]
    company.store.insert(kind, rows)
    return [row["Id"] for row in rows]


def select(company: Company, soql: str, *, with_deleted: bool = False) -> list[tuple[Any, ...]]:
    """The rows of a query for records, as stored values, the record's id first."""
    plan = plan_of(company.schema, soql, START.date(), with_deleted=with_deleted)
    assert isinstance(plan, RecordPlan)
    return company.cursors.every_row(plan)

"""The table of addresses below /services/data/vNN.0/."""

from collections.abc import Callable

from sf_intacct.sandbox.salesforce.rest import (
    collections,
    composite,
    describe,
    queries,
    records,
    replication,
    resources,
)
from sf_intacct.sandbox.salesforce.rest.exchange import Exchange
from sf_intacct.sandbox.salesforce.rest.router import Resource, Router
from sf_intacct.sandbox.wire import Reply


def _one(verb: str) -> Callable[..., list[str]]:
    return lambda exchange, name="", **names: [f"{verb} {name}"]


def router() -> Router:
    """All resources. Composite ones need the router they are part of, to carry out what they hold."""

    def inner(exchange: Exchange) -> Reply:
        return made.answer(exchange)

    inside = composite.operations_within(lambda exchange: made.operations(exchange))
    made = Router(
        [
            Resource("GET", "", resources.resources),
            Resource("GET", "limits", resources.limits),
            Resource("GET", "limits/recordCount", describe.record_counts),
            Resource("GET", "query", queries.run_query, queries.queried, operation="query"),
            Resource("GET", "queryAll", queries.run_query_all, queries.queried, operation="queryAll"),
            Resource("GET", "query/{locator}", queries.next_page, operation="query more"),
            Resource("GET", "queryAll/{locator}", queries.next_page, operation="query more"),
            Resource("GET", "sobjects", describe.describe_all),
            Resource("GET", "sobjects/{name}", describe.basics),
            Resource("POST", "sobjects/{name}", records.create, _one("create")),
            Resource("GET", "sobjects/{name}/describe", describe.describe),
            Resource("GET", "sobjects/{name}/updated", replication.updated),
            Resource("GET", "sobjects/{name}/deleted", replication.deleted),
            Resource("GET", "sobjects/{name}/{record_id}", records.read),
            Resource("PATCH", "sobjects/{name}/{record_id}", records.update, _one("update")),
            Resource("DELETE", "sobjects/{name}/{record_id}", records.delete, _one("delete")),
            Resource("POST", "sobjects/{name}/{field}", records.create_under_id, _one("create")),
            Resource("GET", "sobjects/{name}/{field}/{value}", records.read_by_key),
            Resource("PATCH", "sobjects/{name}/{field}/{value}", records.upsert, _one("upsert")),
            Resource("DELETE", "sobjects/{name}/{field}/{value}", records.delete_by_key, _one("delete")),
            Resource("POST", "composite", composite.composite(inner), inside, "within"),
            Resource("POST", "composite/graph", composite.graph(inner), inside, "within"),
            Resource("POST", "composite/batch", composite.batch(inner), inside, "within"),
            Resource("POST", "composite/sobjects", collections.create, collections.records_of("create"), "records"),
            Resource("PATCH", "composite/sobjects", collections.update, collections.records_of("update"), "records"),
            Resource("DELETE", "composite/sobjects", collections.delete, collections.deleted_records, "records"),
            Resource("GET", "composite/sobjects/{name}", collections.retrieve),
            Resource("POST", "composite/sobjects/{name}", collections.retrieve),
            Resource(
                "PATCH",
                "composite/sobjects/{name}/{field}",
                collections.upsert,
                collections.records_of("upsert"),
                "records",
            ),
        ]
    )
    return made

"""query, queryAll and the pages after: the only resources that speak SOQL."""

import re
from typing import Any

from sf_intacct.sandbox.salesforce.errors import SalesforceError
from sf_intacct.sandbox.salesforce.rest.exchange import Exchange
from sf_intacct.sandbox.salesforce.rest.rendering import PageWriter, aggregate_page, count_page
from sf_intacct.sandbox.salesforce.rest.replies import answer, answer_value
from sf_intacct.sandbox.salesforce.schema import Field, ObjectType
from sf_intacct.sandbox.salesforce.soql import AggregatePlan, CountPlan, RecordPlan, plan_of
from sf_intacct.sandbox.salesforce.soql.cursors import PAGE_MAX, PAGE_MIN
from sf_intacct.sandbox.salesforce.soql.plan import Children, Compound, Leaf, Shape, Total
from sf_intacct.sandbox.wire import Reply

GROUPS_MAX = 2000
_SOURCE = re.compile(r"\bfrom\s+(\w+)", re.IGNORECASE)
_BATCH = re.compile(r"batchSize\s*=\s*(\d+)", re.IGNORECASE)


def run_query(exchange: Exchange) -> Reply:
    return _run(exchange, with_deleted=False)


def run_query_all(exchange: Exchange) -> Reply:
    return _run(exchange, with_deleted=True)


def queried(exchange: Exchange) -> list[str]:
    """The object asked about, for the log; a rough look, since the query may yet be malformed."""
    found = _SOURCE.search(exchange.query.get("q", ""))
    return [f"query {found[1]}"] if found else []


def next_page(exchange: Exchange, locator: str) -> Reply:
    page = exchange.company.cursors.more(locator, exchange.user_id)
    return answer(PageWriter(exchange.base).page(page))


def _run(exchange: Exchange, *, with_deleted: bool) -> Reply:
    text = exchange.query.get("q", "")
    if not text.strip():
        raise SalesforceError("MALFORMED_QUERY", "A query string has to be specified")
    company = exchange.company
    plan = plan_of(company.visible, text, company.world.clock.now().date(), with_deleted=with_deleted)
    if exchange.flag("columns"):
        return answer_value(_columns(plan))
    if isinstance(plan, RecordPlan):
        page = company.cursors.open(plan, exchange.user_id, _page_size(exchange))
        return answer(PageWriter(exchange.base).page(page))
    rows = [tuple(row) for row in company.world.books.execute(plan.statement, plan.parameters)]
    if isinstance(plan, CountPlan):
        return answer(count_page(rows[0][0]))
    if len(rows) > GROUPS_MAX:
        raise SalesforceError(
            "EXCEEDED_ID_LIMIT",
            "Aggregate query does not support queryMore(), use LIMIT to restrict the results to a single batch",
        )
    return answer(aggregate_page(plan, rows))


def _page_size(exchange: Exchange) -> int:
    found = _BATCH.search(exchange.header("Sforce-Query-Options"))
    return min(max(int(found[1]), PAGE_MIN), PAGE_MAX) if found else PAGE_MAX


def _columns(plan: RecordPlan | AggregatePlan | CountPlan) -> dict[str, Any]:
    """The answer to `columns=true`: what the select list holds, and no records."""
    if isinstance(plan, RecordPlan):
        kind: ObjectType | None = plan.shape.kind
        columns = [_column(item) for item in plan.shape.items]
        selected = any(isinstance(item, Leaf) and item.key == "Id" for item in plan.shape.items)
    else:
        kind, selected = None, False
        columns = [_column(item) for item in plan.items] if isinstance(plan, AggregatePlan) else []
    return {
        "columnMetadata": columns,
        "entityName": kind.name if kind else None,
        "groupBy": isinstance(plan, AggregatePlan),
        "idSelected": selected,
        "keyPrefix": kind.key_prefix if kind else None,
    }


def _column(item: Leaf | Compound | Children | Shape | Total) -> dict[str, Any]:
    inner = [_column(each) for each in item.items] if isinstance(item, Shape) else []
    field = item.field if isinstance(item, (Leaf, Total)) else None
    return {
        "aggregate": isinstance(item, (Total, Children, Shape)),
        "apexType": field.type if field else None,
        "booleanType": field is not None and field.type == "boolean",
        "columnName": item.key,
        "custom": field.custom if field else False,
        "displayName": item.key,
        "foreignKeyName": field.relationship_name if field else None,
        "insertable": field.createable if field else False,
        "joinColumns": inner,
        "numberType": field is not None and _is_number(field),
        "textType": field is not None and not _is_number(field) and field.type != "boolean",
        "updatable": field.updateable if field else False,
    }


def _is_number(field: Field) -> bool:
    return field.type in ("int", "double", "currency", "percent")

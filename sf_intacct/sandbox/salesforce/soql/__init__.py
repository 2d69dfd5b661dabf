"""SOQL, the query language: text in, plan out; and the cursors that carry plans out on the books."""

from datetime import date

from sf_intacct.sandbox.salesforce.schema import ObjectType, Schema
from sf_intacct.sandbox.salesforce.soql.compiler import Compiler
from sf_intacct.sandbox.salesforce.soql.cursors import Cursors, Page
from sf_intacct.sandbox.salesforce.soql.mistakes import QueryMistake
from sf_intacct.sandbox.salesforce.soql.parser import parse_condition, parse_query
from sf_intacct.sandbox.salesforce.soql.plan import AggregatePlan, CountPlan, Plan, RecordPlan

__all__ = [
    "AggregatePlan",
    "CountPlan",
    "Cursors",
    "Page",
    "Plan",
    "RecordPlan",
    "plan_of",
    "predicate_of",
]


def plan_of(schema: Schema, text: str, today: date, *, with_deleted: bool = False) -> Plan:
    """The plan of a query; raises SalesforceError in Salesforce's words and with the place."""
    try:
        return Compiler(schema, today, with_deleted).compile(parse_query(text))
    except QueryMistake as mistake:
        raise mistake.in_query(text) from None


def predicate_of(schema: Schema, kind: ObjectType, text: str, today: date) -> tuple[str, tuple[object, ...]]:
    """A statement that finds the record with a given id (its last parameter) if it meets a condition."""
    try:
        return Compiler(schema, today).predicate(kind, parse_condition(text))
    except QueryMistake as mistake:
        raise mistake.in_query(text) from None

"""A query's tree into a plan: names bound, limits checked, statements written."""

from dataclasses import dataclass
from datetime import date

from sf_intacct.sandbox.salesforce.schema import Field, ObjectType, Schema
from sf_intacct.sandbox.salesforce.soql.aggregates import Aggregates
from sf_intacct.sandbox.salesforce.soql.conditions import Conditions
from sf_intacct.sandbox.salesforce.soql.mistakes import (
    QueryMistake,
    cannot,
    malformed,
    no_such_children,
    no_such_object,
)
from sf_intacct.sandbox.salesforce.soql.plan import ChildPlan, CountPlan, Plan, RecordPlan
from sf_intacct.sandbox.salesforce.soql.scope import Scope
from sf_intacct.sandbox.salesforce.soql.selection import Selection
from sf_intacct.sandbox.salesforce.soql.syntax import Call, Condition, Ordering, Path, Query
from sf_intacct.sandbox.salesforce.store import table

OFFSET_MAX = 2000


@dataclass(frozen=True)
class Compiler:
    """Compiles for one schema on one day. `with_deleted` is what tells queryAll from query."""

    schema: Schema
    today: date
    with_deleted: bool = False

    def compile(self, query: Query) -> Plan:
        """The plan of a whole query; raises QueryMistake."""
        kind = self.schema.find(query.source.text)
        if kind is None:
            raise no_such_object(query.source.text, query.source.offset)
        if query.offset > OFFSET_MAX:
            detail = f"Maximum SOQL offset allowed is {OFFSET_MAX}"
            raise QueryMistake("NUMBER_OUTSIDE_VALID_RANGE", detail, query.offset_at)
        if _is_plain_count(query):
            return self._count(query, kind)
        if query.group_by or any(
            isinstance(column.value, Call) for column in query.columns if not _fields(column.value)
        ):
            scope = Scope(self.schema, kind, (query.alias,))
            return Aggregates(scope, self.today, self._alive(scope)).compile(query)
        return self._records(query, kind)

    def predicate(self, kind: ObjectType, condition: Condition) -> tuple[str, tuple[object, ...]]:
        """A statement that finds the record with a given id (its last parameter) if it meets `condition`."""
        scope = Scope(self.schema, kind)
        conditions = self._conditions(scope)
        sql = conditions.compile(condition)
        statement = f'select 1 from {scope.from_clause} where ({sql}) and {scope.source}."Id" = ?'
        return statement, tuple(conditions.parameters)

    def _count(self, query: Query, kind: ObjectType) -> CountPlan:
        scope = Scope(self.schema, kind, (query.alias,))
        where, parameters = self._where(scope, query.where)
        inner = f"select 1 from {scope.from_clause}{where}{_limits(query)}"
        return CountPlan(f"select count(*) from ({inner})", parameters)

    def _records(self, query: Query, kind: ObjectType) -> RecordPlan:
        scope = Scope(self.schema, kind, (query.alias,))
        where, parameters = self._where(scope, query.where)
        order = self._order(scope, query.order_by)
        keys = f"select {scope.source}.rowid from {scope.from_clause}{where}{order}{_limits(query)}"
        return self._with_page(query, kind, keys, parameters)

    def _with_page(self, query: Query, kind: ObjectType, keys: str, parameters: tuple[object, ...]) -> RecordPlan:
        scope = Scope(self.schema, kind, (query.alias,))
        selection = Selection(scope)
        children: list[ChildPlan] = []
        for column in query.columns:
            if isinstance(column.value, Query):
                key, child = self._children(kind, column.value)
                selection.add_children(key, len(children))
                children.append(child)
            elif column.alias:
                raise malformed("only aggregate expressions use field aliasing", column.value.offset)
            else:
                selection.add(column.value, query.limit)
        page = (
            f"select {', '.join(selection.columns)} from json_each(?) as page "
            f"cross join {table(kind)} as {scope.source} on {scope.source}.rowid = page.value"
            f"{scope.joins} order by page.key"
        )
        return RecordPlan(selection.shape, keys, parameters, page, tuple(children))

    def _children(self, parent: ObjectType, query: Query) -> tuple[str, ChildPlan]:
        found = self.schema.child(parent, query.source.text)
        if found is None:
            raise no_such_children(query.source.text, query.source.offset)
        kind, link = found
        if any(not isinstance(column.value, Path) for column in query.columns):
            raise malformed("only fields may be selected in a sub-select here", query.source.offset)
        scope = Scope(self.schema, kind, (query.alias,))
        where, parameters = self._where(scope, query.where)
        order = self._order(scope, query.order_by) or " order by 2"
        parent_id = f'{scope.source}."{link.name}"'
        among = f"{' and' if where else ' where'} {parent_id} in (select value from json_each(?))"
        keys = f"select {parent_id}, {scope.source}.rowid from {scope.from_clause}{where}{among}{order}"
        plan = self._with_page(query, kind, keys, parameters)
        return str(link.child_relationship_name), ChildPlan(plan, query.limit, query.offset)

    def _where(self, scope: Scope, condition: Condition | None) -> tuple[str, tuple[object, ...]]:
        clauses = self._alive(scope)
        conditions = self._conditions(scope)
        if condition:
            clauses = [*clauses, conditions.compile(condition)]
        where = f" where {' and '.join(clauses)}" if clauses else ""
        return where, tuple(conditions.parameters)

    def _alive(self, scope: Scope) -> list[str]:
        return [] if self.with_deleted else [f'{scope.source}."IsDeleted" = 0']

    def _conditions(self, scope: Scope) -> Conditions:
        return Conditions(scope, self.today, _no_aggregate)

    def _order(self, scope: Scope, orderings: tuple[Ordering, ...]) -> str:
        terms = [_ordering(scope, each) for each in orderings]
        return f" order by {', '.join(terms)}" if terms else ""


def _ordering(scope: Scope, ordering: Ordering) -> str:
    if isinstance(ordering.value, Call):
        raise malformed(f"unexpected token: {ordering.value.function!r}", ordering.value.offset)
    bound = scope.bind(ordering.value)
    if not bound.field.sortable:
        raise cannot(ordering.value.text, "sorted", ordering.value.offset)
    direction = " desc" if ordering.descending else ""
    # Nulls come first in both directions. Where there are none that goes unsaid, so that an index can serve.
    may_be_null = bound.field.nillable or bool(bound.trail)
    nulls = f" nulls {'last' if ordering.nulls_last else 'first'}" if may_be_null else ""
    return f"{bound.sql}{direction}{nulls}"


def _no_aggregate(call: Call) -> tuple[str, Field]:
    raise malformed(f"unexpected token: {call.function!r}", call.offset)


def _fields(value: object) -> bool:
    return isinstance(value, Call) and value.function == "FIELDS"


def _is_plain_count(query: Query) -> bool:
    value = query.columns[0].value
    return len(query.columns) == 1 and isinstance(value, Call) and value == Call("COUNT", None, value.offset)


def _limits(query: Query) -> str:
    if query.limit is None and not query.offset:
        return ""
    return f" limit {-1 if query.limit is None else query.limit} offset {query.offset}"

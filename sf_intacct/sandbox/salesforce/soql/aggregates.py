"""Queries with COUNT, SUM, AVG, MIN, MAX and GROUP BY."""

from datetime import date

from sf_intacct.sandbox.salesforce.schema import Field, Kind
from sf_intacct.sandbox.salesforce.soql.conditions import Conditions
from sf_intacct.sandbox.salesforce.soql.mistakes import QueryMistake, cannot, malformed
from sf_intacct.sandbox.salesforce.soql.plan import AggregatePlan, Leaf, Total
from sf_intacct.sandbox.salesforce.soql.scope import Bound, Scope
from sf_intacct.sandbox.salesforce.soql.syntax import Call, Column, Ordering, Path, Query

NUMBERS = (Kind.INTEGER, Kind.DECIMAL)
COUNTED = Field("Id", "Count", "int", nillable=False)
_FUNCTIONS = {
    "COUNT": "count({0})",
    "COUNT_DISTINCT": "count(distinct {0})",
    "SUM": "sum({0})",
    "MIN": "min({0})",
    "MAX": "max({0})",
}


class Aggregates:
    """Compiles one grouped query over a scope; `alive` are the clauses that leave out deleted rows."""

    def __init__(self, scope: Scope, today: date, alive: list[str]) -> None:
        self.scope, self.today, self.alive = scope, today, alive
        self.columns: list[str] = []
        self.items: list[Leaf | Total] = []
        self._unnamed = 0

    def compile(self, query: Query) -> AggregatePlan:
        """The plan; raises QueryMistake."""
        groups = [self._grouped(path) for path in query.group_by]
        grouped = {bound.sql for bound in groups}
        for column in query.columns:
            self._add(column, grouped)
        conditions = Conditions(self.scope, self.today, self.expression)
        clauses = [*self.alive, *([conditions.compile(query.where)] if query.where else [])]
        where = f" where {' and '.join(clauses)}" if clauses else ""
        group = f" group by {', '.join(bound.sql for bound in groups)}" if groups else ""
        having = f" having {conditions.compile(query.having)}" if query.having else ""
        order = self._order(query.order_by, grouped)
        limit = f" limit {query.limit}" if query.limit is not None else ""
        statement = (
            f"select {', '.join(self.columns)} from {self.scope.from_clause}{where}{group}{having}{order}{limit}"
        )
        return AggregatePlan(tuple(self.items), statement, tuple(conditions.parameters))

    def expression(self, call: Call) -> tuple[str, Field]:
        """The SQL of an aggregate and the field whose scale and type its values have."""
        template = _FUNCTIONS.get(call.function)
        if template is None:
            raise malformed(f"unexpected token: {call.function!r}", call.offset)
        if call.argument is None:
            if call.function != "COUNT":
                raise malformed(f"unexpected token: {call.function!r}", call.offset)
            return "count(*)", COUNTED
        bound = self.scope.bind(call.argument)
        self._check(call, bound)
        counted = call.function.startswith("COUNT")
        return template.format(bound.sql), COUNTED if counted else bound.field

    def _check(self, call: Call, bound: Bound) -> None:
        assert call.argument is not None
        wrong = call.function in ("SUM", "AVG") and bound.field.kind not in NUMBERS
        if wrong or bound.field.kind in (Kind.BOOLEAN, Kind.COMPOUND) or not bound.field.filterable:
            detail = f"field {call.argument.text} does not support aggregate operator {call.function}"
            raise QueryMistake("INVALID_FIELD", detail, call.argument.offset)

    def _grouped(self, path: Path) -> Bound:
        bound = self.scope.bind(path)
        if not bound.field.groupable:
            raise cannot(path.text, "grouped", path.offset)
        return bound

    def _add(self, column: Column, grouped: set[str]) -> None:
        value = column.value
        if isinstance(value, Query):
            raise malformed("a sub-select cannot stand beside an aggregate", value.source.offset)
        if isinstance(value, Call):
            self._add_total(value, column.alias)
            return
        bound = self.scope.bind(value)
        if bound.sql not in grouped:
            raise malformed(f"Field must be grouped or aggregated: {value.text}", value.offset)
        self.columns.append(bound.sql)
        self.items.append(Leaf(column.alias or bound.field.name, bound.field, len(self.columns) - 1))

    def _add_total(self, call: Call, alias: str | None) -> None:
        columns, field = self._average(call) if call.function == "AVG" else self._single(call)
        if alias is None:
            alias = f"expr{self._unnamed}"
            self._unnamed += 1
        first = len(self.columns)
        self.columns += columns
        self.items.append(Total(alias, call.function, field, tuple(range(first, len(self.columns)))))

    def _single(self, call: Call) -> tuple[list[str], Field]:
        sql, field = self.expression(call)
        return [sql], field

    def _average(self, call: Call) -> tuple[list[str], Field]:
        """An average is divided outside of SQL, where it would go through a float; so it is only shown,
        not compared or sorted by."""
        (total,), field = self._single(Call("SUM", call.argument, call.offset))
        (count,), _ = self._single(Call("COUNT", call.argument, call.offset))
        return [total, count], field

    def _order(self, orderings: tuple[Ordering, ...], grouped: set[str]) -> str:
        terms = [self._ordering(each, grouped) for each in orderings]
        return f" order by {', '.join(terms)}" if terms else ""

    def _ordering(self, ordering: Ordering, grouped: set[str]) -> str:
        if isinstance(ordering.value, Call):
            sql = self.expression(ordering.value)[0]
        else:
            sql = self.scope.bind(ordering.value).sql
            if sql not in grouped:
                detail = f"Ordered field must be grouped or aggregated: {ordering.value.text}"
                raise malformed(detail, ordering.value.offset)
        direction = " desc" if ordering.descending else ""
        return f"{sql}{direction} nulls {'last' if ordering.nulls_last else 'first'}"

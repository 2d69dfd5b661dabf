"""From a field name, dotted or not, to an SQL expression and the joins it needs."""

from dataclasses import dataclass
from datetime import date

from sf_intacct.sandbox.intacct.books.store import live
from sf_intacct.sandbox.intacct.books.tables import table_name
from sf_intacct.sandbox.intacct.reading.computed import EXPRESSIONS
from sf_intacct.sandbox.intacct.schema import Definition, Field, Relation, Schema

ROOT = "t"


class UnknownField(Exception):
    """No such field, or a path the system does not allow."""


@dataclass(frozen=True)
class Column:
    """The expression of a field, and the field that says how its values read."""

    field: Field
    sql: str


class Paths:
    """Resolves names for one statement over one object and gathers its joins."""

    def __init__(self, schema: Schema, definition: Definition, today: date) -> None:
        self.schema, self.definition, self.today = schema, definition, today
        self._joins: dict[tuple[str, str], tuple[str, str]] = {}

    @property
    def source(self) -> str:
        """The `from` part: the object's table and every join asked for so far."""
        joins = "".join(clause for _, clause in self._joins.values())
        return f"{table_name(self.definition)} {ROOT}{joins}"

    def column(self, name: str) -> Column:
        """The column of `name`, such as CUSTOMER.PARENT.NAME; raises UnknownField."""
        return self._resolve(self.definition, ROOT, name.upper(), climbed=False)

    def _resolve(self, definition: Definition, alias: str, name: str, *, climbed: bool) -> Column:
        field = definition.by_id.get(name)
        if field is None or not field.visible:
            return self._related(definition, alias, name, climbed=climbed)
        if field.path:
            return self._related(definition, alias, field.path, climbed=False, declared=True)
        if field.code_of:
            return Column(field, _codes(definition.by_id[field.code_of], alias))
        if field.computed:
            return Column(field, EXPRESSIONS[field.computed](alias, definition.object, self.today))
        return Column(field, f'{alias}."{field.id}"')

    def _related(
        self, definition: Definition, alias: str, name: str, *, climbed: bool, declared: bool = False
    ) -> Column:
        """A field of a related object. One hop up a hierarchy is allowed, PARENT.PARENT is not.

        Internal relations are for paths `declared` in the schema, not for those a caller writes.
        """
        path, _, rest = name.partition(".")
        relation = definition.by_path.get(path)
        if relation is None or not rest or (relation.internal and not declared):
            raise UnknownField(name)
        climbs = relation.object == definition.object
        if climbs and climbed:
            raise UnknownField(name)
        related = self.schema[relation.object]
        return self._resolve(related, self._join(alias, relation, related), rest, climbed=climbs)

    def _join(self, alias: str, relation: Relation, related: Definition) -> str:
        key = (alias, relation.path)
        if key not in self._joins:
            name = f"j{len(self._joins) + 1}"
            clause = f' left join {table_name(related)} {name} on {name}."{relation.on}" = {alias}."{relation.by}"'
            if relation.on != "RECORDNO":
                clause += f" and {live(related, name)}"
            self._joins[key] = (name, clause)
        return self._joins[key][0]


def _codes(field: Field, alias: str) -> str:
    cases = " ".join(f"when '{label}' then '{code}'" for label, code in field.values.items())
    return f'case {alias}."{field.id}" {cases} end'

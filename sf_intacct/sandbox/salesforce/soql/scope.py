"""Names of a query looked up in the schema: paths become columns, relationships become joins."""

from dataclasses import dataclass

from sf_intacct.sandbox.salesforce.schema import Field, ObjectType, Schema
from sf_intacct.sandbox.salesforce.soql.mistakes import malformed, no_such_column, no_such_parent
from sf_intacct.sandbox.salesforce.soql.syntax import Path
from sf_intacct.sandbox.salesforce.store import table

LEVELS_MAX = 5  # child to parent


@dataclass(frozen=True)
class Bound:
    """A path that was found: `table_alias` and `field` say where; `trail` are the relationships walked."""

    kind: ObjectType
    field: Field
    table_alias: str
    trail: tuple[str, ...]

    @property
    def sql(self) -> str:
        return self.column(self.field.name)

    def column(self, name: str) -> str:
        return f'{self.table_alias}."{name}"'


class Scope:
    """One source with the parents that its paths reach; `joins` grows as paths are bound."""

    def __init__(self, schema: Schema, kind: ObjectType, names: tuple[str | None, ...] = (), mark: str = "t") -> None:
        self.schema, self.kind, self.mark = schema, kind, mark
        self.names = {name.casefold() for name in names if name} | {kind.name.casefold()}
        self.source = f"{mark}0"
        self._parents: dict[tuple[str, ...], tuple[str, ObjectType]] = {(): (self.source, kind)}
        self.joins = ""

    @property
    def from_clause(self) -> str:
        return f"{table(self.kind)} as {self.source}{self.joins}"

    def bind(self, path: Path) -> Bound:
        """The column behind a path; raises QueryMistake."""
        parts = path.text.split(".")
        if len(parts) > 1 and parts[0].casefold() in self.names and not self.kind.parent(parts[0]):
            del parts[0]
        if len(parts) - 1 > LEVELS_MAX:
            raise malformed(f"more than {LEVELS_MAX} levels of relationships: {path.text}", path.offset)
        trail: tuple[str, ...] = ()
        for part in parts[:-1]:
            trail = self._step(trail, part, path)
        alias, kind = self._parents[trail]
        field = kind.field(parts[-1])
        if field is None:
            raise no_such_column(parts[-1], kind.name, path.offset)
        return Bound(kind, field, alias, trail)

    def reference(self, trail: tuple[str, ...]) -> Bound:
        """The reference field through which the last step of `trail` goes."""
        alias, kind = self._parents[trail[:-1]]
        field = kind.parent(trail[-1])
        assert field is not None, trail
        return Bound(kind, field, alias, trail[:-1])

    def target(self, trail: tuple[str, ...]) -> ObjectType:
        return self._parents[trail][1]

    def _step(self, trail: tuple[str, ...], part: str, path: Path) -> tuple[str, ...]:
        alias, kind = self._parents[trail]
        field = kind.parent(part)
        if field is None or field.reference_to is None or field.relationship_name is None:
            raise no_such_parent(part, path.offset)
        further = (*trail, field.relationship_name)
        if further not in self._parents:
            parent, parent_alias = self.schema[field.reference_to], f"{self.mark}{len(self._parents)}"
            self._parents[further] = (parent_alias, parent)
            self.joins += (
                f' left join {table(parent)} as {parent_alias} on {parent_alias}."Id" = {alias}."{field.name}"'
            )
        return further

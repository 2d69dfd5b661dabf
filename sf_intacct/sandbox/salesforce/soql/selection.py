"""The select list of a query for records: which columns to read, and where each goes in the record."""

from sf_intacct.sandbox.salesforce.schema import Field, Kind
from sf_intacct.sandbox.salesforce.soql.mistakes import QueryMistake, malformed
from sf_intacct.sandbox.salesforce.soql.plan import Children, Compound, Leaf, Shape
from sf_intacct.sandbox.salesforce.soql.scope import Bound, Scope
from sf_intacct.sandbox.salesforce.soql.syntax import Call, Path

FIELDS_LIMIT_MAX = 200


class Selection:
    """Grows with each selected path. Column 0 is the record's own id: every record shows its address."""

    def __init__(self, scope: Scope) -> None:
        self.scope = scope
        self.columns = [f'{scope.source}."Id"']
        self.shape = Shape(scope.kind, 0)
        self._parents: dict[tuple[str, ...], Shape] = {(): self.shape}
        self._selected: set[str] = set()

    def add(self, value: Path | Call, limit: int | None) -> None:
        if isinstance(value, Path):
            self._add_path(value)
        else:
            for name in self._fields_of(value, limit):
                self._add_path(Path(name, value.offset))

    def add_children(self, key: str, position: int) -> None:
        self.shape.items.append(Children(key, position))

    def _add_path(self, path: Path) -> None:
        bound = self.scope.bind(path)
        name = ".".join((*bound.trail, bound.field.name))
        if name in self._selected:
            raise QueryMistake("INVALID_FIELD", f"duplicate field selected: {path.text}", path.offset)
        self._selected.add(name)
        self._parent(bound.trail).items.append(self._item(bound))

    def _item(self, bound: Bound) -> Leaf | Compound:
        if bound.field.kind is not Kind.COMPOUND:
            return self._leaf(bound.field.name, bound.field, bound)
        parts = (self._leaf(key, bound.kind.by_name[name], bound) for key, name in bound.field.parts)
        return Compound(bound.field.name, tuple(parts))

    def _leaf(self, key: str, field: Field, bound: Bound) -> Leaf:
        return Leaf(key, field, self._column(bound.column(field.name)))

    def _column(self, sql: str) -> int:
        if sql not in self.columns:
            self.columns.append(sql)
        return self.columns.index(sql)

    def _parent(self, trail: tuple[str, ...]) -> Shape:
        """The shape at the end of a trail, put into its own parent on first sight."""
        if trail not in self._parents:
            above = self._parent(trail[:-1])
            id_index = self._column(self.scope.reference(trail).sql)
            self._parents[trail] = Shape(self.scope.target(trail), id_index, trail[-1])
            above.items.append(self._parents[trail])
        return self._parents[trail]

    def _fields_of(self, call: Call, limit: int | None) -> list[str]:
        which = call.argument.text.upper() if call.argument else ""
        if call.function != "FIELDS" or which not in ("ALL", "STANDARD", "CUSTOM"):
            raise malformed(f"unexpected token: {call.function!r}", call.offset)
        if which != "STANDARD" and (limit is None or limit > FIELDS_LIMIT_MAX):
            detail = f"The SOQL FIELDS function must have a LIMIT of at most {FIELDS_LIMIT_MAX}"
            raise malformed(detail, call.offset)
        wanted = {"ALL": (True, False), "STANDARD": (False,), "CUSTOM": (True,)}[which]
        return [field.name for field in self.scope.kind.fields if field.custom in wanted]

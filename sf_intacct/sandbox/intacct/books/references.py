"""Names of other records in a write: each must exist and be active."""

from collections.abc import Iterable

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books.store import Row, Store
from sf_intacct.sandbox.intacct.problems import Problem


def named(store: Store, object_name: str, keys: Iterable[str | None]) -> dict[str, Row]:
    """The live rows of an object by natural id, for those of `keys` that exist."""
    wanted = {key for key in keys if key}
    if not wanted:
        return {}
    column = store.schema[object_name].id_field
    return {str(row[column]): row for row in store.where(object_name, column, sorted(wanted))}


def doubts(store: Store, object_name: str, keys: Iterable[str | None]) -> list[Problem]:
    """One problem for each of `keys` that is unknown or inactive."""
    wanted = [key for key in dict.fromkeys(keys) if key]
    found = named(store, object_name, wanted)
    return [one for key in wanted for one in _doubt(store, object_name, key, found.get(key))]


def _doubt(store: Store, object_name: str, key: str, row: Row | None) -> list[Problem]:
    if row is None:
        return [problems.unknown_reference(object_name, key)]
    if (row.get("STATUS") or "active") != "active":
        return [problems.inactive_reference(object_name, store.schema[object_name].name, key)]
    return []


def user_of(store: Store, object_name: str, row: Row) -> str | None:
    """The name of an object with a live record that refers to `row`; None if nothing does."""
    for definition in store.schema.values():
        for relation in definition.relations:
            value = row.get(relation.on)
            if relation.object != object_name or value is None or relation.path.startswith("USERINFO"):
                continue
            if store.select(definition.object, f'"{relation.by}" = ?', [value], limit=1):
                return definition.name
    return None

"""Create, update and delete of everything that is no document, from values as a caller typed them."""

from collections.abc import Sequence

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import contacts, references
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.entry import Values, entered, missing, with_defaults
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem, Rejection
from sf_intacct.sandbox.intacct.schema import Definition


def create(clerk: Clerk, object_name: str, values: Values, more: Row | None = None) -> Row:
    """Adds one record and returns its row; `more` are columns the caller has resolved. Raises Rejection."""
    definition = clerk.store.schema[object_name]
    typed, found = entered(definition, values)
    row = with_defaults(definition, {**typed, **(more or {})})
    # A field with a bad text is not also told to be missing.
    found = found or missing(definition, row)
    found += unlawful(clerk, definition, row) + taken(clerk, definition, row)
    if found:
        raise Rejection([*found, *trailer(definition, found, "create")])
    (number,) = clerk.add(object_name, [row])
    return must_find(clerk, definition, {**row, "RECORDNO": number})


def update(clerk: Clerk, object_name: str, values: Values, more: Row | None = None) -> Row:
    """Changes the record named by RECORDNO or by its natural id; returns its row. Raises Rejection."""
    definition = clerk.store.schema[object_name]
    old = identified(clerk, definition, values, "update")
    typed, found = entered(definition, values)
    changes = {**typed, **(more or {})}
    found += _of_the_top(clerk, definition, old)
    found += [
        problems.immutable(one.label)
        for one in definition.fields
        if one.immutable and one.id in changes and changes[one.id] != old[one.id]
    ]
    found += missing(definition, changes, partial=True) + unlawful(clerk, definition, changes)
    if changes.get(definition.id_field, old[definition.id_field]) != old[definition.id_field]:
        found += taken(clerk, definition, changes)
    if found:
        raise Rejection([*found, *trailer(definition, found, "update")])
    clerk.change(object_name, old["RECORDNO"], changes)
    return {**old, **changes}


def delete(clerk: Clerk, object_name: str, number: int) -> Row:
    """Removes one record that nothing refers to; returns its last row. Raises Rejection."""
    definition = clerk.store.schema[object_name]
    row = clerk.store.find(object_name, "RECORDNO", number)
    if row is None:
        raise Rejection([problems.no_such_record(definition.name, str(number), "delete")])
    user = references.user_of(clerk.store, object_name, row)
    if user:
        key = str(row[definition.id_field])
        refusal = Rejection([problems.in_use(definition.name, key, user)])
        raise refusal.followed_by(problems.could_not("delete", definition.name))
    clerk.remove(object_name, [number])
    return row


def identified(clerk: Clerk, definition: Definition, values: Values, purpose: str) -> Row:
    """The live row that `values` names by RECORDNO or natural id. Raises Rejection."""
    for column in ("RECORDNO", definition.id_field):
        key = str(values.get(column) or "").strip()
        if not key:
            continue
        found = clerk.store.find(definition.object, column, key)
        if found and not _is_anothers(clerk, found):
            return found
        raise Rejection(
            [
                problems.no_such_record(definition.name, key, purpose),
                problems.could_not(purpose, definition.name),
            ]
        )
    label = definition.by_id[definition.id_field].label
    raise Rejection([problems.missing_value(label), problems.could_not(purpose, definition.name)])


def _is_anothers(clerk: Clerk, row: Row) -> bool:
    """Whether a record belongs to another entity than the one we are in: it is not there for us then."""
    return bool(clerk.entity) and (row.get("MEGAENTITYID") or clerk.entity) != clerk.entity


def _of_the_top(clerk: Clerk, definition: Definition, row: Row) -> list[Problem]:
    """What the top level owns can be looked at in an entity, and changed at the top level only."""
    if not clerk.entity or "MEGAENTITYID" not in definition.by_id or row["MEGAENTITYID"]:
        return []
    return [problems.owned_at_the_top(definition.name, str(row[definition.id_field]))]


def unlawful(clerk: Clerk, definition: Definition, row: Row) -> list[Problem]:
    """A problem for every reference in `row` to a record that is unknown or inactive."""
    return [
        problem
        for relation in definition.relations
        if relation.checked
        for problem in references.doubts(clerk.store, relation.object, [row.get(relation.by)])
    ]


def taken(clerk: Clerk, definition: Definition, row: Row) -> list[Problem]:
    """A problem if the natural id of a new row is in use."""
    key = row.get(definition.id_field)
    if key is None or clerk.store.find(definition.object, definition.id_field, key) is None:
        return []
    return [problems.already_exists(definition.name, str(key))]


def trailer(definition: Definition, found: Sequence[Problem], verb: str) -> list[Problem]:
    """The generic last sentences of a refusal."""
    if definition.object == "CONTACT":
        return contacts.trailer(found, verb)
    return [problems.could_not(verb, definition.name)]


def must_find(clerk: Clerk, definition: Definition, row: Row) -> Row:
    """The row just written, with its record number."""
    found = clerk.store.find(definition.object, definition.id_field, row[definition.id_field])
    if found is None:
        raise LookupError(f"{definition.object} {row[definition.id_field]} was written and is not there")
    return found

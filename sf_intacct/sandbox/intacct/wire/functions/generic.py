"""The generic writers `create`, `update` and `delete`: any object, up to a hundred in one function."""

from collections.abc import Callable

from lxml import etree

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import adjustments, advances, credits, customers, invoices, masters, payments
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.entry import Values
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem, Rejection
from sf_intacct.sandbox.intacct.wire import plain
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.functions.permission import allowed
from sf_intacct.sandbox.intacct.wire.response import FAILURE, SUCCESS, Outcome

OBJECTS_MAX = 100
Write = Callable[[Clerk, str, Values], Row]
# Objects that no generic function creates or changes: documents have functions of their own, the audit
# history is written by the system, terms by create_arterm, price lists by a function that is not imitated. Entries of
# price lists are documented for reading only.
READ_ONLY = frozenset(
    {
        "ARINVOICE",
        "ARINVOICEITEM",
        "ARADJUSTMENT",
        "ARADJUSTMENTITEM",
        "ARPYMTDETAIL",
        "AUDITHISTORY",
        "ARTERM",
        "USERINFO",
        "SODOCUMENT",
        "SODOCUMENTENTRY",
        "SODOCUMENTSUBTOTALS",
        "SODOCUMENTPARAMS",
        "SOPRICELIST",
        "SOPRICELISTENTRY",
        "EXCHANGERATE",
        "EXCHANGERATEENTRY",
    }
)


def create(desk: Desk, element: etree._Element) -> Outcome:
    """Not atomic: each object stands for itself, and a failed answer still lists those that were created."""
    return _each(desk, element, "CREATE", _create)


def update(desk: Desk, element: etree._Element) -> Outcome:
    """Objects are named by RECORDNO or their natural id; an empty block changes nothing."""
    return _each(desk, element, "UPDATE", _update)


def delete(desk: Desk, element: etree._Element) -> Outcome:
    """By record numbers, comma separated; the first refusal leaves the rest undone and undoes the earlier."""
    name = allowed(desk, "DELETE", (element.findtext("object") or "").strip())
    keys = [one.strip() for one in (element.findtext("keys") or "").split(",") if one.strip()]
    if not keys or len(keys) > OBJECTS_MAX:
        raise Rejection([problems.processing_error()])
    for one in keys:
        _delete(desk.clerk, name, one)
    return Outcome()


def _create(clerk: Clerk, object_name: str, values: Values) -> Row:
    if object_name == "CUSTOMER":
        return customers.create(clerk, values)
    if object_name == advances.HEADER:
        return advances.receive(clerk, values, _details(values, "ARADVANCEITEM"))
    if object_name == payments.HEADER and advances.is_use(_details(values)):
        return advances.apply(clerk, values, _details(values))
    if object_name == payments.HEADER and credits.is_use(_details(values)):
        return credits.apply(clerk, values, _details(values))
    if object_name == payments.HEADER:
        return payments.receive(clerk, values, _details(values))
    _refuse_read_only(object_name, "CREATE")
    return masters.create(clerk, object_name, values)


def _update(clerk: Clerk, object_name: str, values: Values) -> Row:
    if object_name == "CUSTOMER":
        return customers.update(clerk, values)
    if object_name == payments.HEADER:
        # Only drafts can be changed, and this sandbox has none.
        header = payments.must_exist(clerk, _number(values.get("RECORDNO")), "update")
        raise Rejection([problems.wrong_state(str(header["RECORDNO"]), header["STATE"], "updated")])
    _refuse_read_only(object_name, "UPDATE")
    return masters.update(clerk, object_name, values)


def _delete(clerk: Clerk, object_name: str, key: str) -> None:
    if object_name == "ARINVOICE":
        invoices.delete(clerk, _number(key))
    elif object_name == "ARADJUSTMENT":
        adjustments.delete(clerk, _number(key))
    elif object_name == payments.HEADER:
        header = payments.must_exist(clerk, _number(key), "delete")
        raise Rejection([problems.wrong_state(key, header["STATE"], "deleted")])
    else:
        if object_name != "ARTERM":
            _refuse_read_only(object_name, "DELETE")
        masters.delete(clerk, object_name, _number(key))


def _details(values: Values, name: str = payments.DETAIL) -> list[Values]:
    """The blocks of that name of a payment."""
    block = values.get(f"{name}S")
    inner = block.get(name) if isinstance(block, dict) else None
    return [one for one in plain.as_list(inner) if isinstance(one, dict)]


def _number(text: object) -> int:
    """A record number; 0, which nothing has, if it is none."""
    return int(str(text)) if str(text or "").strip().isdecimal() else 0


def _refuse_read_only(object_name: str, operation: str) -> None:
    if object_name in READ_ONLY:
        raise Rejection([problems.no_permission(operation, object_name)])


def _each(desk: Desk, element: etree._Element, operation: str, write: Write) -> Outcome:
    if len(element) > OBJECTS_MAX:
        raise Rejection([problems.processing_error()])
    done: list[str] = []
    found: list[Problem] = []
    for block in element:
        try:
            name = allowed(desk, operation, str(block.tag))
            with desk.company.world.transaction():
                row = write(desk.clerk, name, plain.values(block))
            done.append(_written(desk, name, row))
        except Rejection as refusal:
            found += refusal.problems
    data = desk.markup.node("data", done, listtype="objects", count=len(done))
    return Outcome(FAILURE if found else SUCCESS, [data], found)


def _written(desk: Desk, object_name: str, row: Row) -> str:
    """The lower-case record of a write: its number, and its natural id where that is another."""
    id_field = desk.company.store.schema[object_name].id_field
    pairs: dict[str, object] = {"RECORDNO": row["RECORDNO"], id_field: row[id_field]}
    return desk.markup.node(object_name.lower(), desk.markup.texts(pairs))

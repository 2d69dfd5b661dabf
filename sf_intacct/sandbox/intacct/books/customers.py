"""Customers: a customer and its display contact are one write; bill-to and ship-to point to contacts."""

from collections.abc import Mapping

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import contacts, masters
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.entry import Values, flat
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem, Rejection

DISPLAY = "DISPLAYCONTACT"


def create(clerk: Clerk, values: Values) -> Row:
    """Adds a customer with its display contact, or neither. Raises Rejection."""
    resolved = _pointers(clerk, values, "create")
    block = contacts.display_values(_block(values, DISPLAY))
    if not block.get("PRINTAS") and clerk.settings.display_contact_required:
        _refuse("create", problems.missing_value("Print as"))
    block.setdefault("PRINTAS", str(values.get("NAME") or ""))
    if not block.get("CONTACTNAME"):
        name, customer_id = str(values.get("NAME") or ""), str(values.get("CUSTOMERID") or "")
        block["CONTACTNAME"] = contacts.display_name(name, customer_id)
    # A clash on the customer itself is the more specific refusal, so it is looked for first.
    definition = clerk.store.schema["CUSTOMER"]
    clash = masters.taken(clerk, definition, {"CUSTOMERID": values.get("CUSTOMERID")})
    if clash:
        _refuse("create", *clash)
    resolved["DISPLAYCONTACTKEY"] = _saved(clerk, block, "create")
    return masters.create(clerk, "CUSTOMER", _without_blocks(values), resolved)


def update(clerk: Clerk, values: Values) -> Row:
    """Changes a customer, and its display contact where the block says so. Raises Rejection."""
    definition = clerk.store.schema["CUSTOMER"]
    old = masters.identified(clerk, definition, values, "update")
    resolved = _pointers(clerk, values, "update")
    block = contacts.display_values(_block(values, DISPLAY))
    block.pop("CONTACTNAME", None)
    if block:
        _saved(clerk, {**block, "RECORDNO": str(old["DISPLAYCONTACTKEY"])}, "update")
    return masters.update(clerk, "CUSTOMER", _without_blocks(values), resolved)


def _saved(clerk: Clerk, block: Mapping[str, str], verb: str) -> int:
    save = masters.create if verb == "create" else masters.update
    try:
        return int(save(clerk, "CONTACT", block)["RECORDNO"])
    except Rejection as refusal:
        raise refusal.followed_by(contacts.DISPLAY_FAILED, problems.could_not(verb, "Customer")) from refusal


def _pointers(clerk: Clerk, values: Values, verb: str) -> Row:
    """The keys of CONTACTINFO, BILLTO and SHIPTO; a blank name points to nobody. Raises Rejection."""
    definition = clerk.store.schema["CUSTOMER"]
    found: Row = {}
    for block, path in definition.blocks.items():
        named = flat(_block(values, block))
        if block == DISPLAY or "CONTACTNAME" not in named:
            continue
        name = named["CONTACTNAME"]
        key = contacts.key_of(clerk, name) if name else None
        if name and key is None:
            _refuse(verb, problems.unknown_reference("CONTACT", name))
        found[definition.by_path[path].by] = key
    return found


def _block(values: Values, name: str) -> Values:
    block = values.get(name)
    return block if isinstance(block, Mapping) else {}


def _without_blocks(values: Values) -> dict[str, str]:
    return {name: text for name, text in flat(values).items() if "." not in name}


def _refuse(verb: str, *found: Problem) -> None:
    raise Rejection([*found, problems.could_not(verb, "Customer")])

"""Contacts: one name for the whole company, shared by customers as display, bill-to and ship-to contact."""

from collections.abc import Sequence

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.entry import Values, flat
from sf_intacct.sandbox.intacct.problems import WRAPPER, Problem

DISPLAY_FAILED = Problem(WRAPPER, "Error While Saving the Display Contact")


def trailer(found: Sequence[Problem], verb: str) -> list[Problem]:
    """The generic sentences after a refused contact, as recorded; a bad address is refused by its version."""
    if not any(one.text.startswith("Illegal format for Contactversion") for one in found):
        return [problems.could_not(verb, "Contact")]
    return [
        Problem(WRAPPER, "Validate contactversion record failed!"),
        problems.could_not(verb, "contactversion"),
        problems.could_not(verb, "ContactVersion"),
        problems.could_not(verb, "Contact"),
    ]


def display_values(block: Values) -> dict[str, str]:
    """The contact's fields in a customer's DISPLAYCONTACT.

    There the ISO code travels as ISOCOUNTRYCODE, on a contact and on every read as COUNTRYCODE.
    """
    values = flat(block)
    values.pop("MAILADDRESS.COUNTRYCODE", None)
    code = values.pop("MAILADDRESS.ISOCOUNTRYCODE", None)
    return values if code is None else {**values, "MAILADDRESS.COUNTRYCODE": code}


def display_name(name: str, customer_id: str) -> str:
    """What the system calls a display contact that came without a name."""
    return f"{name}(C{customer_id})"


def key_of(clerk: Clerk, name: str) -> int | None:
    """The record number of an existing contact, None if there is none of that name."""
    found = clerk.store.find("CONTACT", "CONTACTNAME", name)
    return int(found["RECORDNO"]) if found else None

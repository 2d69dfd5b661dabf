"""Entries of price lists: what Intacct insists on, and the one it does not: date ranges may overlap."""

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import masters
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.entry import Values
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Rejection

LIST, ENTRY = "SOPRICELIST", "SOPRICELISTENTRY"
# Item or product line, currency, dates and quantities together are there once in a price list.
_ONCE = ("ITEMID", "PRODUCTLINEID", "CURRENCY", "DATEFROM", "DATETO", "QTYLIMITMIN", "QTYLIMITMAX")


def enter(clerk: Clerk, values: Values) -> Row:
    """A new entry of a price list. Raises Rejection."""
    with clerk.store.world.transaction():
        made = masters.create(clerk, ENTRY, values)
        _must_stand_alone(clerk, made)
        return made


def _must_stand_alone(clerk: Clerk, made: Row) -> None:
    if bool(made["ITEMID"]) == bool(made["PRODUCTLINEID"]):
        raise Rejection([problems.missing_value("Item ID or product line")])
    others = clerk.store.where(ENTRY, "PRICELISTID", [made["PRICELISTID"]])
    if any(one["RECORDNO"] != made["RECORDNO"] and all(one[c] == made[c] for c in _ONCE) for one in others):
        name = clerk.store.schema[ENTRY].name
        raise Rejection([problems.already_exists(name, made["ITEMID"] or made["PRODUCTLINEID"])])

"""docs/permissions.md: the least that the two integration users need, from the contracts and mappings themselves."""

from collections.abc import Iterable

from sf_intacct.cli.reference.markdown import code, page, table
from sf_intacct.flow.contracts import OBSERVED, target_contract
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.usage import in_use

_INTRODUCTION = """
What the example company's mappings read and write, and nothing more; run `make docs` after you have changed them, and
give the two users what stands here. What is not listed is not needed, and should not be there: a stolen session can do
what its user can do.

Salesforce's names of objects and fields are its API names. How Intacct's role screen words a permission is not
documented field by field; the words here are those of its objects. A permission that is missing shows as a refused read
or write that names the object, and stops nothing else.
"""
_SALESFORCE = """
One integration user of its own, with the licence and profile *Salesforce Integration* (or *Minimum Access - API
Only*): no login to the user interface, `API Enabled`, and one permission set with the rows below. No `Modify All`, no
`View All` of an object, no `Modify All Data`, no `Manage Users`; **Delete is needed nowhere**. Sharing has to let the
user see the records, by a sharing rule rather than by `View All Data`. One external client app of its own, with the
client credentials or the JWT flow, scope `api` only, the user named as the run-as user, and the addresses of the
machine as the only ones that may sign in.
"""
_INTACCT = """
One web-services-only user of its own, with its sender id alone authorised in the company, and one role with the rows
below. Not among them, and not to be given: void, reverse and delete of any document, opening and closing of periods,
payments, the general ledger, administration of users, roles and the company. `Audit trail: List, View` is for
`SF_INTACCT_INTACCT_AUDIT_HISTORY`, and may be left out with that setting off.
"""
# The application of Intacct in which an object lies, where it is not Company.
_APPLICATIONS = {
    "Accounts Receivable": ("AR", "CUST", "TERRITORY", "CONTACTTAXGROUP"),
    "Order Entry": ("SO", "ITEM"),
    "Projects": ("PROJECT",),
    "General Ledger": ("GLACCOUNT", "REPORTINGPERIOD", "EXCHANGERATE"),
    "Taxes": ("TAX",),
}


def permissions_page(mappings: Mappings) -> str:
    crossings = sorted(mappings.crossings.values(), key=lambda mapping: mapping.crossing)
    columns = ("Object", "May", "Fields that are read", "Fields that are written")
    return page(
        "Permissions",
        _INTRODUCTION,
        f"## Salesforce\n{_SALESFORCE}",
        table(columns, _sales_rows(mappings, crossings)),
        f"## Sage Intacct\n{_INTACCT}",
        table(("Application", "Object", "May", "For"), _books_rows(mappings, crossings)),
    )


def _sales_rows(mappings: Mappings, crossings: list[Mapping]) -> Iterable[tuple[str, ...]]:
    for name in sorted(_objects("salesforce", mappings, crossings)):
        writers = [mapping for mapping in crossings if mapping.target == f"salesforce.{name}"]
        written = sorted({field for mapping in writers for field in mapping.fields})
        yield code(name), _may(writers, ("Read", "Create", "Edit")), _listed(_read(mappings, name)), _listed(written)


def _books_rows(mappings: Mappings, crossings: list[Mapping]) -> Iterable[tuple[str, ...]]:
    for name in sorted(_objects("intacct", mappings, crossings)):
        writers = [mapping for mapping in crossings if mapping.target == f"intacct.{name}"]
        what = ", ".join(code(mapping.crossing) for mapping in writers)
        yield _application(name), code(name), _may(writers, ("List, View", "Add", "Edit")), what or "looked up"
    yield "Company", code("USERINFO"), "View", "the formatting of dates of this user"
    yield "Company", code("AUDITHISTORY"), "List, View", "deletions"


def _may(writers: list[Mapping], words: tuple[str, str, str]) -> str:
    """Reading always; a document that is held when it changes is edited only where its mapping amends it."""
    see, add, edit = words
    may = [see]
    if any(mapping.creates for mapping in writers):
        may.append(add)
    if any(_edits(mapping) for mapping in writers):
        may.append(edit)
    return ", ".join(may)


def _edits(mapping: Mapping) -> bool:
    return mapping.when_changed.value == "update" or mapping.amendments.value == "update"


def _objects(system: str, mappings: Mappings, crossings: list[Mapping]) -> set[str]:
    """Everything of a system that is read or written."""
    read = {c.object for c in OBSERVED.values() if c.system == system and in_use(c, mappings) is not None}
    return read | {m.target_object for m in crossings if m.target_system == system}


def _read(mappings: Mappings, name: str) -> list[str]:
    contract = target_contract(f"salesforce.{name}")
    used = in_use(contract, mappings) if contract else None
    return [column.source for column in used.columns if column.source] if used else []


def _listed(names: list[str]) -> str:
    return ", ".join(code(name) for name in names)


def _application(name: str) -> str:
    found = (area for area, starts in _APPLICATIONS.items() if name.startswith(starts))
    return next(found, "Company")

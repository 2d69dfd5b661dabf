"""A company out of a folder of CSV files: one per object, named after it, columns named by field id.

Dates may be ISO. A file or column nobody knows, a text that is no value, an unknown reference or a name used
twice is a ValueError that names file and line, and then nothing is loaded.
"""

from copy import copy
from pathlib import Path

from sf_intacct.sandbox.intacct import defaults
from sf_intacct.sandbox.intacct.books import currencies, periods, references, seed_documents
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.company import Company
from sf_intacct.sandbox.intacct.books.contacts import display_name
from sf_intacct.sandbox.intacct.books.entry import missing, with_defaults
from sf_intacct.sandbox.intacct.books.seed_files import Line, lines, typed
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.schema import Definition

SETTINGS = "COMPANY"
# Masters in the order in which they refer to each other.
MASTERS = (
    "USERINFO",
    "LOCATIONENTITY",
    "LOCATION",
    "GLACCOUNT",
    "ARACCOUNTLABEL",
    "TAXDETAIL",
    "CHECKINGACCOUNT",
    "ARTERM",
    "DEPARTMENT",
    "CLASS",
    "CHANNEL",
    "CONTACT",
    "EMPLOYEE",
    "TAXSCHEDULE",
    "CONTACTTAXGROUP",
    "TERRITORY",
    "CUSTTYPE",
    "ITEMGLGROUP",
    "UOM",
    "ITEM",
    "CUSTOMER",
    "REPORTINGPERIOD",
    "SODOCUMENTPARAMS",
    "SOPRICELIST",
    "SOPRICELISTENTRY",
    "PROJECT",
)
RATES = "EXCHANGERATE"  # one line per rate: type, currencies, first day, rate
DOCUMENTS = ("ARINVOICE", "ARINVOICEITEM", "ARPYMT", "ARPYMTDETAIL")


def load(company: Company, folder: Path) -> dict[str, int]:
    """Loads the files of `folder`; rows by object. Raises ValueError, or FileNotFoundError for no folder."""
    files = {path.stem: path for path in sorted(folder.iterdir()) if path.suffix == ".csv"}
    for name in files:
        if name not in (SETTINGS, RATES, *MASTERS, *DOCUMENTS):
            raise ValueError(f"{name}.csv: no object of this name is loaded from seeds")
    before = copy(company.settings)
    try:
        with company.world.transaction():
            _settings(company, files.get(SETTINGS))
            clerk = company.person(source="csv")
            loaded = {name: _masters(clerk, name, lines(files[name])) for name in MASTERS if name in files}
            _default_bank(clerk)
            loaded |= _rates(clerk, files.get(RATES))
            return loaded | seed_documents.load(clerk, files)
    except ValueError:
        company.settings = before
        raise


def _settings(company: Company, path: Path | None) -> None:
    for line in lines(path) if path else []:
        try:
            company.settings.put(line.texts.get("setting", ""), line.texts.get("value", ""))
        except ValueError as error:
            raise line.error(str(error)) from error
    if company.settings.ar_closed_through:
        periods.close(company.store, company.settings.ar_closed_through)


def _rates(clerk: Clerk, path: Path | None) -> dict[str, int]:
    found = lines(path) if path else []
    for line in found:
        try:
            pair = (line.texts["FROM_CURRENCY"], line.texts["TO_CURRENCY"])
            day, rate = line.texts["EFFECTIVE_START_DATE"], line.texts["EXCHANGE_RATE"]
            currencies.set_rate(clerk, line.texts["TYPENAME"], pair, day, rate)
        except (KeyError, ArithmeticError) as error:
            raise line.error(f"no exchange rate: {error!r}") from error
    return {RATES: len(found)} if found else {}


def _default_bank(clerk: Clerk) -> None:
    """A company that says nothing of its banks has one, so that its customers can pay."""
    if not clerk.store.select("CHECKINGACCOUNT", "true", limit=1):
        bank = {"BANKACCOUNTID": defaults.BANK_ACCOUNT_ID, "BANKNAME": "Operating account", "STATUS": "active"}
        clerk.add("CHECKINGACCOUNT", [bank])


def _masters(clerk: Clerk, object_name: str, found: list[Line]) -> int:
    if not found:
        return 0
    definition = clerk.store.schema[object_name]
    rows = [with_defaults(definition, row) for row in typed(definition, found)]
    if object_name == "CUSTOMER":
        _attach_contacts(clerk, found, rows)
    for line, row in zip(found, rows, strict=True):
        for problem in missing(definition, row):
            raise line.error(problem.text)
    _check_unique(clerk, definition, found, rows)
    _check_references(clerk, definition, found, rows)
    clerk.add(object_name, rows)
    return len(rows)


def _check_unique(clerk: Clerk, definition: Definition, found: list[Line], rows: list[Row]) -> None:
    if definition.id_field == "RECORDNO":
        return
    seen = set(references.named(clerk.store, definition.object, (row[definition.id_field] for row in rows)))
    for line, row in zip(found, rows, strict=True):
        key = row[definition.id_field]
        if key in seen:
            raise line.error(f"{definition.id_field} {key!r} is there twice")
        seen.add(key)


def _check_references(clerk: Clerk, definition: Definition, found: list[Line], rows: list[Row]) -> None:
    for relation in definition.relations:
        if not relation.checked:
            continue
        wanted = (row.get(relation.by) for row in rows)
        known = set(references.named(clerk.store, relation.object, wanted))
        if relation.object == definition.object:
            known |= {row[relation.on] for row in rows}
        for line, row in zip(found, rows, strict=True):
            if row.get(relation.by) and row[relation.by] not in known:
                raise line.error(f"{relation.by} {row[relation.by]!r} is not a {relation.object}")


def _attach_contacts(clerk: Clerk, found: list[Line], rows: list[Row]) -> None:
    """Makes the display contacts of customers, and points bill-to and ship-to to contacts that are there."""
    definition = clerk.store.schema["CONTACT"]
    prefix = "DISPLAYCONTACT."
    inner = [
        Line(one.file, one.number, {k.removeprefix(prefix): v for k, v in one.texts.items() if k.startswith(prefix)})
        for one in found
    ]
    displayed = []
    for row, contact in zip(rows, typed(definition, inner) if inner[0].texts else ({} for _ in rows), strict=True):
        contact["PRINTAS"] = contact.get("PRINTAS") or row.get("NAME")
        contact["CONTACTNAME"] = contact.get("CONTACTNAME") or display_name(row["NAME"], row["CUSTOMERID"])
        displayed.append(with_defaults(definition, contact))
    _check_unique(clerk, definition, found, displayed)
    for row, key in zip(rows, clerk.add("CONTACT", displayed), strict=True):
        row["DISPLAYCONTACTKEY"] = key
    customer = clerk.store.schema["CUSTOMER"]
    for block, path in customer.blocks.items():
        if block != "DISPLAYCONTACT":
            _point(clerk, found, rows, f"{block}.CONTACTNAME", customer.by_path[path].by)


def _point(clerk: Clerk, found: list[Line], rows: list[Row], column: str, key: str) -> None:
    named = references.named(clerk.store, "CONTACT", (line.texts.get(column) for line in found))
    for line, row in zip(found, rows, strict=True):
        name = line.texts.get(column)
        if name and name not in named:
            raise line.error(f"{column} {name!r} is not a CONTACT")
        row[key] = named[name]["RECORDNO"] if name else None

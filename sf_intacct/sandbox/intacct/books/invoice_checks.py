"""What is checked, and filled in, when an invoice is entered or changed. Each check answers its problems."""

from collections.abc import Sequence

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import contacts, documents, masters, periods, references, terms
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.documents import Document
from sf_intacct.sandbox.intacct.books.entry import Values, flat
from sf_intacct.sandbox.intacct.books.kinds import INVOICE
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem, Rejection

CONTACT_KEYS = {"BILLTO": "BILLTOPAYTOKEY", "SHIPTO": "SHIPTORETURNTOKEY"}


def not_imitated(lines: Sequence[Values]) -> list[Problem]:
    """What the real system does with an invoice and this one does not."""
    found: list[Problem] = []
    for line in lines:
        found += [problems.not_imitated("An allocation")] if line.get("ALLOCATION") else []
        found += [problems.not_imitated("An amount paid before")] if line.get("PAIDBEFORE") else []
    return list(dict.fromkeys(found))


def customer_doubts(clerk: Clerk, header: Row, customer: Row | None) -> list[Problem]:
    key = header.get("CUSTOMERID")
    if not key:
        return [problems.missing_value("Customer ID")]
    found = references.doubts(clerk.store, "CUSTOMER", [key])
    if customer is not None and customer["ONHOLD"] == "true":
        found.append(problems.on_hold(key))
    return found


def contact_doubts(clerk: Clerk, header: Row, values: Values, customer: Row | None) -> list[Problem]:
    """Bill-to and ship-to: as named, or written out in full, else as the customer has them."""
    found: list[Problem] = []
    for block, column in CONTACT_KEYS.items():
        named = flat(values.get(block) or {})
        name = named.get("CONTACTNAME", "")
        if named.get("PRINTAS"):
            header[column], more = _new_contact(clerk, named)
            found += more
        elif name:
            header[column] = contacts.key_of(clerk, name)
            found += [] if header[column] else [problems.unknown_reference("CONTACT", name)]
        elif customer is not None and not header.get(column):
            header[column] = customer[f"{block}KEY"] or customer["DISPLAYCONTACTKEY"]
    return found


def _new_contact(clerk: Clerk, values: Values) -> tuple[int | None, list[Problem]]:
    try:
        return masters.create(clerk, "CONTACT", values)["RECORDNO"], []
    except Rejection as refusal:
        return None, list(refusal.problems)


def date_doubts(clerk: Clerk, header: Row, customer: Row | None) -> list[Problem]:
    """Posting and due date. A term, given or the customer's, computes the due date."""
    on = header.get("WHENCREATED")
    if on is None:
        return [problems.missing_value("Date")] if "WHENCREATED" in header else []
    header["WHENPOSTED"] = header.get("WHENPOSTED") or on
    header["TERMNAME"] = header.get("TERMNAME") or (customer or {}).get("TERMNAME")
    found = references.doubts(clerk.store, "ARTERM", [header["TERMNAME"]])
    term = clerk.store.find("ARTERM", "NAME", header["TERMNAME"])
    if not header.get("WHENDUE"):
        if term is None:
            return found or [problems.missing_value("Date Due")]
        header["WHENDUE"] = terms.due_on(term, on)
    return found


def number_doubts(clerk: Clerk, header: Row) -> list[Problem]:
    settings, number = clerk.settings, header.get("RECORDID")
    if not number:
        if not settings.invoice_number_prefix:
            return [problems.number_missing("an Invoice")]
        serial = clerk.store.world.serial("intacct invoice number")
        header["RECORDID"] = f"{settings.invoice_number_prefix}{serial:05d}"
        return []
    if settings.refuse_duplicate_invoice_numbers and clerk.store.find(INVOICE.header, "RECORDID", number):
        return [problems.number_taken(number)]
    return []


def amount_doubts(clerk: Clerk, document: Document) -> list[Problem]:
    found = [
        problems.negative_line(line["LINE_NO"])
        for line in document.lines
        if (line.get("TRX_AMOUNT") or 0) < 0 and not clerk.settings.allow_negative_lines
    ]
    found += [
        problems.missing_value("Transaction amount")
        for line in document.lines
        if "TRX_AMOUNT" in line and line["TRX_AMOUNT"] is None
    ]
    return [*found, problems.negative_total()] if document.total < 0 else found


def closed(clerk: Clerk, document: Document) -> list[Problem]:
    entities = {line["LOCATIONID"] for line in document.lines if line.get("LOCATIONID")}
    return periods.closed(clerk, [document.header.get("WHENPOSTED")], entities)


def paid_doubts(document: Document, verb: str) -> list[Problem]:
    header = document.header
    if header["STATE"] in (documents.REVERSED, documents.REVERSAL):
        return [problems.wrong_state(header["RECORDID"], header["STATE"], verb)]
    if header["TRX_TOTALPAID"] or header["TRX_TOTALSELECTED"]:
        return [problems.cannot_change_paid(header["RECORDID"], verb)]
    return []

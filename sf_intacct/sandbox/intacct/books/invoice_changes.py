"""Changing an invoice that is in the books: what may still be changed depends on what was paid."""

from collections.abc import Mapping, Sequence

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import coding, currencies, documents, invoice_checks as checks, invoices, taxes
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.documents import Document
from sf_intacct.sandbox.intacct.books.entry import Values, entered
from sf_intacct.sandbox.intacct.books.kinds import INVOICE
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem, Rejection

# Fields that may still be changed once something was paid: they touch no amount and no account.
MEMO_FIELDS = frozenset({"DESCRIPTION", "DOCNUMBER", "ENTRYDESCRIPTION", "SUPDOCID"})


def update(clerk: Clerk, number: int, values: Values, changed: Mapping[int, Values], added: Sequence[Values]) -> Row:
    """Changes an invoice: header fields, lines by their number from 1, further lines. Raises Rejection."""
    document = invoices.must_exist(clerk, number, "update")
    header, found = _present(clerk, INVOICE.header, values)
    edits, more = _edits(clerk, document, changed)
    touched_fields = {*header, *(name for row in edits.values() for name in row)}
    found += [*more, *checks.not_imitated([*changed.values(), *added])]
    found += taxes.change_doubts(document, [*changed.values(), *added])
    found += _changeable(clerk, document, touched_fields, added)
    found += _head(clerk, document, header, values)
    touched = _merged(clerk, document, edits, added)
    customer = clerk.store.find("CUSTOMER", "CUSTOMERID", document.header["CUSTOMERID"])
    found += [*document.problems, *coding.code(clerk, touched, customer), *checks.amount_doubts(clerk, document)]
    stays_draft = document.header["STATE"] == documents.DRAFT and not _submits(values)
    if _submits(values):
        found += checks.closed(clerk, document)
    if found:
        raise Rejection([*found, problems.could_not("update", INVOICE.name)])
    documents.complete(document)
    document.header["STATE"] = documents.DRAFT if stays_draft else documents.state_of(document.header)
    _rewrite(clerk, document)
    return document.header


def _submits(values: Values) -> bool:
    return str(values.get("ACTION") or "").strip().lower() == "submit"


def _present(clerk: Clerk, object_name: str, values: Values) -> tuple[Row, list[Problem]]:
    """What was typed; an empty text changes nothing."""
    row, found = entered(clerk.store.schema[object_name], values)
    return {name: value for name, value in row.items() if value is not None}, found


def _head(clerk: Clerk, document: Document, changes: Row, values: Values) -> list[Problem]:
    """Puts the changes into the header; a new customer, number, date or currency is checked as on entry."""
    old_number, header = document.header["RECORDID"], document.header
    header.update(changes)
    customer = clerk.store.find("CUSTOMER", "CUSTOMERID", header["CUSTOMERID"])
    found = checks.customer_doubts(clerk, header, customer) if "CUSTOMERID" in changes else []
    if values.get("BILLTO") or values.get("SHIPTO"):
        found += checks.contact_doubts(clerk, header, values, customer)
    if {"WHENCREATED", "WHENDUE", "TERMNAME"} & changes.keys():
        _forget_due_date(header, changes)
        found += checks.date_doubts(clerk, header, customer)
    if header["RECORDID"] != old_number:
        found += checks.number_doubts(clerk, header)
    return found + _recurrency(clerk, header, changes, customer)


def _edits(clerk: Clerk, document: Document, changed: Mapping[int, Values]) -> tuple[dict[int, Row], list[Problem]]:
    """Typed changes by line number."""
    edits: dict[int, Row] = {}
    found: list[Problem] = []
    for at, values in changed.items():
        edits[at], more = _present(clerk, INVOICE.line, values)
        found += more
        if not 1 <= at <= len(document.lines):
            found.append(problems.no_such_line(at))
    return edits, found


def _changeable(clerk: Clerk, document: Document, names: set[str], added: Sequence[Values]) -> list[Problem]:
    header = document.header
    if header["STATE"] == documents.DRAFT:
        return []
    paid = bool(header["TRX_TOTALPAID"] or header["TRX_TOTALSELECTED"])
    custom = {one.id for one in clerk.store.schema[INVOICE.header].fields if one.custom}
    custom |= {one.id for one in clerk.store.schema[INVOICE.line].fields if one.custom}
    harmless = header["STATE"] == documents.PARTIALLY_PAID and not added and names <= MEMO_FIELDS | custom
    if paid and not harmless:
        return [problems.cannot_change_paid(header["RECORDID"], "updated")]
    if header["STATE"] in (documents.REVERSED, documents.REVERSAL):
        return [problems.wrong_state(header["RECORDID"], header["STATE"], "updated")]
    # The posting date of the record as it stands decides, not the date it would get.
    return checks.closed(clerk, document)


def _recurrency(clerk: Clerk, header: Row, changes: Row, customer: Row | None) -> list[Problem]:
    names = ("BASECURR", "CURRENCY", "EXCH_RATE_DATE", "EXCHANGE_RATE")
    asked = {name: changes[name] for name in names if changes.get(name)}
    if not asked:
        return []
    found = currencies.fix(clerk, asked, customer, header["WHENCREATED"])
    header.update(asked)
    return found


def _forget_due_date(header: Row, changes: Row) -> None:
    """A new date or term computes a new due date, unless one was given."""
    if not changes.get("WHENDUE"):
        header["WHENDUE"] = None
    if changes.get("WHENCREATED") and not changes.get("WHENPOSTED"):
        header["WHENPOSTED"] = None


def _merged(clerk: Clerk, document: Document, edits: Mapping[int, Row], added: Sequence[Values]) -> list[Row]:
    """Puts edits and new lines into the document; returns the lines that were touched."""
    touched = []
    for at, row in edits.items():
        if 1 <= at <= len(document.lines):
            document.lines[at - 1].update(row)
            touched.append(document.lines[at - 1])
    for values in added:
        row, more = entered(clerk.store.schema[INVOICE.line], values)
        document.problems += more
        document.lines.append({**row, "LINE_NO": len(document.lines) + 1})
        touched.append(document.lines[-1])
    return touched


def _rewrite(clerk: Clerk, document: Document) -> None:
    old = [line for line in document.lines if "RECORDNO" in line]
    clerk.change_many(INVOICE.line, {line["RECORDNO"]: line for line in old})
    documents.add_lines(clerk, document, [line for line in document.lines if "RECORDNO" not in line])
    clerk.change(INVOICE.header, document.number, document.header)

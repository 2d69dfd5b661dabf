"""Invoices are entered, deleted and reversed; for changing them see `invoice_changes`."""

from collections.abc import Sequence

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import coding, currencies, documents, invoice_checks as checks, periods, taxes
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.documents import Document, Kind
from sf_intacct.sandbox.intacct.books.entry import Values
from sf_intacct.sandbox.intacct.books.kinds import INVOICE, ORDER_ENTRY_INVOICE
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.values import BadValue, iso_date, us_date


def create(clerk: Clerk, values: Values, lines: Sequence[Values], kind: Kind = INVOICE) -> Row:
    """Adds an invoice and returns its header. `values` and `lines` are texts by field id. Raises Rejection."""
    document = documents.typed(clerk, kind, values, lines)
    header = document.header
    customer = clerk.store.find("CUSTOMER", "CUSTOMERID", header.get("CUSTOMERID"))
    rate_type = str(values.get("EXCHRATETYPE") or "").strip()
    draft = str(values.get("ACTION") or "Submit").strip().lower() == "draft"
    found = [
        *document.problems,
        *checks.not_imitated(lines),
        *checks.customer_doubts(clerk, header, customer),
        *checks.contact_doubts(clerk, header, values, customer),
        *checks.date_doubts(clerk, header, customer),
        *checks.number_doubts(clerk, header),
        *currencies.fix(clerk, header, customer, header.get("WHENCREATED") or clerk.today, rate_type),
        *coding.code(clerk, document.lines, customer),
        *taxes.levy(clerk, document, lines),
        *checks.amount_doubts(clerk, document),
        *([] if draft else checks.closed(clerk, document)),
    ]
    if found:
        raise Rejection([*found, problems.could_not("create", INVOICE.name)])
    documents.complete(document)
    header["STATE"] = documents.DRAFT if draft else documents.state_of(header)
    if header["STATE"] == documents.PAID:
        header["WHENPAID"] = header["WHENPOSTED"]
    documents.write(clerk, document)
    return header


def remake(clerk: Clerk, number: int, lines: Sequence[Values]) -> Row:
    """What an edit of a sales document does to its invoice: the record goes, another takes its number."""
    old = delete(clerk, number)
    day = us_date(old["WHENCREATED"])
    kept = {name: str(old[name] or "") for name in ("RECORDID", "CUSTOMERID", "TERMNAME", "DOCNUMBER", "SALESFORCE_ID")}
    return create(clerk, {**kept, "WHENCREATED": day}, lines, ORDER_ENTRY_INVOICE)


def delete(clerk: Clerk, number: int) -> Row:
    """Removes an unpaid invoice of an open period. Raises Rejection."""
    document = must_exist(clerk, number, "delete")
    found = checks.paid_doubts(document, "deleted")
    if document.header["STATE"] != documents.DRAFT:
        found += checks.closed(clerk, document)
    if found:
        raise Rejection([*found, problems.could_not("delete", INVOICE.name)])
    clerk.remove(INVOICE.line, [line["RECORDNO"] for line in document.lines])
    clerk.remove(INVOICE.header, [number])
    return document.header


def reverse(clerk: Clerk, number: int, on: str, description: str = "") -> Row:
    """Adds the contra record of a posted, unpaid invoice, dated `mm/dd/yyyy`; returns it. Raises Rejection."""
    document = must_exist(clerk, number, "reverse")
    found = checks.paid_doubts(document, "reversed")
    if document.header["STATE"] != documents.POSTED and not found:
        state = document.header["STATE"]
        found = [problems.wrong_state(document.header["RECORDID"], state, "reversed")]
    try:
        day = iso_date(on, "Reversal date")
        found += periods.closed(clerk, [day])
    except BadValue as error:
        found.append(error.problem)
    if found:
        raise Rejection([*found, problems.could_not("reverse", INVOICE.name)])
    contra = _contra(document, day, description)
    documents.complete(contra)
    documents.write(clerk, _settled(contra, documents.REVERSAL, day))
    _settle(clerk, document, day)
    return contra.header


def must_exist(clerk: Clerk, number: int, purpose: str) -> Document:
    """The invoice of that record number. Raises Rejection."""
    document = documents.existing(clerk, INVOICE, number)
    if document is None:
        missing = problems.no_such_record(INVOICE.name, str(number), purpose)
        raise Rejection([missing, problems.could_not(purpose, INVOICE.name)])
    return document


# Reversing


def _contra(document: Document, day: str, description: str) -> Document:
    """The same document with negative amounts, dated `day`."""
    keep = ("CUSTOMERID", "TERMNAME", "BASECURR", "CURRENCY", "EXCHANGE_RATE", "BILLTOPAYTOKEY", "SHIPTORETURNTOKEY")
    header = {name: document.header[name] for name in keep}
    header |= {"RECORDID": document.header["RECORDID"], "DESCRIPTION": description or document.header["DESCRIPTION"]}
    header |= {"WHENCREATED": day, "WHENPOSTED": day, "WHENDUE": day}
    skipped = ("RECORDNO", "RECORDKEY", "DELETED_AT", "SALESFORCE_LINE_ID")
    lines = [
        {**{name: one for name, one in line.items() if name not in skipped}, "TRX_AMOUNT": -line["TRX_AMOUNT"]}
        for line in document.lines
    ]
    return Document(document.kind, header, lines)


def _settled(document: Document, state: str, day: str) -> Document:
    """The document with nothing due: what it asks for and its contra cancel each other."""
    for line in document.lines:
        line.update(TOTALPAID=line["AMOUNT"], TRX_TOTALPAID=line["TRX_AMOUNT"])
    document.header.update(documents.totals(document.lines), STATE=state, WHENPAID=day)
    return document


def _settle(clerk: Clerk, document: Document, day: str) -> None:
    _settled(document, documents.REVERSED, day)
    paid = ("TOTALPAID", "TRX_TOTALPAID")
    changes = {line["RECORDNO"]: {name: line[name] for name in paid} for line in document.lines}
    clerk.change_many(INVOICE.line, changes)
    clerk.change(INVOICE.header, document.number, document.header)

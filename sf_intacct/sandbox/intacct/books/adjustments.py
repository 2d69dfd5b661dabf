"""Adjustments: credit memos (negative) and debit memos (positive), entered and deleted. They have no terms."""

from collections.abc import Sequence

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import coding, currencies, documents, invoice_checks as checks, taxes
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.documents import Document, Kind
from sf_intacct.sandbox.intacct.books.entry import Values
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem, Rejection

ADJUSTMENT = Kind("ARADJUSTMENT", "ARADJUSTMENTITEM", "Adjustment", "4.AR")


def create(clerk: Clerk, values: Values, lines: Sequence[Values]) -> Row:
    """Adds an adjustment and returns its header. The invoice it names is a text, nothing more. Raises Rejection."""
    document = documents.typed(clerk, ADJUSTMENT, values, lines)
    header = document.header
    customer = clerk.store.find("CUSTOMER", "CUSTOMERID", header.get("CUSTOMERID"))
    rate_type = str(values.get("EXCHRATETYPE") or "").strip()
    draft = str(values.get("ACTION") or "Submit").strip().lower() == "draft"
    found = [
        *document.problems,
        *checks.not_imitated(lines),
        *checks.customer_doubts(clerk, header, customer),
        *checks.contact_doubts(clerk, header, values, customer),
        *_date(header),
        *_number(clerk, header),
        *currencies.fix(clerk, header, customer, header.get("WHENCREATED") or clerk.today, rate_type),
        *coding.code(clerk, document.lines, customer),
        *taxes.levy(clerk, document, lines),
        *_amounts(document),
        *([] if draft else checks.closed(clerk, document)),
    ]
    if found:
        raise Rejection([*found, problems.could_not("create", ADJUSTMENT.name)])
    documents.complete(document)
    header["STATE"] = documents.DRAFT if draft else documents.state_of(header)
    documents.write(clerk, document)
    return header


def delete(clerk: Clerk, number: int) -> Row:
    """Removes an adjustment of an open period that was not applied. Raises Rejection."""
    document = documents.existing(clerk, ADJUSTMENT, number)
    if document is None:
        missing = problems.no_such_record(ADJUSTMENT.name, str(number), "delete")
        raise Rejection([missing, problems.could_not("delete", ADJUSTMENT.name)])
    found = checks.paid_doubts(document, "deleted")
    if document.header["STATE"] != documents.DRAFT:
        found += checks.closed(clerk, document)
    if found:
        raise Rejection([*found, problems.could_not("delete", ADJUSTMENT.name)])
    clerk.remove(ADJUSTMENT.line, [line["RECORDNO"] for line in document.lines])
    clerk.remove(ADJUSTMENT.header, [number])
    return document.header


def _date(header: Row) -> list[Problem]:
    on = header.get("WHENCREATED")
    header["WHENPOSTED"] = header.get("WHENPOSTED") or on
    # A date that could not be read is a problem already.
    return [problems.missing_value("Date")] if on is None and "WHENCREATED" not in header else []


def _number(clerk: Clerk, header: Row) -> list[Problem]:
    number = header.get("RECORDID")
    if not number:
        header["RECORDID"] = f"ADJ-{clerk.store.world.serial('intacct adjustment number'):05d}"
        return []
    taken = clerk.store.find(ADJUSTMENT.header, "RECORDID", number)
    return [problems.number_taken(number)] if taken and clerk.settings.refuse_duplicate_invoice_numbers else []


def _amounts(document: Document) -> list[Problem]:
    """An adjustment of nothing is none."""
    amounts = [line.get("TRX_AMOUNT") for line in document.lines]
    if None in amounts:
        return [problems.missing_value("Transaction amount")]
    return [] if document.total else [problems.missing_value("Total amount")]

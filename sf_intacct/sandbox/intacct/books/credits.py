"""Credit memos are applied to invoices: a payment record of no money whose details name the credit; and taken back."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import currencies, documents, payments, periods
from sf_intacct.sandbox.intacct.books.adjustments import ADJUSTMENT
from sf_intacct.sandbox.intacct.books.allocation import Allocation, Share
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.documents import Document
from sf_intacct.sandbox.intacct.books.entry import Values, entered, missing, with_defaults
from sf_intacct.sandbox.intacct.books.kinds import INVOICE
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem, Rejection
from sf_intacct.sandbox.intacct.values import BadValue, iso_date, number, plain, scaled

KEY, AMOUNT = "ADJUSTMENTKEY", "TRX_ADJUSTMENTAMOUNT"


@dataclass
class Use:
    """How much, in cents, of which credit memo goes to which invoice."""

    credit: int
    invoice: int
    amount: int


def is_use(details: Sequence[Values]) -> bool:
    """Whether the details of a payment, as typed or as kept, apply credit memos and no money beside them."""
    return bool(details) and all(detail.get(KEY) and not _has(detail, "TRX_PAYMENTAMOUNT") for detail in details)


def _has(detail: Values, name: str) -> bool:
    """Whether a detail has an amount that is not nothing."""
    return str(detail.get(name) or "0").strip(" 0.") != ""


def apply(clerk: Clerk, values: Values, details: Sequence[Values]) -> Row:
    """Adds the payment record of no money that applies credit memos to invoices. Raises Rejection."""
    header, found = _header(clerk, values)
    uses, more = _uses(details)
    allocation = Allocation(clerk, header.get("CUSTOMERID"))
    credits = {use.credit: documents.existing(clerk, ADJUSTMENT, use.credit) for use in uses}
    for use in uses:
        more += _spend(credits[use.credit], use, header.get("CUSTOMERID"))
        allocation.add(Share(use.invoice, None, use.amount))
    found += [*more, *allocation.problems]
    if found:
        raise Rejection([*found, problems.could_not("create", payments.NAME)])
    header["RECORDNO"] = clerk.add(payments.HEADER, [header])[0]
    clerk.add(payments.DETAIL, list(_details(header, uses, allocation)))
    _write(clerk, [document for document in credits.values() if document], header["RECEIPTDATE"])
    _write(clerk, list(allocation.invoices.values()), header["RECEIPTDATE"])
    return header


def take_back(clerk: Clerk, number_of_payment: int, on: str) -> Row:
    """Voids an application of credits, dated `mm/dd/yyyy`: both documents are open again. Raises Rejection."""
    header = payments.must_exist(clerk, number_of_payment, "reverse")
    details = clerk.store.where(payments.DETAIL, "PAYMENTKEY", [number_of_payment])
    if header["STATE"] != payments.COMPLETE or not is_use(details):
        raise Rejection([problems.wrong_state(str(number_of_payment), header["STATE"], "reversed")])
    day = iso_date(on, "Reversal date")
    found = periods.closed(clerk, [day])
    if found:
        raise Rejection([*found, problems.could_not("reverse", payments.NAME)])
    clerk.change_many(payments.DETAIL, {one["RECORDNO"]: {"STATE": payments.VOIDED} for one in details})
    clerk.change(payments.HEADER, number_of_payment, {"STATE": payments.VOIDED, "DISPLAYSTATE": documents.REVERSED})
    for detail in details:
        for kind, key, sign in ((INVOICE, detail["RECORDKEY"], -1), (ADJUSTMENT, detail[KEY], 1)):
            document = documents.existing(clerk, kind, key)
            if document is not None:
                _run_down(document, sign * detail[AMOUNT], taking_back=True)
                _write(clerk, [document], None)
    return header


def _header(clerk: Clerk, values: Values) -> tuple[Row, list[Problem]]:
    definition = clerk.store.schema[payments.HEADER]
    header, found = entered(definition, values)
    header = with_defaults(definition, header)
    found = found or missing(definition, header)
    customer = clerk.store.find("CUSTOMER", "CUSTOMERID", header.get("CUSTOMERID"))
    if customer is None:
        found.append(problems.unknown_reference("CUSTOMER", str(header.get("CUSTOMERID"))))
    header["PAYMENTDATE"] = header.get("PAYMENTDATE") or header.get("RECEIPTDATE")
    header["WHENCREATED"], header["WHENPAID"] = header["PAYMENTDATE"], header.get("RECEIPTDATE")
    found += currencies.fix(clerk, header, customer, header["PAYMENTDATE"] or clerk.today)
    found += periods.closed(clerk, [header.get("RECEIPTDATE")])
    header.update(STATE=payments.COMPLETE, DISPLAYSTATE=payments.COMPLETE, MODULEKEY=payments.MODULE, CLEARED="F")
    for name in ("ENTERED", "PAID", "DUE"):
        header.update({f"TOTAL{name}": 0, f"TRX_TOTAL{name}": 0})
    return header, found


def _uses(details: Sequence[Values]) -> tuple[list[Use], list[Problem]]:
    uses: list[Use] = []
    found: list[Problem] = []
    for detail in details:
        texts = {name: str(detail.get(name) or "").strip() for name in ("RECORDKEY", KEY, AMOUNT)}
        try:
            amount = scaled(number(texts[AMOUNT], "Adjustment amount"))
            keys = [scaled(number(texts[name], name), 0) for name in (KEY, "RECORDKEY")]
        except BadValue as error:
            found.append(error.problem)
            continue
        uses.append(Use(keys[0], keys[1], amount))
        found += [] if amount > 0 else [problems.not_a_number("Adjustment amount", texts[AMOUNT])]
    return uses, found


def _spend(credit: Document | None, use: Use, customer: str | None) -> list[Problem]:
    """Takes what is used off the credit memo, line by line."""
    if credit is None:
        return [problems.no_such_record(ADJUSTMENT.name, str(use.credit), "apply")]
    header, left = credit.header, -credit.header["TRX_TOTALDUE"]
    if header["CUSTOMERID"] != customer:
        return [problems.other_customer(header["RECORDID"], str(customer))]
    if header["STATE"] not in documents.OPEN_STATES:
        return [problems.wrong_state(header["RECORDID"], header["STATE"], "applied")]
    if use.amount > left:
        return [problems.exceeds_due(header["RECORDID"], plain(use.amount), plain(left))]
    _run_down(credit, -use.amount)
    return []


def _run_down(document: Document, amount: int, *, taking_back: bool = False) -> None:
    """Moves `amount` (signed) of what is paid over the lines, each as far as it goes."""
    for line in document.lines:
        room = -line["TRX_TOTALPAID"] if taking_back else line["TRX_AMOUNT"] - line["TRX_TOTALPAID"]
        part = max(amount, min(room, 0)) if amount < 0 else min(amount, max(room, 0))
        line["TRX_TOTALPAID"] += part
        line["TOTALPAID"] = currencies.in_base(document.header, line["TRX_TOTALPAID"])
        amount -= part
    document.header.update(documents.totals(document.lines))


def _details(header: Row, uses: Sequence[Use], allocation: Allocation) -> list[Row]:
    """One row for every invoice line and credit memo: shares are used up in the order in which they were given."""
    rows: list[Row] = []
    queue = [Use(use.credit, use.invoice, use.amount) for use in uses]
    for one in allocation.applied:
        left = one.amount
        for use in (use for use in queue if use.invoice == one.invoice.number):
            part = min(left, use.amount)
            if part:
                use.amount, left = use.amount - part, left - part
                rows.append(_detail(header, one.invoice.number, one.line["RECORDNO"], use.credit, part))
    return rows


def _detail(header: Row, invoice: int, line: int, credit: int, amount: int) -> Row:
    return {
        "RECORDKEY": invoice,
        "ENTRYKEY": line,
        "PAYMENTKEY": header["RECORDNO"],
        "PAYMENTDATE": header["RECEIPTDATE"],
        "PAYMENTAMOUNT": 0,
        "TRX_PAYMENTAMOUNT": 0,
        KEY: credit,
        AMOUNT: amount,
        "CURRENCY": header["CURRENCY"],
        "STATE": payments.COMPLETE,
        "MODULEKEY": payments.MODULE,
    }


def _write(clerk: Clerk, changed: Sequence[Document], day: str | None) -> None:
    """The lines and the standing of documents of which something was applied."""
    names: Mapping[str, None] = dict.fromkeys(("TOTALPAID", "TOTALDUE", "TRX_TOTALPAID", "TRX_TOTALDUE"))
    for document in changed:
        header = document.header
        header["STATE"] = documents.state_of(header)
        header["WHENPAID"] = day if header["STATE"] == documents.PAID else None
        lines = {one["RECORDNO"]: {n: one[n] for n in ("TOTALPAID", "TRX_TOTALPAID")} for one in document.lines}
        clerk.change_many(document.kind.line, lines)
        clerk.change(document.kind.header, document.number, {n: header[n] for n in (*names, "STATE", "WHENPAID")})

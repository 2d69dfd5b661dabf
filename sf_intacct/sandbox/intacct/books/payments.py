"""Payments: received, applied to invoices line by line, reversed.

A payment is a record of its own. Its details say which line of which invoice it paid.
"""

from collections.abc import Iterator, Mapping, Sequence

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import currencies, documents, periods, references
from sf_intacct.sandbox.intacct.books.allocation import Allocation, Applied, Share
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.entry import Values, entered, missing, with_defaults
from sf_intacct.sandbox.intacct.books.kinds import INVOICE
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem, Rejection
from sf_intacct.sandbox.intacct.values import BadValue, iso_date, number, plain, scaled

HEADER, DETAIL, NAME, MODULE = "ARPYMT", "ARPYMTDETAIL", "Payment", "4.AR"
COMPLETE, VOIDED = "Complete", "Voided"
KEPT_BY_CONTRA = (
    "CUSTOMERID",
    "PAYERNAME",
    "PAYMENTMETHOD",
    "FINANCIALENTITY",
    "FINANCIALENTITYTYPE",
    "UNDEPOSITEDACCOUNTNO",
    "DOCNUMBER",
    "BASECURR",
    "CURRENCY",
    "EXCHANGE_RATE",
    "MODULEKEY",
    "CLEARED",
)
# Ways to pay with something other than money; they come with the objects they need.
CREDITS = {
    "POSADJKEY": "Paying a debit memo",
    "ADJUSTMENTKEY": "Applying a credit memo beside money",
    "ADVANCEKEY": "Applying an advance beside money",
    "OVERPAYMENTKEY": "Applying an overpayment beside money",
    "INLINEKEY": "Applying an inline credit",
    "NEGATIVEINVOICEKEY": "Applying a negative invoice",
    "DISCOUNTDATE": "A discount",
    "TRX_TOTALDISCOUNTTOAPPLY": "A discount",
}


def receive(clerk: Clerk, values: Values, details: Sequence[Values]) -> Row:
    """Adds a payment applied to invoices and returns its header. Raises Rejection."""
    header, found = _header(clerk, values)
    shares, more = _shares(clerk, details)
    allocation = Allocation(clerk, header.get("CUSTOMERID"))
    for share in shares:
        allocation.add(share)
    over = header.get("OVERPAYMENTAMOUNT") or 0
    if not shares and not more and over <= 0:
        found.append(problems.missing_value("Payment details"))
    if over and not clerk.settings.allow_overpayments:
        found.append(problems.exceeds_due("the payment", plain(over), "0"))
    found += [*more, *allocation.problems]
    if found:
        raise Rejection([*found, problems.could_not("create", NAME)])
    header.update(_amounts(header, sum(_worth(header, one) for one in allocation.applied), over))
    header["RECORDNO"] = clerk.add(HEADER, [header])[0]
    _enter(clerk, header, allocation, header["RECEIPTDATE"])
    return header


def apply(clerk: Clerk, number_of_payment: int, on: str, details: Sequence[Values]) -> Row:
    """Applies what is left of a payment to invoices, on `mm/dd/yyyy`; returns its header. Raises Rejection."""
    header = must_exist(clerk, number_of_payment, "apply")
    shares, found = _shares(clerk, details)
    day = _day(on, "Payment date", found)
    allocation = Allocation(clerk, header["CUSTOMERID"])
    for share in shares:
        allocation.add(share)
    wanted = sum(share.amount for share in shares)
    if wanted > header["TRX_TOTALDUE"]:
        left = plain(header["TRX_TOTALDUE"])
        found.append(problems.exceeds_due(f"payment {number_of_payment}", plain(wanted), left))
    found += [*allocation.problems, *periods.closed(clerk, [day])]
    if found:
        raise Rejection([*found, problems.could_not("update", NAME)])
    over = header["TRX_TOTALDUE"] - wanted
    header.update(_amounts(header, header["TRX_TOTALPAID"] + wanted, over))
    clerk.change(HEADER, number_of_payment, header)
    _enter(clerk, header, allocation, day)
    return header


def reverse(clerk: Clerk, number_of_payment: int, on: str, description: str = "") -> Row:
    """Voids a payment by a contra record dated `mm/dd/yyyy`, reopens its invoices; returns the contra record.

    Nothing links the two records: the real system gives no way to match them but customer, invoices, amounts.
    """
    header = must_exist(clerk, number_of_payment, "reverse")
    found: list[Problem] = []
    day = _day(on, "Reversal date", found)
    found += periods.closed(clerk, [day])
    if header["STATE"] != COMPLETE or header["DISPLAYSTATE"] != COMPLETE:
        found.append(problems.wrong_state(str(number_of_payment), header["DISPLAYSTATE"], "reversed"))
    if found:
        raise Rejection([*found, problems.could_not("reverse", NAME)])
    details = clerk.store.where(DETAIL, "PAYMENTKEY", [number_of_payment])
    contra = _contra(header, day, description)
    contra["RECORDNO"] = clerk.add(HEADER, [contra])[0]
    clerk.add(DETAIL, [_contra_detail(one, contra["RECORDNO"], day) for one in details])
    clerk.change_many(DETAIL, {one["RECORDNO"]: {"STATE": VOIDED} for one in details})
    voided: Row = {"STATE": VOIDED, "DISPLAYSTATE": documents.REVERSED, "TOTALDUE": 0, "TRX_TOTALDUE": 0}
    clerk.change(HEADER, number_of_payment, voided)
    reopen(clerk, details)
    return contra


def must_exist(clerk: Clerk, number_of_payment: int, purpose: str) -> Row:
    """The header of a payment. Raises Rejection."""
    header = clerk.store.find(HEADER, "RECORDNO", number_of_payment)
    if header is None:
        missing_record = problems.no_such_record(NAME, str(number_of_payment), purpose)
        raise Rejection([missing_record, problems.could_not(purpose, NAME)])
    return header


# Entering


def _header(clerk: Clerk, values: Values) -> tuple[Row, list[Problem]]:
    definition = clerk.store.schema[HEADER]
    header, found = entered(definition, values)
    header = with_defaults(definition, header)
    found = found or missing(definition, header)
    if str(values.get("ACTION") or "Submit").strip().lower() == "draft":
        found.append(problems.not_imitated("A draft payment"))
    customer = clerk.store.find("CUSTOMER", "CUSTOMERID", header.get("CUSTOMERID"))
    if not header.get("CUSTOMERID") and not header.get("PAYERNAME"):
        found.append(problems.missing_value("Customer ID"))
    if header.get("CUSTOMERID") and customer is None:
        found.append(problems.unknown_reference("CUSTOMER", header["CUSTOMERID"]))
    header["PAYMENTDATE"] = header.get("PAYMENTDATE") or clerk.today
    header["WHENCREATED"], header["WHENPAID"] = header["PAYMENTDATE"], header.get("RECEIPTDATE")
    found += currencies.fix(clerk, header, customer, header["PAYMENTDATE"])
    found += _where_to(clerk, header) + periods.closed(clerk, [header.get("RECEIPTDATE")])
    header.update(STATE=COMPLETE, DISPLAYSTATE=COMPLETE, MODULEKEY=MODULE, CLEARED="F")
    return header, found


def _where_to(clerk: Clerk, header: Row) -> list[Problem]:
    """The bank account or the undeposited funds the money went to."""
    bank, account = header.get("FINANCIALENTITY"), header.get("UNDEPOSITEDACCOUNTNO")
    if bank:
        header["FINANCIALENTITYTYPE"] = "ba"
        return references.doubts(clerk.store, "CHECKINGACCOUNT", [bank])
    if account:
        return references.doubts(clerk.store, "GLACCOUNT", [account])
    return [problems.needs_an_account()]


def _shares(clerk: Clerk, details: Sequence[Values]) -> tuple[list[Share], list[Problem]]:
    shares: list[Share] = []
    found: list[Problem] = []
    for detail in details:
        found += [problems.not_imitated(what) for name, what in CREDITS.items() if detail.get(name)]
        try:
            shares.append(_share(detail))
        except BadValue as error:
            found.append(error.problem)
    return shares, found


def _share(detail: Values) -> Share:
    texts = {name: str(detail.get(name) or "").strip() for name in ("RECORDKEY", "ENTRYKEY", "TRX_PAYMENTAMOUNT")}
    if not texts["RECORDKEY"]:
        raise BadValue(problems.missing_value("Invoice key"))
    amount = scaled(number(texts["TRX_PAYMENTAMOUNT"], "Payment amount"))
    if amount <= 0:
        raise BadValue(problems.not_a_number("Payment amount", texts["TRX_PAYMENTAMOUNT"]))
    entry = scaled(number(texts["ENTRYKEY"], "Invoice line key"), 0) if texts["ENTRYKEY"] else None
    return Share(scaled(number(texts["RECORDKEY"], "Invoice key"), 0), entry, amount)


def _amounts(header: Mapping[str, int], applied: int, over: int) -> Row:
    found: Row = {"OVERPAYMENTAMOUNT": over or None}
    for name, amount in (("ENTERED", applied + over), ("PAID", applied), ("DUE", over)):
        found[f"TRX_TOTAL{name}"] = amount
        found[f"TOTAL{name}"] = currencies.in_base(dict(header), amount)
    return found


def _worth(header: Row, one: Applied) -> int:
    """What was applied to an invoice of any currency, in a payment of the same or of the books' currency."""
    if one.invoice.header["CURRENCY"] == header["CURRENCY"]:
        return one.amount
    return currencies.in_base(one.invoice.header, one.amount)


def _enter(clerk: Clerk, header: Row, allocation: Allocation, day: str) -> None:
    """Writes the details of a payment, and what follows from them."""
    clerk.add(DETAIL, list(_details(header, allocation.applied, day)))
    settle(clerk, allocation, day)


def settle(clerk: Clerk, allocation: Allocation, day: str) -> None:
    """Writes what an allocation changed on lines and invoices."""
    touched = clerk.settings.payments_touch_invoices
    lines = {one.line["RECORDNO"]: _paid(one.line) for one in allocation.applied}
    clerk.change_many(INVOICE.line, lines, stamped=touched)
    for document in allocation.invoices.values():
        document.header["STATE"] = documents.state_of(document.header)
        document.header["WHENPAID"] = day if document.header["STATE"] == documents.PAID else None
    clerk.change_many(
        INVOICE.header,
        {key: _standing(document.header) for key, document in allocation.invoices.items()},
        stamped=touched,
    )


def _details(header: Row, applied: Sequence[Applied], day: str) -> Iterator[Row]:
    for one in applied:
        yield {
            "RECORDKEY": one.invoice.number,
            "ENTRYKEY": one.line["RECORDNO"],
            "PAYMENTKEY": header["RECORDNO"],
            "PAYMENTDATE": day,
            "PAYMENTAMOUNT": currencies.in_base(one.invoice.header, one.amount),
            "TRX_PAYMENTAMOUNT": one.amount,
            "CURRENCY": one.invoice.header["CURRENCY"],
            "STATE": COMPLETE,
            "MODULEKEY": MODULE,
        }


def _paid(line: Row) -> Row:
    return {name: line[name] for name in ("TOTALPAID", "TRX_TOTALPAID")}


def _standing(header: Row) -> Row:
    names = ("TOTALPAID", "TOTALDUE", "TRX_TOTALPAID", "TRX_TOTALDUE", "STATE", "WHENPAID")
    return {name: header[name] for name in names}


# Reversing


def _day(text: str, label: str, found: list[Problem]) -> str:
    try:
        return iso_date(text, label)
    except BadValue as error:
        found.append(error.problem)
        return ""


def _contra(header: Row, day: str, description: str) -> Row:
    contra = {name: header[name] for name in KEPT_BY_CONTRA}
    contra |= dict.fromkeys(("WHENCREATED", "RECEIPTDATE", "PAYMENTDATE", "WHENPAID"), day)
    contra |= {"STATE": COMPLETE, "DISPLAYSTATE": documents.REVERSAL}
    contra["DESCRIPTION"] = description or header["DESCRIPTION"]
    for prefix in ("", "TRX_"):
        contra[f"{prefix}TOTALENTERED"] = -header[f"{prefix}TOTALENTERED"]
        contra[f"{prefix}TOTALPAID"] = -header[f"{prefix}TOTALENTERED"]
        contra[f"{prefix}TOTALDUE"] = 0
    return contra


def _contra_detail(detail: Row, payment: int, day: str) -> Row:
    keep = ("RECORDKEY", "ENTRYKEY", "CURRENCY", "STATE", "MODULEKEY")
    amounts = {name: -detail[name] for name in ("PAYMENTAMOUNT", "TRX_PAYMENTAMOUNT")}
    return {**{name: detail[name] for name in keep}, **amounts, "PAYMENTKEY": payment, "PAYMENTDATE": day}


def reopen(clerk: Clerk, details: Sequence[Row]) -> None:
    """Takes the amounts of `details` off the lines and invoices they paid."""
    touched = clerk.settings.payments_touch_invoices
    for key in dict.fromkeys(one["RECORDKEY"] for one in details):
        document = documents.existing(clerk, INVOICE, key)
        if document is None:
            continue
        lines = {line["RECORDNO"]: line for line in document.lines}
        for one in details:
            if one["RECORDKEY"] == key:
                line = lines[one["ENTRYKEY"]]
                line["TRX_TOTALPAID"] -= one["TRX_PAYMENTAMOUNT"]
                line["TOTALPAID"] = currencies.in_base(document.header, line["TRX_TOTALPAID"])
        document.header.update(documents.totals(document.lines))
        document.header["STATE"] = documents.state_of(document.header)
        document.header["WHENPAID"] = None
        clerk.change_many(INVOICE.line, {number: _paid(line) for number, line in lines.items()}, stamped=touched)
        clerk.change_many(INVOICE.header, {key: _standing(document.header)}, stamped=touched)

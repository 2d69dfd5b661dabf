"""Money that came before its invoice: advances, and what is left of payments; applied later, taken back, reversed.

Applying it adds a payment record of no money, whose details name what was used and how much of it.
"""

from collections.abc import Sequence

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import currencies, documents, payments, periods, references
from sf_intacct.sandbox.intacct.books.allocation import Allocation, Share
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.entry import Values, entered, missing, with_defaults
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem, Rejection
from sf_intacct.sandbox.intacct.values import BadValue, iso_date, number, plain, scaled

HEADER, NAME = "ARADVANCE", "Advance"
# What can be used, by the field of a detail that names it: its object, and the field of the amount.
SOURCES = {
    "ADVANCEKEY": (HEADER, "TRX_POSTEDADVANCEAMOUNT"),
    "OVERPAYMENTKEY": (payments.HEADER, "TRX_POSTEDOVERPAYMENTAMOUNT"),
}


def is_use(details: Sequence[Values]) -> bool:
    """Whether the details of a payment use earlier money, and nothing else."""
    return bool(details) and all(any(detail.get(key) for key in SOURCES) for detail in details)


def receive(clerk: Clerk, values: Values, items: Sequence[Values]) -> Row:
    """Adds an advance of what its items sum to; returns its header. Raises Rejection."""
    header, found = _header(clerk, HEADER, values)
    total = 0
    for item in items:
        try:
            total += scaled(number(str(item.get("TRX_AMOUNT") or ""), "Amount"))
        except BadValue as error:
            found.append(error.problem)
    if total <= 0:
        found.append(problems.missing_value("Advance items"))
    if header.get("FINANCIALENTITY"):
        found += references.doubts(clerk.store, "CHECKINGACCOUNT", [header["FINANCIALENTITY"]])
    if found:
        raise Rejection([*found, problems.could_not("create", NAME)])
    header.update(STATE=documents.POSTED, **_totals(header, total, 0))
    header["RECORDNO"] = clerk.add(HEADER, [header])[0]
    return header


def apply(clerk: Clerk, values: Values, details: Sequence[Values]) -> Row:
    """Adds the payment record of no money that applies earlier money to invoices. Raises Rejection."""
    header, found = _header(clerk, payments.HEADER, values)
    allocation = Allocation(clerk, header.get("CUSTOMERID"))
    rows: list[Row] = []
    for detail in details:
        rows += _used(clerk, header, detail, allocation, found)
    found += allocation.problems
    if found:
        raise Rejection([*found, problems.could_not("create", payments.NAME)])
    only_rests = all("OVERPAYMENTKEY" in row for row in rows)
    header.update(RECORDTYPE="ro" if only_rests else "rp", DISPLAYSTATE=payments.COMPLETE, **_totals(header, 0, 0))
    header["RECORDNO"] = clerk.add(payments.HEADER, [header])[0]
    clerk.add(payments.DETAIL, [{**row, "PAYMENTKEY": header["RECORDNO"]} for row in rows])
    payments.settle(clerk, allocation, header["RECEIPTDATE"])
    return header


def take_back(clerk: Clerk, number_of_payment: int, on: str) -> Row:
    """Voids a record that applied earlier money, dated `mm/dd/yyyy`: the money is free again. Raises Rejection."""
    header = payments.must_exist(clerk, number_of_payment, "reverse")
    details = clerk.store.where(payments.DETAIL, "PAYMENTKEY", [number_of_payment])
    found = periods.closed(clerk, [iso_date(on, "Reversal date")])
    if header["STATE"] != payments.COMPLETE or not is_use(details):
        found.append(problems.wrong_state(str(number_of_payment), header["STATE"], "reversed"))
    if found:
        raise Rejection([*found, problems.could_not("reverse", payments.NAME)])
    for one in details:
        key = next(name for name in SOURCES if one.get(name))
        _move(clerk, *_source(clerk, key, one[key]), -one[SOURCES[key][1]])
    payments.reopen(clerk, [{**one, "TRX_PAYMENTAMOUNT": _amount(one)} for one in details])
    clerk.remove(payments.DETAIL, [one["RECORDNO"] for one in details])
    clerk.change(payments.HEADER, number_of_payment, {"STATE": payments.VOIDED, "DISPLAYSTATE": documents.REVERSED})
    return header


def reverse(clerk: Clerk, number_of_advance: int, on: str) -> Row:
    """Reverses an advance of which nothing is applied, by a contra record; returns that. Raises Rejection."""
    _, header = _source(clerk, "ADVANCEKEY", number_of_advance)
    found = periods.closed(clerk, [iso_date(on, "Reversal date")])
    if header["STATE"] != documents.POSTED:
        found.append(problems.wrong_state(str(number_of_advance), header["STATE"], "reversed"))
    if found:
        raise Rejection([*found, problems.could_not("reverse", NAME)])
    total, day = header["TRX_TOTALENTERED"], iso_date(on, "Reversal date")
    skipped = ("RECORDNO", "DELETED_AT", "WHENMODIFIED", "AUWHENCREATED")
    contra = {name: value for name, value in header.items() if name not in skipped}
    contra |= {"RECEIPTDATE": day, "PAYMENTDATE": day, "STATE": documents.REVERSAL, **_totals(header, -total, -total)}
    contra["RECORDNO"] = clerk.add(HEADER, [contra])[0]
    clerk.change(HEADER, number_of_advance, {"STATE": documents.REVERSED, **_totals(header, total, total)})
    return contra


def _header(clerk: Clerk, object_name: str, values: Values) -> tuple[Row, list[Problem]]:
    definition = clerk.store.schema[object_name]
    header, found = entered(definition, values)
    header = with_defaults(definition, header)
    found = found or missing(definition, header)
    customer = clerk.store.find("CUSTOMER", "CUSTOMERID", header.get("CUSTOMERID"))
    if customer is None:
        found.append(problems.unknown_reference("CUSTOMER", str(header.get("CUSTOMERID"))))
    header["PAYMENTDATE"] = header.get("PAYMENTDATE") or header.get("RECEIPTDATE") or clerk.today
    header["WHENCREATED"], header["WHENPAID"] = header["PAYMENTDATE"], header.get("RECEIPTDATE")
    found += currencies.fix(clerk, header, customer, header["PAYMENTDATE"])
    found += periods.closed(clerk, [header.get("RECEIPTDATE")])
    header.update(STATE=payments.COMPLETE, MODULEKEY=payments.MODULE, CLEARED="F")
    return header, found


def _totals(header: Row, entered_amount: int, applied: int) -> Row:
    found: Row = {}
    for name, amount in (("ENTERED", entered_amount), ("PAID", applied), ("DUE", entered_amount - applied)):
        found[f"TRX_TOTAL{name}"] = amount
        found[f"TOTAL{name}"] = currencies.in_base(header, amount)
    return found


def _used(clerk: Clerk, header: Row, detail: Values, allocation: Allocation, found: list[Problem]) -> list[Row]:
    """Takes what one detail uses off its source, and gives it to the invoice; the rows of the details."""
    key = next(name for name in SOURCES if detail.get(name))
    field = SOURCES[key][1]
    try:
        amount = scaled(number(str(detail.get(field) or ""), "Amount"))
        invoice, source = (scaled(number(str(detail.get(n) or ""), n), 0) for n in ("RECORDKEY", key))
        object_name, row = _source(clerk, key, source)
    except BadValue as error:
        found.append(error.problem)
        return []
    if row["CUSTOMERID"] != header.get("CUSTOMERID"):
        found.append(problems.other_customer(str(source), str(header.get("CUSTOMERID"))))
    if not 0 < amount <= row["TRX_TOTALDUE"]:
        found.append(problems.exceeds_due(str(source), plain(amount), plain(row["TRX_TOTALDUE"])))
    before = len(allocation.applied)
    allocation.add(Share(invoice, None, amount))
    if found or allocation.problems:
        return []
    _move(clerk, object_name, row, amount)
    return [
        {
            "RECORDKEY": one.invoice.number,
            "ENTRYKEY": one.line["RECORDNO"],
            "PAYMENTDATE": header["RECEIPTDATE"],
            "PAYMENTAMOUNT": 0,
            "TRX_PAYMENTAMOUNT": 0,
            key: source,
            field: one.amount,
            "CURRENCY": one.invoice.header["CURRENCY"],
            "STATE": payments.COMPLETE,
            "MODULEKEY": payments.MODULE,
        }
        for one in allocation.applied[before:]
    ]


def _amount(detail: Row) -> int:
    return sum(detail[field] or 0 for _, field in SOURCES.values())


def _source(clerk: Clerk, key: str, number_of_source: int) -> tuple[str, Row]:
    """The object and the row of earlier money. Raises Rejection."""
    object_name = SOURCES[key][0]
    row = clerk.store.find(object_name, "RECORDNO", number_of_source)
    if row is None:
        raise Rejection([problems.no_such_record(NAME, str(number_of_source), "apply")])
    return object_name, row


def _move(clerk: Clerk, object_name: str, row: Row, amount: int) -> None:
    """Applies `amount`, in cents, of a source; a negative one frees it."""
    changes = _totals(row, row["TRX_TOTALENTERED"], row["TRX_TOTALPAID"] + amount)
    if object_name == HEADER:
        changes["STATE"] = documents.state_of({**row, **changes, "TRX_TOTALSELECTED": 0})
    clerk.change(object_name, row["RECORDNO"], changes)

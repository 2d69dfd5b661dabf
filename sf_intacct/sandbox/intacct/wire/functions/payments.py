"""create_arpayment, apply_arpayment, reverse_arpayment. The generic create of ARPYMT is among the generic writers."""

from typing import Any

from lxml import etree

from sf_intacct.sandbox.intacct.books import credits, payments
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Rejection
from sf_intacct.sandbox.intacct.values import BadValue, number, plain, scaled
from sf_intacct.sandbox.intacct.wire.desk import Desk
from sf_intacct.sandbox.intacct.wire.functions.legacy import day, key, keyed, texts
from sf_intacct.sandbox.intacct.wire.functions.permission import allowed
from sf_intacct.sandbox.intacct.wire.response import Outcome

HEADER = {
    "customerid": "CUSTOMERID",
    "bankaccountid": "FINANCIALENTITY",
    "undepfundsacct": "UNDEPOSITEDACCOUNTNO",
    "refid": "DOCNUMBER",
    "overpaylocid": "OVERPAYMENTLOCATIONID",
    "overpaydeptid": "OVERPAYMENTDEPARTMENTID",
    "datereceived": "RECEIPTDATE",
    "paymentmethod": "PAYMENTMETHOD",
    "basecurr": "BASECURR",
    "currency": "CURRENCY",
    "exchratedate": "EXCH_RATE_DATE",
    "exchrate": "EXCHANGE_RATE",
}
ITEM = {"invoicekey": "RECORDKEY", "amount": "TRX_PAYMENTAMOUNT"}
METHOD = "Printed Check"


def create_arpayment(desk: Desk, element: etree._Element) -> Outcome:
    """What the items leave of the payment amount stays as an overpayment to be applied later."""
    allowed(desk, "CREATE", payments.HEADER)
    values = texts(element, HEADER)
    values["RECEIPTDATE"] = values.get("RECEIPTDATE") or _today(desk)
    values["PAYMENTMETHOD"] = values.get("PAYMENTMETHOD") or METHOD
    items = [texts(one, ITEM) for one in element.iterfind("arpaymentitem")]
    try:
        amount = scaled(number(element.findtext("paymentamount") or "", "Payment amount"))
        spent = sum(scaled(number(str(one.get("TRX_PAYMENTAMOUNT") or ""), "Payment amount")) for one in items)
    except BadValue as error:
        raise Rejection([error.problem]) from error
    if amount > spent:
        values["OVERPAYMENTAMOUNT"] = plain(amount - spent)
    return keyed(desk, payments.receive(desk.clerk, values, items)["RECORDNO"])


def apply_arpayment(desk: Desk, element: etree._Element) -> Outcome:
    allowed(desk, "UPDATE", payments.HEADER)
    items = [texts(one, ITEM) for one in element.iterfind("arpaymentitems/arpaymentitem")]
    if desk.company.store.find("ARADJUSTMENT", "RECORDNO", key(element, "arpaymentkey")):
        return _apply_credit(desk, element, items)
    paid = payments.apply(desk.clerk, key(element, "arpaymentkey"), day(element.find("paymentdate")), items)
    return keyed(desk, paid["RECORDNO"])


def _apply_credit(desk: Desk, element: etree._Element, items: list[dict[str, Any]]) -> Outcome:
    """The record to apply may be a credit memo: all receivables share one space of numbers."""
    credit, on = key(element, "arpaymentkey"), day(element.find("paymentdate"))
    memo = desk.company.store.where("ARADJUSTMENT", "RECORDNO", [credit])[0]
    header = {"CUSTOMERID": memo["CUSTOMERID"], "PAYMENTMETHOD": METHOD, "RECEIPTDATE": on, "PAYMENTDATE": on}
    details = [
        {"RECORDKEY": one.get("RECORDKEY"), credits.KEY: str(credit), credits.AMOUNT: one.get("TRX_PAYMENTAMOUNT")}
        for one in items
    ]
    return keyed(desk, credits.apply(desk.clerk, header, details)["RECORDNO"])


def reverse_arpayment(desk: Desk, element: etree._Element) -> Outcome:
    """Answers the record number of the contra record."""
    allowed(desk, "UPDATE", payments.HEADER)
    on, description = day(element.find("datereversed")), element.findtext("description") or ""
    if credits.is_use(desk.company.store.where(payments.DETAIL, "PAYMENTKEY", [key(element)])):
        return keyed(desk, credits.take_back(desk.clerk, key(element), on)["RECORDNO"])
    contra: Row = payments.reverse(desk.clerk, key(element), on, description)
    return keyed(desk, contra["RECORDNO"])


def _today(desk: Desk) -> str:
    return desk.company.world.clock.now().strftime("%m/%d/%Y")

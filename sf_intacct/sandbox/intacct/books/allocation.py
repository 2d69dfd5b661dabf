"""Where the money of a payment goes: a share of an invoice runs down its lines, each in full before the next."""

from dataclasses import dataclass

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import currencies, documents
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.documents import OPEN_STATES, Document
from sf_intacct.sandbox.intacct.books.kinds import INVOICE
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.values import plain


@dataclass
class Applied:
    """An amount, in cents, that goes to one line of an invoice."""

    invoice: Document
    line: Row
    amount: int


@dataclass
class Share:
    """What one detail asks for: an amount for an invoice, or for one line of it."""

    invoice: int
    entry: int | None
    amount: int


class Allocation:
    """Spreads shares over the open lines of invoices, and keeps every refusal."""

    def __init__(self, clerk: Clerk, customer: str | None) -> None:
        self.clerk, self.customer = clerk, customer
        self.invoices: dict[int, Document] = {}
        self.applied: list[Applied] = []
        self.problems: list[Problem] = []

    def add(self, share: Share) -> None:
        invoice = self.invoices.get(share.invoice) or documents.existing(self.clerk, INVOICE, share.invoice)
        if invoice is None:
            self.problems.append(problems.no_such_invoice(str(share.invoice)))
            return
        self.invoices[share.invoice] = invoice
        found = self._doubts(invoice, share)
        self.problems += found
        if not found:
            self._spread(invoice, share)

    def _doubts(self, invoice: Document, share: Share) -> list[Problem]:
        header, number = invoice.header, invoice.header["RECORDID"]
        if self.customer and header["CUSTOMERID"] != self.customer:
            return [problems.other_customer(number, self.customer)]
        if header["STATE"] == documents.PAID or (header["TRX_TOTALDUE"] == 0 and header["STATE"] in OPEN_STATES):
            return [problems.no_due(number)]
        if header["STATE"] not in OPEN_STATES:
            return [problems.wrong_state(number, header["STATE"], "paid")]
        lines = [line for line in invoice.lines if share.entry in (None, line["RECORDNO"])]
        if not lines:
            return [problems.no_such_invoice(f"{share.invoice}/{share.entry}")]
        due = sum(open_amount(line) for line in lines)
        if share.amount > due:
            return [problems.exceeds_due(number, plain(share.amount), plain(due))]
        return []

    def _spread(self, invoice: Document, share: Share) -> None:
        lines = [line for line in invoice.lines if share.entry in (None, line["RECORDNO"])]
        whole = share.amount == sum(open_amount(line) for line in lines)
        left = share.amount
        for line in lines:
            # Paying what is due settles the negative lines too; a part runs down the positive ones.
            part = open_amount(line) if whole else min(left, max(0, open_amount(line)))
            if part:
                left -= part
                self.applied.append(Applied(invoice, line, part))
                line["TRX_TOTALPAID"] += part
                line["TOTALPAID"] = currencies.in_base(invoice.header, line["TRX_TOTALPAID"])
        invoice.header.update(documents.totals(invoice.lines))


def open_amount(line: Row) -> int:
    return int(line["TRX_AMOUNT"]) - int(line["TRX_TOTALPAID"])

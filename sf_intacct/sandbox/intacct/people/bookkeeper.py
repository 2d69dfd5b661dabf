"""Invoices that are born here, undone or deleted, and the closing of periods."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sf_intacct.sandbox.intacct.books import adjustments, currencies, invoices, periods
from sf_intacct.sandbox.intacct.books.kinds import INVOICE, ORDER_ENTRY_INVOICE
from sf_intacct.sandbox.intacct.people.person import Answer, Person, act, typed


class Bookkeeper(Person):
    """Keeps invoices and periods."""

    @act
    def create_invoice(
        self,
        customer: str,
        lines: Sequence[Mapping[str, str]],
        number: str = "",
        date: str | None = None,
        fields: Mapping[str, str] | None = None,
        order_entry: bool = False,
    ) -> Answer:
        """An invoice born here. A line has `account` and `amount`, and further field ids; so has `fields`."""
        header = {"CUSTOMERID": customer, "RECORDID": number, "WHENCREATED": self.date(date), **typed(fields or {})}
        entered = [_line(one) for one in lines]
        made = invoices.create(self.clerk, header, entered, ORDER_ENTRY_INVOICE if order_entry else INVOICE)
        return {"invoices": self.standing([made["RECORDNO"]])}

    @act
    def remake_invoice(self, invoice: str | int, lines: Sequence[Mapping[str, str]]) -> Answer:
        """Edits the sales document behind an invoice: another record takes its number."""
        made = invoices.remake(self.clerk, self.invoice(invoice)["RECORDNO"], [_line(one) for one in lines])
        return {"invoices": self.standing([made["RECORDNO"]])}

    @act
    def create_adjustment(
        self,
        customer: str,
        lines: Sequence[Mapping[str, str]],
        number: str = "",
        date: str | None = None,
        invoice: str = "",
    ) -> Answer:
        """A credit memo (negative amounts) or debit memo; `invoice` is the number of the invoice it names."""
        header = {"CUSTOMERID": customer, "RECORDID": number, "WHENCREATED": self.date(date), "DOCNUMBER": invoice}
        made = adjustments.create(self.clerk, header, [_line(one) for one in lines])
        return {"adjustment": made["RECORDID"], "RECORDNO": made["RECORDNO"]}

    @act
    def delete_adjustment(self, adjustment: str) -> Answer:
        """Deletes an adjustment of which nothing was applied."""
        found = self.record("ARADJUSTMENT", adjustment)
        adjustments.delete(self.clerk, found["RECORDNO"])
        return {"deleted": {"RECORDNO": found["RECORDNO"], "RECORDID": found["RECORDID"]}}

    @act
    def reverse_invoice(self, invoice: str | int, date: str | None = None, description: str = "") -> Answer:
        """Reverses a posted, unpaid invoice."""
        number = self.invoice(invoice)["RECORDNO"]
        contra = invoices.reverse(self.clerk, number, self.date(date), description)
        return {"invoices": self.standing([number, contra["RECORDNO"]])}

    @act
    def delete_invoice(self, invoice: str | int) -> Answer:
        """Deletes an unpaid invoice; the audit history keeps the trace."""
        found = self.invoice(invoice)
        invoices.delete(self.clerk, found["RECORDNO"])
        return {"deleted": {"RECORDNO": found["RECORDNO"], "RECORDID": found["RECORDID"]}}

    @act
    def enter_rate(self, rate_type: str, currency: str, base: str, date: str, rate: str) -> Answer:
        """Enters an exchange rate of a type of the company's own, from an ISO date on."""
        currencies.set_rate(self.clerk, rate_type, (currency, base), date, str(rate))
        return {"type": rate_type, "from": currency, "to": base, "date": date, "rate": str(rate)}

    @act
    def close_period(self, through: str, entity: str = "", application: str = "AR") -> Answer:
        """Closes the books of an application, up to and including an ISO date."""
        date.fromisoformat(through)
        periods.close(self.company.store, through, entity, application)
        return {"entity": entity, "application": application, "closed_through": through}

    @act
    def open_period(self, entity: str = "", application: str = "AR") -> Answer:
        """Opens everything that was closed for that entity and application."""
        periods.open_all(self.company.store, entity, application)
        return {"entity": entity, "application": application, "closed_through": None}


def _line(line: Mapping[str, Any]) -> dict[str, Any]:
    """A line as it would be typed; `tax` is the tax detail that it names."""
    rest: dict[str, Any] = {k: str(v) for k, v in line.items() if k not in ("account", "amount", "tax")}
    if line.get("tax"):
        rest["TAXENTRIES"] = {"TAXENTRY": {"DETAILID": str(line["tax"])}}
    return {**rest, "ACCOUNTNO": str(line["account"]), "TRX_AMOUNT": str(line["amount"])}

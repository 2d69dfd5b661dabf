"""Money comes in, and goes back."""

import random
from collections.abc import Sequence
from typing import Any

from sf_intacct.sandbox.intacct.books import advances, payments
from sf_intacct.sandbox.intacct.books.currencies import RATE_SCALE, unit_of
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.people.person import Answer, Person, act
from sf_intacct.sandbox.intacct.values import plain, scaled
from sf_intacct.sandbox.system import Refusal


class Cashier(Person):
    """Receives payments and reverses them."""

    @act
    def pay_invoice(
        self,
        invoice: str | int,
        amount: str = "full",
        method: str = "EFT",
        date: str | None = None,
        reference: str | None = None,
        currency: str = "",
    ) -> Answer:
        """A customer pays one invoice: amount is "full" or a decimal text, in the invoice's currency.

        currency: what the money came in, the currency of the books; without it, the invoice's own.
        """
        return self._receive([(self.invoice(invoice), amount)], method, date, reference, currency=currency)

    @act
    def pay_invoices(
        self,
        invoices: Sequence[Any],
        method: str = "EFT",
        date: str | None = None,
        reference: str | None = None,
    ) -> Answer:
        """One payment for several invoices: numbers, or {"invoice": number, "amount": text}."""
        wanted = [one if isinstance(one, dict) else {"invoice": one} for one in invoices]
        parts = [(self.invoice(one["invoice"]), str(one.get("amount", "full"))) for one in wanted]
        return self._receive(parts, method, date, reference)

    @act
    def pay_many(self, count: int, seed: int = 1, method: str = "EFT", date: str | None = None) -> Answer:
        """Pays that many open invoices: a third in full, a third in part, the rest by payments for several."""
        chance = random.Random(seed)  # noqa: S311 - reproducible on purpose, guards nothing
        open_ones = self.clerk.store.select("ARINVOICE", "TRX_TOTALDUE > 0 and STATE in ('Posted', 'Partially Paid')")
        chosen = chance.sample(open_ones, min(int(count), len(open_ones)))
        numbers = []
        for parts in _split(chosen, chance):
            numbers.append(self._receive(parts, method, date, None)["payment"])
        received = sum(row["TRX_TOTALENTERED"] for row in self.clerk.store.where("ARPYMT", "RECORDNO", numbers))
        return {"payments": numbers, "invoices": len(chosen), "received": plain(received)}

    @act
    def overpay_invoice(
        self, invoice: str | int, extra: str, method: str = "EFT", date: str | None = None, reference: str | None = None
    ) -> Answer:
        """A customer pays an invoice and `extra` more, which stays unapplied."""
        return self._receive([(self.invoice(invoice), "full")], method, date, reference, extra)

    @act
    def reverse_payment(self, payment: int, date: str | None = None, description: str = "") -> Answer:
        """Voids a payment by its record number and reopens what it paid."""
        contra = payments.reverse(self.clerk, int(payment), self.date(date), description)
        keys = {row["RECORDKEY"] for row in self.clerk.store.where("ARPYMTDETAIL", "PAYMENTKEY", [int(payment)])}
        return {"payment": int(payment), "reversal": contra["RECORDNO"], "invoices": self.standing(sorted(keys))}

    @act
    def receive_advance(
        self, customer: str, amount: str, method: str = "EFT", date: str | None = None, reference: str | None = None
    ) -> Answer:
        """A customer pays before there is an invoice."""
        header = {"CUSTOMERID": customer, "PAYMENTMETHOD": method, "FINANCIALENTITY": self._bank()}
        header |= {"RECEIPTDATE": self.date(date), "DOCNUMBER": reference or ""}
        return {"advance": advances.receive(self.clerk, header, [{"TRX_AMOUNT": amount}])["RECORDNO"]}

    @act
    def apply_advance(self, advance: int, invoice: str | int, amount: str, date: str | None = None) -> Answer:
        """Pays an invoice out of an advance."""
        return self._use("ADVANCEKEY", int(advance), invoice, amount, date)

    @act
    def apply_overpayment(self, payment: int, invoice: str | int, amount: str, date: str | None = None) -> Answer:
        """Pays an invoice out of what is left of a payment."""
        return self._use("OVERPAYMENTKEY", int(payment), invoice, amount, date)

    @act
    def take_back_application(self, payment: int, date: str | None = None) -> Answer:
        """Voids the record that applied earlier money: the money is free again."""
        return {"payment": advances.take_back(self.clerk, int(payment), self.date(date))["RECORDNO"]}

    @act
    def reverse_advance(self, advance: int, date: str | None = None) -> Answer:
        """Gives an advance back of which nothing is applied."""
        contra = advances.reverse(self.clerk, int(advance), self.date(date))
        return {"advance": int(advance), "reversal": contra["RECORDNO"]}

    def _use(self, key: str, source: int, invoice: str | int, amount: str, date: str | None) -> Answer:
        found = self.invoice(invoice)
        detail = {"RECORDKEY": str(found["RECORDNO"]), key: str(source), advances.SOURCES[key][1]: amount}
        header = {"CUSTOMERID": found["CUSTOMERID"], "PAYMENTMETHOD": "EFT", "RECEIPTDATE": self.date(date)}
        made = advances.apply(self.clerk, header, [detail])
        return {"payment": made["RECORDNO"], "invoices": self.standing([found["RECORDNO"]])}

    def _receive(
        self,
        parts: Sequence[tuple[Row, str]],
        method: str,
        date: str | None,
        reference: str | None,
        extra: str = "",
        currency: str = "",
    ) -> Answer:
        on = self.date(date)
        owners = {invoice["CUSTOMERID"] for invoice, _ in parts}
        header = {
            "PAYMENTMETHOD": method,
            "FINANCIALENTITY": self._bank(),
            "RECEIPTDATE": on,
            "PAYMENTDATE": on,
            "DOCNUMBER": reference or "",
            "OVERPAYMENTAMOUNT": extra,
            **self._currency(parts, currency),
            **({"CUSTOMERID": owners.pop()} if len(owners) == 1 else {"PAYERNAME": "several customers"}),
        }
        details = [
            {
                "RECORDKEY": str(invoice["RECORDNO"]),
                "TRX_PAYMENTAMOUNT": plain(invoice["TRX_TOTALDUE"]) if amount == "full" else amount,
            }
            for invoice, amount in parts
        ]
        paid = payments.receive(self.clerk, header, details)
        return {
            "payment": paid["RECORDNO"],
            "amount": plain(paid["TRX_TOTALENTERED"]),
            "invoices": self.standing([invoice["RECORDNO"] for invoice, _ in parts]),
        }

    def _currency(self, parts: Sequence[tuple[Row, str]], currency: str) -> dict[str, str]:
        """Customers pay in the currency of their invoices, at the invoices' rate, unless another is said."""
        if not self.company.settings.multi_currency:
            return {}
        if currency:
            return {"CURRENCY": currency}
        invoice = parts[0][0]
        return {"CURRENCY": invoice["CURRENCY"], "EXCHANGE_RATE": plain(invoice["EXCHANGE_RATE"], RATE_SCALE)}

    def _bank(self) -> str:
        banks = self.company.store.select("CHECKINGACCOUNT", "STATUS = 'active'", limit=1)
        if not banks:
            raise Refusal("the company has no bank account to receive money")
        return str(banks[0]["BANKACCOUNTID"])


def _split(chosen: Sequence[Row], chance: random.Random) -> list[list[tuple[Row, str]]]:
    """Who pays what: in full, in part, and several of one customer at once, in turn."""
    payments_made: list[list[tuple[Row, str]]] = []
    together: dict[str, list[tuple[Row, str]]] = {}
    for at, invoice in enumerate(chosen):
        if at % 3 == 0:
            payments_made.append([(invoice, "full")])
        elif at % 3 == 1:
            unit = scaled(unit_of(invoice["CURRENCY"]))
            part = chance.randint(1, max(1, invoice["TRX_TOTALDUE"] // unit - 1)) * unit
            payments_made.append([(invoice, plain(part))])
        else:
            together.setdefault(invoice["CUSTOMERID"], []).append((invoice, "full"))
    for parts in together.values():
        payments_made += [parts[start : start + 3] for start in range(0, len(parts), 3)]
    return payments_made

"""Credit memos are applied, taken back, refunded, and what nobody will pay is written off."""

from sf_intacct.sandbox.intacct.books import adjustments, credits
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.people.person import Answer, Person, act
from sf_intacct.sandbox.intacct.values import plain


class Collector(Person):
    """Looks after what customers owe and what is owed to them."""

    @act
    def apply_credit(
        self, adjustment: str, invoice: str | int, amount: str = "full", date: str | None = None
    ) -> Answer:
        """Applies a credit memo to an invoice of the same customer: amount is "full" (what both allow) or a decimal."""
        memo, paid = self.record("ARADJUSTMENT", adjustment), self.invoice(invoice)
        open_amount = min(-memo["TRX_TOTALDUE"], paid["TRX_TOTALDUE"])
        made = self._apply(memo, paid, plain(open_amount) if amount == "full" else amount, date)
        return {"payment": made["RECORDNO"], "invoices": self.standing([paid["RECORDNO"]])}

    @act
    def take_credit_back(self, payment: int, date: str | None = None) -> Answer:
        """Voids an application of a credit memo, by the record number of its payment record."""
        credits.take_back(self.clerk, int(payment), self.date(date))
        return {"payment": int(payment)}

    @act
    def write_off(self, invoice: str | int, account: str, date: str | None = None, number: str = "") -> Answer:
        """Writes off what is due on an invoice: a credit memo against an account of losses, applied at once."""
        owed = self.invoice(invoice)
        lines = self.company.store.where("ARINVOICEITEM", "RECORDKEY", [owed["RECORDNO"]])
        coding = {name: lines[0][name] or "" for name in ("DEPARTMENTID", "LOCATIONID", "CLASSID", "ITEMID")}
        header = {
            "CUSTOMERID": owed["CUSTOMERID"],
            "RECORDID": number,
            "WHENCREATED": self.date(date),
            "DOCNUMBER": owed["RECORDID"],
            "DESCRIPTION": "Written off",
        }
        loss = {**coding, "ACCOUNTNO": account, "TRX_AMOUNT": plain(-owed["TRX_TOTALDUE"])}
        memo = adjustments.create(self.clerk, header, [loss])
        self._apply(memo, owed, plain(owed["TRX_TOTALDUE"]), date)
        return {"adjustment": memo["RECORDID"], "invoices": self.standing([owed["RECORDNO"]])}

    def _apply(self, memo: Row, paid: Row, amount: str, date: str | None) -> Row:
        on = self.date(date)
        header = {"CUSTOMERID": memo["CUSTOMERID"], "PAYMENTMETHOD": "EFT", "RECEIPTDATE": on, "PAYMENTDATE": on}
        detail = {
            "RECORDKEY": str(paid["RECORDNO"]),
            credits.KEY: str(memo["RECORDNO"]),
            credits.AMOUNT: amount,
        }
        return credits.apply(self.clerk, header, [detail])

"""The currency of a document and its rate to the base currency."""

from decimal import Decimal

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.values import scaled, unscaled, us_date

RATE_SCALE = 10


def fix(clerk: Clerk, header: Row, customer: Row | None, on: str) -> list[Problem]:
    """Fills the currency fields of a document header; a problem if the company or the rate forbids it."""
    base = clerk.settings.base_currency
    asked, asked_base = header.get("CURRENCY"), header.get("BASECURR")
    if not clerk.settings.multi_currency:
        header.update(BASECURR=base, CURRENCY=base, EXCHANGE_RATE=scaled(Decimal(1), RATE_SCALE))
        return [problems.foreign_currency_off()] if asked or asked_base else []
    currency = asked or (customer or {}).get("CURRENCY") or base
    header.update(BASECURR=asked_base or base, CURRENCY=currency)
    if currency == header["BASECURR"]:
        header["EXCHANGE_RATE"] = scaled(Decimal(1), RATE_SCALE)
    header.setdefault("EXCH_RATE_DATE", on)
    if header.get("EXCHANGE_RATE"):
        return []
    header["EXCHANGE_RATE"] = scaled(Decimal(1), RATE_SCALE)
    return [problems.no_exchange_rate(currency, header["BASECURR"], us_date(on))]


def in_base(header: Row, amount: int) -> int:
    """An amount of the document's currency, in cents, in the base currency."""
    return scaled(unscaled(amount) * unscaled(header["EXCHANGE_RATE"], RATE_SCALE))

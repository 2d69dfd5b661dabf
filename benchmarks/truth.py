"""What the files themselves say, asked of them in SQL: no line of a reader, a seed or the house is behind it."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb

from benchmarks.trade import Format, Trade
from sf_intacct.model.money import rounded

FOUR_PLACES = Decimal("0.0001")
# A line of the files: document, day, customer, quantity, price (none where only the amount is told), amount.
Line = tuple[str, str, str, int, Decimal | None, Decimal]


@dataclass
class Document:
    """One document of the source. customer: its number there, or what stands for none. base: what it was sold for in
    the company's own currency; amount: in its own."""

    number: str
    month: str
    customer: str
    currency: str
    entity: str = ""
    amount: Decimal = Decimal(0)
    base: Decimal = Decimal(0)

    @property
    def recorded_as(self) -> str:
        """Its number in Intacct: what is sold is an invoice, what is taken back a credit memo."""
        return f"{'CM' if self.amount < 0 else 'SO'}-{self.number}"


def documents(data: Path, months: Sequence[str], form: Format, trade: Trade) -> dict[str, Document]:
    """Every document of the months, by number. Of the trade only its choices count: which customer is in which
    currency and entity."""
    currencies, entities = _chosen(trade)
    found: dict[str, Document] = {}
    for line in _lines(data, months, form):
        number, day, customer = line[:3]
        currency = currencies.get(number, trade.currency)
        if number not in found:
            found[number] = Document(number, day[:7], customer, currency, entities.get(number, ""))
        found[number].base += line[5]
        found[number].amount += line[5] if currency == trade.currency else _priced_anew(trade, currency, line)
    return found


def _lines(data: Path, months: Sequence[str], form: Format) -> list[Line]:
    named = ", ".join(f"'{month}'" for month in months)
    with duckdb.connect() as connection:
        query = f"select document, day, customer, quantity, price, amount from ({form.truth})"
        return connection.execute(query.format(folder=data, months=named)).fetchall()


def _chosen(trade: Trade) -> tuple[dict[str, str], dict[str, str]]:
    """The currency and the entity of each document, where the company has several."""
    customer = dict(trade.lines.select("document", "customer").unique().iter_rows())
    region = dict(trade.customers.select("customer", "region").iter_rows())
    currency = dict(trade.customers.select("customer", "currency").iter_rows()) if trade.currencies else {}
    entities = {number: trade.entities[region[one]] for number, one in customer.items()} if trade.entities else {}
    return {number: currency[one] for number, one in customer.items() if currency}, entities


def _priced_anew(trade: Trade, currency: str, line: Line) -> Decimal:
    """The line in another currency: its price at the rate of the day and in whole units of it, times the quantity."""
    _, day, _, quantity, price, amount = line
    if price is None:
        price = (amount / quantity).quantize(FOUR_PLACES, rounding=ROUND_HALF_UP)
    if trade.rates is None:
        raise ValueError("a trade in several currencies has rates")
    rate = trade.rates.of(trade.currency, currency, date.fromisoformat(day))
    return rounded(quantity * rounded(price * rate, currency), currency)


def total(found: Iterable[Document]) -> Decimal:
    """The money of all of them, in the company's own currency."""
    return sum((one.base for one in found), Decimal(0))


def sums(amounts: Iterable[tuple[str, Decimal]]) -> dict[str, Decimal]:
    """Money by whatever it is said to be of."""
    added: Counter[str] = Counter()
    for of, amount in amounts:
        added[of] += amount  # type: ignore[assignment]
    return {of: Decimal(amount) for of, amount in added.items()}

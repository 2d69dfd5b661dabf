"""Which limits a plan is over, and why in words. Pure: what the plan would write, against limits and history."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from statistics import median

from sf_intacct.flow.mapping_brakes import FirstUse, Limits, Usual
from sf_intacct.model.money import spelt

Money = Mapping[str, Decimal]


@dataclass(frozen=True)
class Size:
    """How much is written: documents, and money by currency. What takes back counts as much as what sells."""

    documents: int = 0
    money: Money = field(default_factory=dict)

    def __add__(self, other: "Size") -> "Size":
        currencies = dict.fromkeys([*self.money, *other.money])
        money = {c: self.money.get(c, Decimal(0)) + other.money.get(c, Decimal(0)) for c in currencies}
        return Size(self.documents + other.documents, money)


@dataclass(frozen=True)
class Write:
    """One write of a plan: its fingerprint, what is at stake, and the accounts and the entity it names."""

    fingerprint: str
    amount: Decimal | None = None
    currency: str | None = None
    entity: str | None = None
    accounts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Known:
    """What was written before: on each earlier day with writes, and today; which accounts and entities are in use."""

    days: Sequence[Size] = ()
    today: Size = field(default_factory=Size)
    accounts: frozenset[str] = frozenset()
    entities: frozenset[str] = frozenset()


def size(writes: Iterable[Write]) -> Size:
    """How much these writes are together."""
    documents, money = 0, dict[str, Decimal]()
    for write in writes:
        documents += 1
        if write.amount is not None:
            currency = write.currency or ""
            money[currency] = money.get(currency, Decimal(0)) + abs(write.amount)
    return Size(documents, money)


def over(writes: Sequence[Write], limits: Limits, known: Known) -> list[str]:
    """Every limit that a plan is over, in words; empty when it may go.

    More writes are never over fewer limits: what waits does not come free because something was added to it.
    """
    planned = size(writes)
    found = list(_absolute(planned, limits))
    if limits.off_usual is not None:
        found += _off_usual(known.today + planned, known.days, limits.off_usual)
    return found + list(_first_used(writes, limits.first_use or (), known))


def _absolute(planned: Size, limits: Limits) -> Iterator[str]:
    if limits.documents is not None and planned.documents > limits.documents:
        yield f"{planned.documents:,} documents in one plan, and the limit is {limits.documents:,}"
    for currency, limit in (limits.money or {}).items():
        amount = planned.money.get(currency, Decimal(0))
        if amount > limit:
            yield f"{spelt(amount, ',')} {currency} in one plan, and the limit is {spelt(limit, ',')} {currency}"


def _off_usual(today: Size, days: Sequence[Size], usual: Usual) -> Iterator[str]:
    """Against the median: one strange day among the earlier ones does not move what is usual."""
    by = f"usual of {len(days)} days"
    if len(days) >= usual.days and today.documents > usual.documents:
        middle = Decimal(median(day.documents for day in days))
        if _is_above(Decimal(today.documents), middle, usual):
            yield f"{today.documents:,} documents today, more than {usual.percent} % above the {by}: {middle:,f}"
    for currency, amount in today.money.items():
        earlier = [day.money[currency] for day in days if day.money.get(currency)]
        if len(earlier) >= usual.days and _is_above(amount, median(earlier), usual):
            by = f"usual of {len(earlier)} days: {spelt(Decimal(median(earlier)), ',')}"
            yield f"{spelt(amount, ',')} {currency} today, more than {usual.percent} % above the {by}"


def _is_above(amount: Decimal, middle: Decimal, usual: Usual) -> bool:
    return amount * 100 > middle * (100 + usual.percent)


def _first_used(writes: Sequence[Write], watched: Sequence[FirstUse], known: Known) -> Iterator[str]:
    if FirstUse.ACCOUNT in watched:
        accounts = frozenset[str]().union(*(write.accounts for write in writes)) - known.accounts
        yield from (f"GL account {account} was never used before" for account in sorted(accounts))
    if FirstUse.ENTITY in watched:
        entities = {write.entity for write in writes if write.entity} - known.entities
        yield from (f"entity {entity} was never used before" for entity in sorted(entities))

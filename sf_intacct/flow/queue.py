"""The exception queue as values: who is kept by what, which cause is the root, and one cause in a sentence.

A record that waits for another one is shown under what keeps that other one: there is one thing to mend, not two.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from sf_intacct.flow import catalogue
from sf_intacct.model.money import spelt


@dataclass(frozen=True)
class Victim:
    """One record that one cause keeps from crossing.

    target_object: what it would become. lines: on how many of its lines the cause was seen; 0 for the head's.
    attempts: how often it was sent, and answered or not. answer: what the other system said, whole.
    through: why it waits, in words, where the cause is that of a record it waits for.
    """

    cause: str
    subject: str
    crossing: str
    source_object: str
    source_id: str
    label: str
    seen: str
    column: str
    amount: Decimal | None
    currency: str | None
    target_object: str = ""
    lines: int = 0
    attempts: int = 0
    answer: str = ""
    through: str = ""

    @property
    def exception_id(self) -> str:
        """The same cause of the same thing is the same exception, today and tomorrow."""
        return hashlib.sha256(f"{self.cause}\0{self.subject}".encode()).hexdigest()[:8]

    @property
    def words(self) -> str:
        """Why this record does not cross, in one sentence."""
        root = catalogue.words(self.cause, self.subject, self.seen, self.column)
        return f"{self.through.rstrip('.')}: {root}" if self.through else root

    @property
    def remedy(self) -> str:
        return catalogue.remedy(self.cause, self.subject, self.seen, self.column)

    @property
    def place(self) -> str:
        return catalogue.where(self.cause, self.subject, self.seen, self.column)


def rooted(victims: Iterable[Victim]) -> list[Victim]:
    """Every victim under the cause that has to be mended; a record that waits in a circle keeps its own cause."""
    once: dict[tuple[str, ...], Victim] = {}
    for victim in victims:
        key = (victim.cause, victim.subject, victim.crossing, victim.source_id)
        known = once.setdefault(key, victim)
        if victim.lines > known.lines:
            once[key] = replace(known, lines=victim.lines)
    by_id: dict[str, list[Victim]] = defaultdict(list)
    for victim in once.values():
        by_id[victim.source_id].append(victim)
    traced = [one for victim in once.values() for one in _traced(victim, by_id, frozenset())]
    return _merged(traced)


def _traced(victim: Victim, by_id: Mapping[str, Sequence[Victim]], seen: frozenset[str]) -> list[Victim]:
    """The victim under every root of the record that it waits for; itself, if it waits for none that is kept."""
    keepers = [] if victim.source_id in seen else _keepers(victim, by_id)
    if not keepers:
        return [victim]
    through = catalogue.words(victim.cause, victim.subject, victim.seen, victim.column)
    roots = [root for keeper in keepers for root in _traced(keeper, by_id, seen | {victim.source_id})]
    return [_under(victim, root, through) for root in roots]


def _under(victim: Victim, root: Victim, through: str) -> Victim:
    said = {name: getattr(root, name) for name in ("cause", "subject", "seen", "column")}
    return replace(victim, **said, through=through)


def _keepers(victim: Victim, by_id: Mapping[str, Sequence[Victim]]) -> list[Victim]:
    """What keeps the record that a victim waits for, on its way to where the victim needs it."""
    if not victim.cause.startswith("missing_") or not victim.seen:
        return []
    needed = [one for one in by_id.get(victim.seen, ()) if one.source_id != victim.source_id]
    if victim.cause == "missing_record":
        return needed
    return [one for one in needed if not one.crossing or one.target_object == victim.column]


def _merged(victims: Iterable[Victim]) -> list[Victim]:
    """Several ways to one root are one victim: its lines are all of those that are kept."""
    found: dict[tuple[str, str, str], Victim] = {}
    for victim in victims:
        key = (victim.exception_id, victim.crossing, victim.source_id)
        known = found.get(key)
        found[key] = replace(known, lines=known.lines + victim.lines) if known else victim
    return list(found.values())


@dataclass(frozen=True)
class Summary:
    """One cause: what it is, how to mend it, and all that it keeps.

    kind: its class. records: how many of each object, as people call it. money: by currency, each document once
    whatever else keeps it; a document whose currency is not known stands under an empty one. headline: all of it in a
    sentence.
    """

    words: str
    remedy: str
    place: str
    who: str
    kind: str
    again: str
    lines: int
    records: dict[str, int]
    money: dict[str, Decimal]
    headline: str


def summary(victims: Sequence[Victim]) -> Summary:
    """One exception with all its victims."""
    own = [victim for victim in victims if not victim.through]
    first = replace(min(own or victims, key=lambda one: one.label), through="")
    records: dict[str, set[str]] = defaultdict(set)
    for victim in victims:
        records[noun(victim.source_object)].add(victim.source_id)
    counts = {name: len(ids) for name, ids in sorted(records.items(), key=lambda pair: -len(pair[1]))}
    lines, money = sum(victim.lines for victim in victims), at_risk(victims)
    labels = {victim.label for victim in own}
    named = f" ({first.label})" if len(labels) == 1 and first.label not in first.words else ""
    parts = [several(lines, "line")] if lines else []
    parts += [several(number, name) for name, number in counts.items()]
    parts += [_money(amount, currency) for currency, amount in money.items()]
    return Summary(
        words=first.words,
        remedy=first.remedy,
        place=first.place,
        who=catalogue.who(first.cause),
        kind=catalogue.kind(first.cause),
        again=catalogue.again(first.cause).value,
        lines=lines,
        records=counts,
        money=money,
        headline=f"{first.words.rstrip('.')}{named}: {', '.join(parts)}",
    )


def at_risk(victims: Iterable[Victim]) -> dict[str, Decimal]:
    """The money of some victims by currency: of each document once, though two crossings or causes may keep it."""
    documents: dict[tuple[str, str], tuple[Decimal, str]] = {}
    for victim in victims:
        if victim.amount is not None:
            key = (victim.source_object, victim.source_id)
            here = (abs(victim.amount), victim.currency or "")
            # The part of a document that goes one way is not more than the whole.
            documents[key] = max(documents.get(key, here), here)
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for amount, currency in documents.values():
        sums[currency] += amount
    return dict(sorted(sums.items()))


def _money(amount: Decimal, currency: str) -> str:
    return f"{spelt(amount, ',')} {currency}".strip()


# What people call the records of an object; an object that is not listed keeps its own name.
_NOUNS = {
    "Product2": "product",
    "Pricebook2": "price book",
    "PricebookEntry": "price",
    "ARINVOICE": "invoice",
    "ARADJUSTMENT": "adjustment",
    "ARPYMT": "payment",
    "SODOCUMENT": "sales document",
}


def noun(source_object: str) -> str:
    """What people call a record of an object."""
    bare = re.sub(r"^Intacct_|__c$", "", source_object).replace("_", " ")
    spaced = bare if bare.isupper() else re.sub(r"(?<=[a-z])(?=[A-Z])", " ", bare)
    return _NOUNS.get(source_object, spaced.lower())


def several(number: int, thing: str) -> str:
    """1 order, 2 orders; 1 opportunity, 2 opportunities; 1 class, 2 classes."""
    many = re.sub(r"(?<=[^aeiou])y$", "ie", re.sub(r"s$", "se", thing)) + "s"
    return f"{number:,} {thing if number == 1 else many}"

"""What somebody remembers of the page: its first sentence, and a few numbers."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sf_intacct.cli.discovery.numbers import called, day_of, deals_of, main_currency, number_of, sums
from sf_intacct.cli.output import counted

if TYPE_CHECKING:
    from sf_intacct.orchestration.discovering import Discovery

_MOST = 80  # per cent of the money: the causes that make up so much are worth naming


@dataclass(frozen=True)
class Tile:
    """One number that somebody remembers. is_bad: it asks for something."""

    number: str
    says: str
    is_bad: bool = False


def lede(found: "Discovery") -> str:
    every, kept = deals_of(found), deals_of(found, "kept")
    if not every:
        return f"No deal since {day_of(found.since)} asks for an invoice yet."
    if not kept:
        return _all_is_well(found, every)
    said = (
        f"Of {counted(number_of(every), 'deal')} since {day_of(found.since)}, worth {sums(every)}, "
        f"{number_of(kept):,} worth {sums(kept)} would not have become an invoice by themselves."
    )
    few, causes = len(_dearest(found)), len(found.causes)
    if few < causes:
        keep = "keeps" if few == 1 else "keep"
        said += f" {_in_words(few).capitalize()} of {_in_words(causes)} causes {keep} most of that money."
    return said


def _all_is_well(found: "Discovery", every: list[dict[str, Any]]) -> str:
    since = f"since {day_of(found.since)}, worth {sums(every)},"
    if number_of(every) == 1:
        return f"The one deal {since} is an invoice or would be one."
    return f"All {number_of(every):,} deals {since} are invoices already or would become one."


def _in_words(number: int) -> str:
    small = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
    return small[number] if number < len(small) else str(number)


def _dearest(found: "Discovery") -> list[dict[str, Any]]:
    """The dearest causes that together keep most of the money in the main currency."""
    causes = [row for row in found.causes if row["currency"] == main_currency(found)]
    whole = sum((row["money"] for row in causes), Decimal(0))
    reached, dearest = Decimal(0), []
    for row in causes:
        if whole and reached * 100 >= whole * _MOST:
            break
        dearest.append(row)
        reached += row["money"]
    return dearest


def tiles(found: "Discovery") -> Iterable[Tile]:
    every, kept = deals_of(found), deals_of(found, "kept")
    if every:
        passing = number_of(every) - number_of(kept)
        yield Tile(f"{passing:,} of {number_of(every):,}", "deals are an invoice or would become one")
        at_risk = sums(row for row in kept if row["currency"] == main_currency(found))
        yield Tile(at_risk if kept else "none", "of deals would have waited", bool(kept))
    for row in found.matching:
        sure = row["linked"] + row["by_key"]
        yield Tile(f"{sure:,}", f"{called(row['source'])}s whose {called(row['target'])} in Intacct is certain")
        asked = row["for_a_person"] + row["alike"]
        yield Tile(f"{asked:,}", "need a yes or no from a person", asked > 0)
    doubles = len(found.doubles)
    yield Tile(f"{doubles:,}", "groups of records look like doubles", doubles > 0)
    told = {row["crossing"] for row in found.matching}
    for row in found.crossings:
        if row["kept"] and row["crossing"] not in told:
            yield Tile(
                f"{row['kept']:,}",
                f"{called(row['source'])}s would wait before Intacct has them as {called(row['target'])}s",
                is_bad=True,
            )

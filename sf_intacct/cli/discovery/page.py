"""What the page says, in the order in which a finance director asks: deals, causes, who is who, codes, shape."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sf_intacct.cli.discovery.headline import Tile, lede, tiles
from sf_intacct.cli.discovery.numbers import called, day_of, number_of
from sf_intacct.cli.output import counted, money

if TYPE_CHECKING:
    from sf_intacct.orchestration.discovering import Discovery

_SHOWN = 15
_NO_CURRENCY = "No document names a currency"


@dataclass(frozen=True)
class Table:
    """Rows as text. numbers: places of the columns that are aligned to the right."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    numbers: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Section:
    """A heading, a few sentences, and what proves them. figure names a picture; it is left out where there is none."""

    heading: str
    says: str
    figure: str = ""
    tables: Sequence[Table] = ()


@dataclass(frozen=True)
class Page:
    """The whole page, without its looks."""

    title: str
    subtitle: str
    lede: str
    tiles: Sequence[Tile] = field(default_factory=list)
    sections: Sequence[Section] = field(default_factory=list)
    footnote: str = ""


def page(found: "Discovery") -> Page:
    """The page of what was found."""
    sections = (
        _deals(found),
        _causes(found),
        _who_is_who(found),
        _doubles(found),
        _records(found),
        _codes(found),
        _shape(found),
    )
    return Page(
        title="Salesforce and Sage Intacct: what we found",
        subtitle=f"{found.company}, {day_of(found.until)}; deals since {day_of(found.since)}",
        lede=lede(found),
        tiles=list(tiles(found)),
        sections=[section for section in sections if section is not None],
        footnote=(
            "Made by reading both systems; nothing was written to either. Amounts are exact and never added across "
            "currencies. Only Intacct itself knows whether a period is closed or a rule of its own refuses a document: "
            "such refusals show at the first sync, not here."
        ),
    )


def _share(part: int, whole: int) -> str:
    return f"{100 * part // whole}%" if whole else ""


def _deals(found: "Discovery") -> Section | None:
    if not found.deals:
        return None
    keys = sorted({(row["month"], row["currency"] or "") for row in found.deals}, key=lambda key: (str(key[0]), key[1]))
    rows = [_month(found, month, currency) for month, currency in keys]
    columns = ("month", "deals", "worth", "currency", "invoiced or ready", "would wait", "worth")
    return Section(
        "Deals, month by month",
        "Every deal whose time has come, run through today's rules: those that are invoices already, those that would "
        "become one at the next sync, and those that would wait.",
        "deals",
        [Table(columns, rows, frozenset({1, 2, 4, 5, 6}))],
    )


def _month(found: "Discovery", month: Any, currency: str) -> tuple[str, ...]:
    mine = [row for row in found.deals if (row["month"], row["currency"] or "") == (month, currency)]
    kept = [row for row in mine if row["outcome"] == "kept"]
    worth, waiting = (sum((row["money"] or Decimal(0) for row in rows), Decimal(0)) for rows in (mine, kept))
    numbers = (f"{number_of(mine) - number_of(kept):,}", f"{number_of(kept):,}", money(waiting))
    return (f"{month:%B %Y}" if month else "not readable", f"{number_of(mine):,}", money(worth), currency, *numbers)


def _causes(found: "Discovery") -> Section | None:
    if not found.causes:
        return None
    rows = [
        (row["words"], f"{row['records']:,}", money(row["money"]), row["currency"], row["who"], row["remedy"])
        for row in found.causes
    ]
    more = f" The {_SHOWN} dearest are shown; all are in discovery.json." if len(rows) > _SHOWN else ""
    columns = ("why", "deals", "money at risk", "currency", "who can mend it", "what mends it")
    return Section(
        "What would have kept them",
        "One line per root cause, the dearest first. A deal with two causes counts under both, so the lines add up to "
        f"more than the deals.{more}",
        "causes",
        [Table(columns, rows[:_SHOWN], frozenset({1, 2})), *_examples(found)],
    )


def _examples(found: "Discovery") -> Iterable[Table]:
    if found.examples:
        rows = [(row["label"], money(row["amount"]), row["currency"], row["words"]) for row in found.examples]
        yield Table(("the dearest deals among them", "worth", "currency", "why"), rows, frozenset({1}))


def _who_is_who(found: "Discovery") -> Section | None:
    if not found.matching:
        return None
    columns = ("", "linked", "by a key", "shared or taken key", "look alike", "new to Intacct", "only in Intacct")
    names = ("linked", "by_key", "for_a_person", "alike", "alone", "targets_alone")
    rows = [
        (f"{called(row['source'])}s and {called(row['target'])}s", *(f"{row[name]:,}" for name in names))
        for row in found.matching
    ]
    return Section(
        "Who is who",
        "Which records both systems know. What is linked or has a key of its own is certain. What only looks alike "
        "is linked when a person says yes, in the file that `sf-intacct match suggest --output review.csv` writes.",
        "matching",
        [Table(columns, rows, frozenset(range(1, 7)))],
    )


def _doubles(found: "Discovery") -> Section | None:
    if not found.doubles:
        return Section("Doubles", "No two records of one system look like the same company.")
    rows = [
        (
            f"{row['system'].title()} {row['object']}",
            row["names"],
            f"{row['records']:,}",
            f"{row['score']}",
            row["evidence"],
        )
        for row in found.doubles
    ]
    kinds = Counter(f"{row['system'].title()} {row['object']}" for row in found.doubles)
    said = ", ".join(f"{number:,} in {kind}" for kind, number in kinds.items())
    more = f" The {_SHOWN} surest are shown; all are in discovery.json." if len(rows) > _SHOWN else ""
    columns = ("where", "names", "records", "likeness", "because")
    return Section(
        "Doubles",
        f"Groups of records that look like one company: {said}. Merging them before go-live saves matching them "
        f"twice.{more}",
        tables=[Table(columns, rows[:_SHOWN], frozenset({2, 3}))],
    )


def _records(found: "Discovery") -> Section | None:
    if not found.crossings:
        return None
    rows = [
        (
            f"{called(row['source'])}s as {called(row['target'])}s",
            *(f"{row[name]:,}" for name in ("there", "to_make", "kept")),
        )
        for row in found.crossings
    ]
    columns = ("what", "in Intacct already", "would be made", "would wait")
    tables = [Table(columns, rows, frozenset({1, 2, 3}))]
    if found.lacking:
        lacking = [(called(row["object"]), row["label"], row["words"]) for row in found.lacking[:_SHOWN]]
        tables.append(Table(("", "record", "why it would wait"), lacking))
    more = f" {_SHOWN} of {len(found.lacking):,} are listed." if len(found.lacking) > _SHOWN else ""
    says = "Records that deals depend on: customers, contacts, items."
    return Section("Products, accounts and contacts", f"{says}{more}", tables=tables)


def _codes(found: "Discovery") -> Section | None:
    if not found.coverage:
        return None
    rows = [
        (row["says"], row["field"], f"{row['asked']:,}", f"{row['found']:,}", _share(row["found"], row["asked"]))
        for row in found.coverage
    ]
    columns = ("what Sales calls it", "field in Intacct", "asked for", "found", "")
    return Section(
        "Codes and dimensions",
        "How often a deal or one of its lines finds its term, account, department, location or class.",
        "coverage",
        [Table(columns, rows, frozenset({2, 3, 4}))],
    )


def _shape(found: "Discovery") -> Section:
    tables = [
        Table(
            ("system", "object", "records", "unlawful", "what it is"),
            [
                (r["system"].title(), r["object"], f"{r['records']:,}", f"{r['quarantined']:,}", r["says"])
                for r in found.tables
            ],
            frozenset({2, 3}),
        )
    ]
    for title, rows in (("currency", found.currencies), ("entity", found.entities)):
        if rows:
            listed = [
                (r["system"].title(), r["object"], r["value"], f"{r['records']:,}", money(r["money"])) for r in rows
            ]
            tables.insert(0, Table(("system", "object", title, "records", "money"), listed, frozenset({3, 4})))
    currencies = sorted({row["value"] for row in found.currencies})
    entities = sorted({row["value"] for row in found.entities})
    says = f"{counted(len(currencies), 'currency')} seen ({', '.join(currencies)})" if currencies else _NO_CURRENCY
    owners = f"documents of {counted(len(entities), 'entity')} ({', '.join(entities)})" if entities else "one entity"
    says += f"; {owners}."
    return Section("Shape", says, tables=tables)

"""Value added tax: the entries that lines need where a tax solution is on, and the system lines they become.

The tax comes on top of a line's amount and into what is due. A line may say the tax itself; whoever leaves it out
leaves it to the system: the amount times the rate of the detail, rounded half up.
"""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import currencies, documents, references
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.documents import Document
from sf_intacct.sandbox.intacct.books.entry import Values
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.values import BadValue, number, plain, scaled, unscaled

# How far a tax that is given may be from its rate. An assumption: nobody outside knows.
TOLERANCE = scaled(Decimal("0.01"))
_FROM_PARENT = (
    "LINE_NO",
    "LOCATIONID",
    "DEPARTMENTID",
    "CLASSID",
    "CUSTOMERID",
    "ITEMID",
    "PROJECTID",
    "OFFSETGLACCOUNTNO",
)


def levy(clerk: Clerk, document: Document, lines: Sequence[Values]) -> list[Problem]:
    """Adds the taxes of a new document to its lines; `lines` are the lines as they were typed, in the same order.

    Comes after coding: a system line takes its dimensions from the line above it.
    """
    named = [_named(line) for line in lines]
    solution, found = _solution(clerk, document.header, document.lines)
    if solution is None:
        # Nobody has asked for a tax that nobody here knows of.
        return found or ([problems.tax_details_wrong()] if any(named) else [])
    document.header["TAXSOLUTIONID"] = solution
    known = references.named(clerk.store, "TAXDETAIL", (one.get("DETAILID") for entries in named for one in entries))
    exempt = _is_exempt(clerk, document.header)
    made: list[Row] = []
    currency = document.header["CURRENCY"]
    for line, entries in zip(list(document.lines), named, strict=True):
        try:
            made += _levied({**line, "CURRENCY": currency}, entries, known, solution, exempt)
        except _Wrong as wrong:
            found.append(wrong.problem)
    document.lines += made
    return list(dict.fromkeys(found))


class _Wrong(Exception):
    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.text)


def _named(line: Values) -> list[Mapping[str, Any]]:
    """The tax entries of a line as a caller wrote them: none, one, or several."""
    block = line.get("TAXENTRIES") or {}
    entries = block.get("TAXENTRY") or [] if isinstance(block, Mapping) else []
    return list(entries) if isinstance(entries, list) else [entries]


def _solution(clerk: Clerk, header: Row, lines: Sequence[Row]) -> tuple[str | None, list[Problem]]:
    """The tax solution that applies: that of the entity, or the one chosen where several jurisdictions meet."""
    by_entity, chosen = clerk.settings.tax_solution_of, header.get("TAXSOLUTIONID")
    entities = [clerk.entity] if clerk.entity else [_entity(clerk, line.get("LOCATIONID"), by_entity) for line in lines]
    here = {by_entity.get(entity) or by_entity.get("") for entity in entities} - {None}
    if chosen and chosen not in here:
        return None, [problems.tax_solution_wrong(chosen)]
    if not here:
        return None, []
    if len(here) > 1 or (len(by_entity) > 1 and not clerk.entity and not chosen):
        return chosen, [] if chosen else [problems.tax_solution_missing()]
    return here.pop(), []


def _entity(clerk: Clerk, location: str | None, entities: Mapping[str, str]) -> str:
    """The entity that a location lies in: itself, or the nearest above it that has a tax solution."""
    seen: set[str] = set()
    while location and location not in entities and location not in seen:
        seen.add(location)
        found = clerk.store.find("LOCATION", "LOCATIONID", location)
        location = found["PARENTID"] if found else None
    return location or ""


def _is_exempt(clerk: Clerk, header: Row) -> bool:
    contact = clerk.store.find("CONTACT", "RECORDNO", header.get("SHIPTORETURNTOKEY"))
    return contact is not None and contact["TAXABLE"] == "false"


def _levied(
    line: Row, entries: Sequence[Mapping[str, Any]], known: Mapping[str, Row], solution: str, exempt: bool
) -> Iterator[Row]:
    """The system lines of one line. Raises _Wrong."""
    if not entries and not exempt:
        raise _Wrong(problems.tax_details_wrong())
    for entry in entries:
        detail = known.get(entry.get("DETAILID", ""))
        if detail is None or detail["TAXSOLUTIONID"] != solution or detail["TAXTYPE"] != "Sale":
            raise _Wrong(problems.tax_details_wrong())
        if detail["STATUS"] != "active":
            raise _Wrong(problems.inactive_reference("TAXDETAIL", "Tax detail", detail["DETAILID"]))
        if exempt and detail["VALUE"]:
            raise _Wrong(problems.taxed_though_exempt(line["LINE_NO"]))
        yield {
            **{name: line.get(name) for name in _FROM_PARENT},
            "ACCOUNTNO": detail["GLACCOUNT"] or line.get("ACCOUNTNO"),
            "LINEITEM": "F",
            "DETAILKEY": detail["RECORDNO"],
            "ENTRYDESCRIPTION": detail["DESCRIPTION"] or detail["DETAILID"],
            "TRX_AMOUNT": _amount(line, entry, detail),
        }


def _amount(line: Row, entry: Mapping[str, Any], detail: Row) -> int:
    """The tax: as it was given, if that is what the rate gives, else as the rate gives it."""
    rate = unscaled(detail["VALUE"] or 0, 4) / 100
    computed = currencies.in_units(unscaled(line.get("TRX_AMOUNT") or 0) * rate, line["CURRENCY"])
    text = str(entry.get("TRX_TAX") or "").strip()
    if not text:
        return computed
    try:
        given = scaled(number(text, "Transaction tax"))
    except BadValue as error:
        raise _Wrong(error.problem) from error
    if abs(given - computed) > TOLERANCE:
        raise _Wrong(problems.tax_not_of_rate(line["LINE_NO"], plain(given), plain(computed)))
    return given


def change_doubts(document: Document, touched: Sequence[Values]) -> list[Problem]:
    """Lines of a document with taxes are not changed here: the real system works the taxes out again."""
    has_taxes = any(documents.is_tax(line) for line in document.lines)
    return [problems.not_imitated("Changing lines that have taxes")] if has_taxes and touched else []

"""Documents of accounts receivable: a header, its lines, and what was applied to them.

This engine knows no business rule. A kind of document (invoices here; adjustments and others may follow)
says which objects hold it and brings its own checks.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sf_intacct.sandbox.intacct.books import currencies
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.entry import Values, entered, with_defaults
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.sandbox.intacct.values import unscaled

DRAFT, POSTED, PARTIALLY_PAID, PAID = "Draft", "Posted", "Partially Paid", "Paid"
SELECTED, REVERSED, REVERSAL = "Selected", "Reversed", "Reversal"
OPEN_STATES = (POSTED, PARTIALLY_PAID, SELECTED)


@dataclass(frozen=True)
class Kind:
    """A kind of document: its header and line objects, its name in refusals, its module."""

    header: str
    line: str
    name: str
    module: str


@dataclass
class Document:
    """A document being made or changed."""

    kind: Kind
    header: Row
    lines: list[Row]
    problems: list[Problem] = field(default_factory=list)

    @property
    def number(self) -> int:
        return int(self.header["RECORDNO"])

    @property
    def total(self) -> int:
        """The sum of the lines, in cents of the document's currency."""
        return sum(line.get("TRX_AMOUNT") or 0 for line in self.lines)


def typed(clerk: Clerk, kind: Kind, values: Values, lines: Sequence[Values]) -> Document:
    """A new document as a caller typed it."""
    schema = clerk.store.schema
    header, found = entered(schema[kind.header], values)
    rows = []
    for at, one in enumerate(lines, 1):
        row, more = entered(schema[kind.line], one)
        rows.append({**row, "LINE_NO": at})
        found += more
    return Document(kind, with_defaults(schema[kind.header], header), rows, found)


def existing(clerk: Clerk, kind: Kind, number: int) -> Document | None:
    """A document of the books with its lines in order."""
    header = clerk.store.find(kind.header, "RECORDNO", number)
    if header is None:
        return None
    lines = clerk.store.where(kind.line, "RECORDKEY", [number])
    return Document(kind, header, sorted(lines, key=lambda line: (line["LINE_NO"], line["RECORDNO"])))


def write(clerk: Clerk, document: Document) -> int:
    """Adds a checked and completed document: the header, then the lines. Returns its record number."""
    document.header.update(MODULEKEY=document.kind.module, SYSTEMGENERATED="F")
    number = clerk.add(document.kind.header, [document.header])[0]
    document.header["RECORDNO"] = number
    add_lines(clerk, document, document.lines)
    return number


def add_lines(clerk: Clerk, document: Document, lines: Sequence[Row]) -> None:
    """Adds lines, and below each its taxes: system lines with the number of the line that they are the tax of."""
    real = [line for line in lines if not is_tax(line)]
    made = _added(clerk, document, real)
    parents = {line["LINE_NO"]: number for line, number in zip(real, made, strict=True)}
    taxes = [{**line, "PARENTENTRY": parents[line["LINE_NO"]]} for line in lines if is_tax(line)]
    if taxes:
        _added(clerk, document, taxes)


def _added(clerk: Clerk, document: Document, lines: Sequence[Row]) -> list[int]:
    definition = clerk.store.schema[document.kind.line]
    kept = {"RECORDKEY": document.number}
    return clerk.add(
        document.kind.line, [with_defaults(definition, {"LINEITEM": "T", **line, **kept}) for line in lines]
    )


def is_tax(line: Row) -> bool:
    """Whether a line is a tax that the system made below another."""
    return line.get("LINEITEM") == "F"


def complete(document: Document) -> None:
    """Base amounts of the lines, and the totals of the header, from the amounts of the lines."""
    header = document.header
    for line in document.lines:
        line["TRX_AMOUNT"] = currencies.in_units(unscaled(line["TRX_AMOUNT"]), header["CURRENCY"])
        line["AMOUNT"] = currencies.in_base(header, line["TRX_AMOUNT"])
        line.update(
            CURRENCY=header["CURRENCY"],
            BASECURR=header["BASECURR"],
            EXCHANGE_RATE=header["EXCHANGE_RATE"],
            ENTRY_DATE=header["WHENPOSTED"],
        )
        for name in ("TOTALPAID", "TRX_TOTALPAID", "TOTALSELECTED", "TRX_TOTALSELECTED"):
            line[name] = line.get(name) or 0
    header.update(totals(document.lines))


def totals(lines: Sequence[Mapping[str, int]]) -> Row:
    """Entered, selected, paid and due, in both currencies, of these lines."""
    found: Row = {}
    for prefix, amount in (("", "AMOUNT"), ("TRX_", "TRX_AMOUNT")):
        entered_sum = sum(line[amount] for line in lines)
        paid = sum(line[f"{prefix}TOTALPAID"] for line in lines)
        found[f"{prefix}TOTALENTERED"] = entered_sum
        found[f"{prefix}TOTALSELECTED"] = sum(line[f"{prefix}TOTALSELECTED"] for line in lines)
        found[f"{prefix}TOTALPAID"] = paid
        found[f"{prefix}TOTALDUE"] = entered_sum - paid
    return found


def state_of(header: Row) -> str:
    """The state that follows from the totals of a posted document."""
    if header["TRX_TOTALDUE"] == 0:
        return PAID
    if header["TRX_TOTALSELECTED"]:
        return SELECTED
    return PARTIALLY_PAID if header["TRX_TOTALPAID"] else POSTED

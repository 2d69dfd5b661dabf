"""What a document that we sent should come to, where taxes are on top of its lines: it is known again by its money."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from sf_intacct.intacct.objects import Target
from sf_intacct.intacct.xml import parse
from sf_intacct.model.intent import Intent

Row = dict[str, str | None]
_DOCUMENT = "RECORDKEY"
_FIELDS = ("LINEITEM", "TRX_AMOUNT")
# A line that Intacct made by itself: a tax, below the line that it is the tax of.
_OF_THE_SYSTEM = "F"


@dataclass(frozen=True)
class Meant:
    """The money by which a document is known; before_tax: of its lines alone, because its taxes are Intacct's own."""

    total: Decimal | None
    before_tax: bool = False


def meant(intents: Iterable[Intent]) -> dict[str, Meant]:
    """What each document comes to, by intent key: what is at stake, where its request says nothing of taxes."""
    return {
        intent.key: _taxed(intent.request) if "<taxentries>" in intent.request else Meant(intent.amount)
        for intent in intents
    }


def _taxed(request: str) -> Meant:
    lines = list(parse(request.encode()).iter("lineitem"))
    net = _sum(line.findtext("amount") for line in lines)
    entries = [entry.findtext("trx_tax") for line in lines for entry in line.iter("taxentry")]
    return Meant(net, before_tax=True) if None in entries else Meant(net + _sum(entries))


class Rows(Protocol):
    """Records of an object by the values of one of its fields."""

    def __call__(self, name: str, fields: Iterable[str], key: str, values: Sequence[str]) -> dict[str, list[Row]]: ...


def take_out(read: Rows, target: Target, named: dict[str, list[Row]], keys: Sequence[str]) -> None:
    """Makes the totals of these documents what their lines come to without taxes, whether or not those are shown."""
    rows = [row for key in keys for row in named.get(key, [])]
    if not rows or target.lines is None or target.total is None:
        return
    lines = read(target.lines, _FIELDS, _DOCUMENT, [row["RECORDNO"] or "" for row in rows])
    for row in rows:
        own = (line for line in lines.get(row["RECORDNO"] or "", []) if line["LINEITEM"] != _OF_THE_SYSTEM)
        row[target.total] = str(_sum(line["TRX_AMOUNT"] for line in own))


def _sum(amounts: Iterable[str | None]) -> Decimal:
    return sum((Decimal(amount or 0) for amount in amounts), Decimal(0))

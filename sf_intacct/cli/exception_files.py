"""The queue as a CSV file for a spreadsheet, and the decisions that come back in it.

Cells that a spreadsheet would run or change are guarded as in the review file of `match`.
"""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from sf_intacct.errors import FixNeeded
from sf_intacct.flow.review import decoded, guarded, unguarded

if TYPE_CHECKING:
    from sf_intacct.orchestration.disposing import Wish
    from sf_intacct.orchestration.exceptions import Told
    from sf_intacct.orchestration.house import House

# What is filled in, and what it is about. The rest is there to be read.
_FILLED_IN = ("disposition", "reason", "document", "owner")
_KEYS = ("exception", "record")
_TOLD = ("object", "label", "amount", "currency", "words", "remedy", "place", "who", "answer", "url", "first_seen_at")
_MEANT = ("retry", "hold", "ignore", "resolve", "assign")
_DOING = "reading decisions"


def written(file: Path, house: "House", queue: Sequence["Told"]) -> None:
    """Writes the records of some exceptions: UTF-8 with a mark that spreadsheets recognise, CRLF, one header row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow((*_FILLED_IN, *_KEYS, *_TOLD))
    for told in queue:
        writer.writerows(_rows(house, told))
    file.write_bytes(text.getvalue().encode("utf-8-sig"))


def _rows(house: "House", told: "Told") -> Iterator[list[str]]:
    from sf_intacct.orchestration.exceptions import link

    for row, victim in zip(told.kept["victims"], told.victims, strict=True):
        said = {
            **{name: getattr(victim, name) for name in _TOLD if hasattr(victim, name)},
            "object": victim.source_object,
            "who": told.summary.who,
            "url": link(house, victim.source_id),
            "first_seen_at": row["first_seen_at"].isoformat(timespec="seconds"),
        }
        owner = told.kept["owner"] or ""
        keys = ["", "", "", owner, told.id, victim.source_id]
        yield [guarded(cell) for cell in (*keys, *(said[name] for name in _TOLD))]


@dataclass(frozen=True)
class Line:
    """One line that somebody filled in."""

    number: int
    cells: dict[str, str]


def decisions(house: "House", content: bytes, name: str) -> list["Wish"]:
    """What the file says is to be done. Raises FixNeeded that names every line that cannot be taken."""
    from sf_intacct.orchestration.exceptions import opened

    queue = {told.id: told for told in opened(house)}
    lines = [line for line in _lines(decoded(content, name), name) if line.cells["disposition"]]
    wrong = [f"line {line.number}: {why}" for line in lines if (why := _objection(line, queue))]
    if wrong:
        raise FixNeeded(_DOING, record=name, seen="; ".join(wrong), remedy="correct these lines; nothing was done yet")
    return list(_wishes(lines, queue))


def _wishes(lines: Sequence[Line], queue: dict[str, "Told"]) -> Iterator["Wish"]:
    """One wish for each exception and decision; one for each document."""
    from sf_intacct.orchestration.disposing import Wish
    from sf_intacct.store.decisions import Disposition

    together: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for line in lines:
        cells = line.cells
        owner = cells["owner"] if cells["disposition"] == "assign" else ""
        key = (cells["exception"], cells["disposition"], cells["reason"], cells["document"], owner)
        together[key].append(cells["record"])
    for (exception_id, disposition, reason, document, owner), records in together.items():
        told = queue[exception_id]
        victims = tuple(victim for victim in told.victims if victim.source_id in records)
        yield Wish(told, victims, Disposition(disposition), reason or disposition, document, owner, is_named=True)


def _objection(line: Line, queue: dict[str, "Told"]) -> str:
    """Why a line cannot be taken; empty when it can."""
    cells = line.cells
    told = queue.get(cells["exception"])
    if cells["disposition"] not in _MEANT:
        return f"{cells['disposition']!r} is none of {', '.join(_MEANT)}"
    if told is None:
        return f"no exception {cells['exception'] or '(no id)'} is open"
    if cells["record"] not in {victim.source_id for victim in told.victims}:
        return f"it keeps no record {cells['record'] or '(no id)'}"
    if cells["disposition"] in ("ignore", "hold", "resolve") and not cells["reason"]:
        return "say why, in the column reason"
    if cells["disposition"] == "resolve" and not cells["document"]:
        return "name the document in Intacct, in the column document"
    if cells["disposition"] == "assign" and not cells["owner"]:
        return "name somebody, in the column owner"
    return ""


def _lines(text: str, name: str) -> Iterator[Line]:
    header = text.partition("\n")[0]
    delimiter = next((one for one in (",", ";", "\t") if one in header), ",")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    names = [unguarded(cell).casefold() for cell in next(reader, [])]
    missing = sorted({*_FILLED_IN, *_KEYS} - set(names))
    if missing:
        seen = f"its first line does not name {', '.join(missing)}"
        raise FixNeeded(_DOING, record=name, seen=seen, remedy="start from a file that `exceptions list --csv` wrote")
    for row in reader:
        cells = dict(zip(names, (unguarded(cell) for cell in row), strict=False))
        kept = {column: cells.get(column, "") for column in (*_FILLED_IN, *_KEYS)}
        yield Line(reader.line_num, {**kept, "disposition": kept["disposition"].casefold()})

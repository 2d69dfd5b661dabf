"""One sales transaction made from another: an order becomes an invoice, in part or as a whole."""

from collections.abc import Sequence
from dataclasses import dataclass

from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.books import sales_definitions as definitions
from sf_intacct.sandbox.intacct.books.clerk import Clerk
from sf_intacct.sandbox.intacct.books.store import Row
from sf_intacct.sandbox.intacct.problems import Problem

OPEN = ("Pending", "Partially Converted")


@dataclass
class Source:
    """The transaction that another is made from, with its lines by record number."""

    header: Row
    lines: dict[int, Row]


def source(clerk: Clerk, name: str | None) -> tuple[Source | None, list[Problem]]:
    """The transaction of that DOCID; a problem if there is none."""
    if not name:
        return None, []
    header = clerk.store.find("SODOCUMENT", "DOCID", name)
    if header is None:
        return None, [problems.unknown_reference("SODOCUMENT", name)]
    lines = clerk.store.where("SODOCUMENTENTRY", "DOCHDRNO", [header["RECORDNO"]])
    return Source(header, {line["RECORDNO"]: line for line in lines}), []


def doubts(definition: Row, made_from: Source | None, lines: Sequence[Row]) -> list[Problem]:
    """Whether the source may become this, and has that much left on the lines that are drawn from."""
    if made_from is None:
        return []
    header, found = made_from.header, []
    if not definitions.may_convert(definition, header["DOCPARID"]):
        found.append(problems.not_converted_so(header["DOCPARID"], definition["DOCID"]))
    if header["STATE"] not in OPEN:
        found.append(problems.wrong_state(header["DOCID"], header["STATE"], "converted"))
    for line in lines:
        drawn = made_from.lines.get(line.get("SOURCE_DOCLINEKEY") or 0)
        if line.get("SOURCE_DOCLINEKEY") and drawn is None:
            found.append(problems.no_such_line(line["SOURCE_DOCLINEKEY"]))
        elif drawn is not None and line["QUANTITY"] > drawn["QUANTITY"] - (drawn["QTY_CONVERTED"] or 0):
            found.append(problems.more_than_is_left(line["LINE_NO"] + 1))
    return found


def draw_down(clerk: Clerk, made_from: Source | None, lines: Sequence[Row]) -> None:
    """Takes what was converted off the source's lines, and gives the source its state."""
    if made_from is None:
        return
    for line in lines:
        drawn = made_from.lines.get(line.get("SOURCE_DOCLINEKEY") or 0)
        if drawn is not None:
            drawn["QTY_CONVERTED"] = (drawn["QTY_CONVERTED"] or 0) + line["QUANTITY"]
            clerk.change("SODOCUMENTENTRY", drawn["RECORDNO"], {"QTY_CONVERTED": drawn["QTY_CONVERTED"]})
    whole = all((one["QTY_CONVERTED"] or 0) >= one["QUANTITY"] for one in made_from.lines.values())
    state = "Converted" if whole else "Partially Converted"
    clerk.change("SODOCUMENT", made_from.header["RECORDNO"], {"STATE": state})

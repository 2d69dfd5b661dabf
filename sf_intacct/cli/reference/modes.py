"""What goes wrong, row by row, and why some of it needs no test: read from a file beside the tests."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sf_intacct.cli.reference.markdown import page, table
from sf_intacct.cli.reference.proofs import Proof

_INTRODUCTION = """
What can go wrong between the two systems, the stores and the people, and what shows that it ends well here. A row
has tests (marked `@pytest.mark.answers("D1")`), or a reason why it cannot happen here, or says that it is *not there*.
A row with tests may still say what they leave open. `make failure-modes` prints the same rows, counts them, and fails
while a row has neither tests nor a reason; `make failure-modes RUN=1` runs the tests and says which pass.
"""


@dataclass(frozen=True)
class Mode:
    """One row: its number, what goes wrong in a few words, and what there is to say beside its tests.

    Attributes:
        reason: why it cannot happen here, so that there is nothing to test.
        gap: what the house does not do; an honest "no".
        open: what the tests of a row that has some do not show, or how the house differs.
    """

    number: str
    fault: str
    reason: str = ""
    gap: str = ""
    open: str = ""

    @property
    def table(self) -> str:
        """The letter of the table that the row belongs to."""
        return self.number[0]


@dataclass(frozen=True)
class Modes:
    """The tables by their letter, and their rows in order."""

    titles: dict[str, str]
    rows: tuple[Mode, ...]


def read_modes(file: Path) -> Modes:
    """The rows of the file; none where there is no file. Raises ValueError for a row with a reason and a gap."""
    data: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8")) if file.exists() else {"titles": {}}
    titles = data.pop("titles")
    rows = tuple(Mode(number, **{key: _one_line(text) for key, text in row.items()}) for number, row in data.items())
    if wrong := [row.number for row in rows if row.table not in titles or (row.reason and row.gap)]:
        raise ValueError(f"{file}: {', '.join(wrong)} belong to no table, or have a reason and a gap as well")
    return Modes(titles, rows)


def wanting(mode: Mode, *, is_tested: bool) -> str:
    """What is wrong with a row, or nothing."""
    says_untested = bool(mode.reason or mode.gap)
    if is_tested and says_untested:
        return "has tests, and says why there are none"
    if not is_tested and not says_untested:
        return "has neither a test nor a reason"
    if not is_tested and mode.open:
        return "says what its tests leave open, and has none"
    return ""


def standing(mode: Mode, *, is_tested: bool) -> str:
    """`tested`, `reason`, `not there`, or nothing while a row has neither."""
    return "tested" if is_tested else "not there" if mode.gap else "reason" if mode.reason else ""


def modes_page(modes: Modes, answers: list[Proof]) -> str:
    """docs/failure-modes.md."""
    parts = []
    for letter, title in modes.titles.items():
        rows = [_cells(row, answers) for row in modes.rows if row.table == letter]
        parts += [f"## {letter}. {title}", table(("", "What goes wrong", "What shows that it ends well"), rows)]
    return page("Failure modes", _INTRODUCTION, _counts(modes, answers), *parts)


def counted(modes: Modes, tested: set[str]) -> dict[str, int]:
    """How many rows there are, and how many stand in which way."""
    ways = [standing(row, is_tested=row.number in tested) for row in modes.rows]
    return {
        "rows": len(ways),
        "tested": ways.count("tested"),
        "reasons": ways.count("reason"),
        "gaps": ways.count("not there"),
        "neither": ways.count(""),
    }


def _counts(modes: Modes, answers: list[Proof]) -> str:
    count = counted(modes, {row for answer in answers for row in answer.answered})
    return (
        f"{count['rows']} rows: {count['tested']} with tests, {count['reasons']} that cannot happen here, "
        f"{count['gaps']} not there."
    )


def _cells(mode: Mode, answers: list[Proof]) -> tuple[str, str, str]:
    told = [f"{answer.sentence} (`{answer.file}`)" for answer in answers if mode.number in answer.answered]
    told += [mode.reason] if mode.reason else []
    told += [f"*Not there:* {mode.gap}"] if mode.gap else []
    told += [f"*Left open:* {mode.open}"] if mode.open else []
    return mode.number, mode.fault, "<br>".join(told)


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""The review file: suggestions as CSV for a spreadsheet, and what comes back from one.

A spreadsheet runs what looks like a formula, drops leading zeros, and saves with its own separator and
encoding. So every cell that it would not leave alone is written with an apostrophe before it, and reading
takes one apostrophe away; whatever else it does to a file is recognised or refused with its line.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from sf_intacct.errors import FixNeeded

YES, NO = ("yes", "y", "x", "1", "true"), ("no", "n", "0", "false")
_DELIMITERS = (",", ";", "\t")
# A formula (also in full width: = + - @), or something that a spreadsheet takes for a number or a date.
_FULL_WIDTH = "\uff1d\uff0b\uff0d\uff20"
_TOUCHED = re.compile(
    rf"\s*[=+\-@|%{_FULL_WIDTH}']|[\t\r\n]|0\d+$|\d{{12,}}$|\d+[eE]\d+$|"
    r"\d{1,4}[-/.]\d{1,2}([-/.]\d+)?$|(true|false)$",
    re.IGNORECASE,
)
_DOING = "reading the review file"


@dataclass(frozen=True)
class Columns:
    """The columns of a review file, named after the two systems so that a reader knows whose is whose."""

    source: str  # "salesforce"
    target: str  # "intacct"

    @property
    def by_field(self) -> dict[str, str]:
        """Column by field of a suggestion, in the order of the file; the answer comes first."""
        sides = {"source": self.source, "target": self.target}
        named = ["source_name", "target_name", "source_address", "target_address", "source_tax_id", "target_tax_id"]
        ids = {
            "source_id": f"{self.source}_id",
            "target_key": f"{self.target}_key",
            "target_id": f"{self.target}_record",
        }
        texts = {field: field.replace(field[:6], sides[field[:6]]) for field in named}
        return {
            "answer": "approve",
            "score": "score",
            "how": "how",
            "evidence": "evidence",
            **texts,
            **ids,
            "seen": "seen",
        }


@dataclass(frozen=True)
class Answer:
    """One row that somebody answered. is_same: yes or no. An empty text is a cell that was emptied."""

    line: int
    is_same: bool
    source_id: str
    target_key: str
    target_id: str
    seen: str


def guarded(value: object) -> str:
    """A cell that a spreadsheet leaves as it is."""
    text = "" if value is None else str(value)
    return f"'{text}" if _TOUCHED.match(text) else text


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell.removeprefix("'").strip()


def written(columns: Columns, rows: Iterable[Mapping[str, object]], delimiter: str = ",") -> bytes:
    """The file: UTF-8 with a mark that spreadsheets recognise, CRLF, one header row."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=delimiter, lineterminator="\r\n")
    writer.writerow(columns.by_field.values())
    for row in rows:
        writer.writerow([guarded(row.get(field, "")) for field in columns.by_field])
    return text.getvalue().encode("utf-8-sig")


def read(content: bytes, columns: Columns, name: str) -> tuple[list[Answer], list[tuple[int, str]]]:
    """The answered rows of a file, and the lines that cannot be understood, with the reason in words.

    Raises FixNeeded when it is no review file at all.
    """
    lines = list(_rows(decoded(content, name), columns, name))
    answers: list[Answer] = []
    wrong: list[tuple[int, str]] = []
    for line, cells in lines:
        said = cells["answer"].casefold()
        if said in (*YES, *NO):
            answers.append(
                Answer(line, said in YES, *(cells[f] for f in ("source_id", "target_key", "target_id", "seen")))
            )
        elif said:
            wrong.append((line, f"{cells['answer']!r} is neither yes nor no"))
    return answers, wrong


def decoded(content: bytes, name: str) -> str:
    """The text, however a spreadsheet saved it."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings: tuple[str, ...] = ("utf-16",)
    else:
        encodings = ("utf-8-sig", "cp1252")
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.replace("\r\n", "\n").replace("\r", "\n")
    raise FixNeeded(_DOING, record=name, seen="it is no text", remedy="save it as CSV (UTF-8)")


def _rows(text: str, columns: Columns, name: str) -> Iterator[tuple[int, dict[str, str]]]:
    skipped = 0
    if text[:4].casefold() == "sep=":
        _, _, text = text.partition("\n")
        skipped = 1
    header, delimiter = _header(text, columns, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        next(reader)
        for row in reader:
            if any(cell.strip() for cell in row):
                cells = dict(zip(header, (unguarded(cell) for cell in row), strict=False))
                yield (
                    reader.line_num + skipped,
                    {field: cells.get(column, "") for field, column in columns.by_field.items()},
                )
    except csv.Error as error:
        line = f"{name}, line {reader.line_num + skipped}"
        raise FixNeeded(_DOING, record=line, seen=str(error), remedy="save it as CSV (UTF-8)") from error


def _header(text: str, columns: Columns, name: str) -> tuple[list[str], str]:
    """The column names, and what stands between cells. Raises FixNeeded for a file of another kind."""
    needed = [columns.by_field[field] for field in ("answer", "source_id", "target_key")]
    first = text.partition("\n")[0]
    for delimiter in _DELIMITERS:
        header = [unguarded(cell).casefold() for cell in first.replace('"', "").split(delimiter)]
        if set(needed) <= set(header):
            if len({column for column in header if column}) < len([column for column in header if column]):
                raise FixNeeded(_DOING, record=name, seen="a column stands there twice", remedy="delete one of them")
            return header, delimiter
    seen = f"its first line does not name the columns {', '.join(needed)}"
    raise FixNeeded(_DOING, record=name, seen=seen, remedy="start from a file that `match suggest --output` wrote")

"""The mapping files on disk: read once, as text, all together."""

import csv
import io
import re
from collections.abc import Sequence
from pathlib import Path

from sf_intacct.errors import MappingError
from sf_intacct.flow.described import with_described
from sf_intacct.flow.mapping_check import checked
from sf_intacct.flow.mapping_text import Mappings, parse
from sf_intacct.store.described_file import read_described

_OURS = re.compile(r"[^/]+\.yaml|overrides/[^/]+\.yaml|crosswalks/[^/]+\.csv")
# What somebody surely meant to be read.
_MISNAMED = re.compile(r"(?:overrides/)?[^/]+\.ya?ml|crosswalks/[^/]+\.csv", re.IGNORECASE)


def is_mapping_file(name: str) -> bool:
    """Whether a file of the folder, by its name there, is read. Raises MappingError for one that only seems to be."""
    if not _OURS.fullmatch(name) and _MISNAMED.fullmatch(name):
        remedy = "name mapping files .yaml and crosswalks .csv"
        raise MappingError("reading the mappings", record=name, seen="a name that is not read", remedy=remedy)
    return _OURS.fullmatch(name) is not None


def read_texts(folder: Path) -> dict[str, str]:
    """Every mapping file and crosswalk below `folder`, by its name there. Raises MappingError."""
    if not folder.is_dir():
        raise MappingError("reading the mappings", seen=f"no folder {folder}", remedy="set SF_INTACCT_MAPPINGS")
    files = [*folder.glob("*"), *folder.glob("overrides/*"), *folder.glob("crosswalks/*")]
    texts: dict[str, str] = {}
    for file in sorted(files):
        name = file.relative_to(folder).as_posix()
        if not is_mapping_file(name):
            continue
        try:
            texts[name] = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise MappingError("reading the mappings", record=name, seen=str(error)) from error
    return texts


def add_to_crosswalk(folder: Path, name: str, said: str, means: str) -> None:
    """Adds one line to a crosswalk; the file is replaced whole: nobody reads half of it. Raises MappingError."""
    file = folder / name
    try:
        text = file.read_text(encoding="utf-8-sig")
        line = io.StringIO()
        csv.writer(line, lineterminator="\n").writerow([said, means])
        fresh = file.with_name(f".{file.name}.new")
        fresh.write_text(f"{text.rstrip()}\n{line.getvalue()}", encoding="utf-8")
        fresh.replace(file)
    except (OSError, UnicodeDecodeError) as error:
        raise MappingError("completing a crosswalk", record=name, seen=str(error)) from error


def read_mappings(folder: Path, overrides: Sequence[str] = (), home: Path | None = None) -> Mappings:
    """The mappings in `folder`, with overrides laid over them, if nothing is wrong; raises MappingError otherwise.

    home: where it is kept what the systems said of themselves; without it fields take what their contracts say.
    """
    known = checked(parse(read_texts(folder), overrides))
    return known if home is None else with_described(known, read_described(home))

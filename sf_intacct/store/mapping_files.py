"""The mapping files on disk: read once, as text, all together."""

from pathlib import Path

from sf_intacct.errors import MappingError
from sf_intacct.flow.mapping_check import checked
from sf_intacct.flow.mapping_text import Mappings, parse


def read_texts(folder: Path) -> dict[str, str]:
    """Every mapping file and crosswalk below `folder`, by its name there. Raises MappingError."""
    if not folder.is_dir():
        raise MappingError("reading the mappings", seen=f"no folder {folder}", remedy="set SF_INTACCT_MAPPINGS")
    files = [*folder.glob("*.yaml"), *folder.glob("crosswalks/*.csv")]
    texts: dict[str, str] = {}
    for file in sorted(files):
        name = file.relative_to(folder).as_posix()
        try:
            texts[name] = file.read_text(encoding="utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise MappingError("reading the mappings", record=name, seen=str(error)) from error
    return texts


def read_mappings(folder: Path) -> Mappings:
    """The mappings in `folder`, if nothing is wrong with them; raises MappingError otherwise."""
    return checked(parse(read_texts(folder)))

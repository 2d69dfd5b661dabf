"""The company's object definitions as data: one JSON file per object, in the shape `lookup` answers.

A field or a custom field is one line of JSON. `load` turns the files into `Definition` values once.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
# The finest minor unit of a currency; how many places an amount has is said by its currency.
SCALE_OF_MONEY = 3
SCALES = {"DECIMAL": SCALE_OF_MONEY, "CURRENCY": SCALE_OF_MONEY, "PERCENT": 4}


@dataclass(frozen=True)
class Field:
    """One field of an object.

    values maps each label to its database code (`query` speaks labels, `readByQuery` filters by codes).
    A field is stored, unless it says where it comes from: path (a field of a related object), code_of
    (the code behind a label), or computed (an expression of `reading.computed`). Decimals are stored as
    integers of 10 ** -scale. hidden fields exist in the books only; write_only ones can be written and are not
    among what `lookup` lists and a query may select.
    """

    id: str
    type: str
    label: str
    required: bool = False
    readonly: bool = False
    custom: bool = False
    hidden: bool = False
    write_only: bool = False
    in_blocks: bool = False
    immutable: bool = False
    length: int | None = None
    decimals: int | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    default: str | None = None
    format: str = ""
    path: str = ""
    code_of: str = ""
    computed: str = ""

    @property
    def stored(self) -> bool:
        return not (self.path or self.code_of or self.computed)

    @property
    def visible(self) -> bool:
        return not (self.hidden or self.write_only)

    @property
    def writable(self) -> bool:
        return self.stored and not self.readonly and not self.hidden

    @property
    def scale(self) -> int | None:
        """Decimal places of a number that is no integer; None for every other type."""
        places = SCALES.get(self.type)
        return places if places is None or self.decimals is None else self.decimals


@dataclass(frozen=True)
class Relation:
    """A way to another object: the row whose `on` equals our `by`.

    checked relations are references that a write must satisfy. internal ones serve the books only: no path
    leads over them. related_by is the name `lookup` gives to `by`, where it is not the column itself.
    """

    path: str
    object: str
    by: str
    on: str
    label: str = ""
    related_by: str = ""
    checked: bool = False
    internal: bool = False


@dataclass(frozen=True)
class Contents:
    """The child rows that `read` nests inside a record."""

    block: str
    object: str
    by: str
    order: str


@dataclass(frozen=True)
class Definition:
    """One object. Several may lie in one table, told apart by `only` (column -> admitted values)."""

    object: str
    name: str
    id_field: str
    fields: tuple[Field, ...]
    relations: tuple[Relation, ...]
    table: str = ""
    only: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    indexes: tuple[tuple[str, ...], ...] = ()
    nested: tuple[str, ...] = ()
    contents: Contents | None = None
    blocks: Mapping[str, str] = field(default_factory=dict)
    audited: bool = True
    time_zone: str = ""

    @cached_property
    def by_id(self) -> dict[str, Field]:
        return {one.id: one for one in self.fields}

    @cached_property
    def by_path(self) -> dict[str, Relation]:
        return {one.path: one for one in self.relations}

    @cached_property
    def stored(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.stored)

    @cached_property
    def visible(self) -> tuple[Field, ...]:
        return tuple(one for one in self.fields if one.visible)

    @property
    def stamp_of_creation(self) -> str:
        """The audit stamp; on transactions WHENCREATED is the document's own date."""
        if "AUWHENCREATED" in self.by_id:
            return "AUWHENCREATED"
        return "WHENCREATED" if "WHENCREATED" in self.by_id else ""


class Schema(Mapping[str, Definition]):
    """All objects by name."""

    def __init__(self, definitions: list[Definition]) -> None:
        self._definitions = {one.object: one for one in definitions}

    def __getitem__(self, name: str) -> Definition:
        return self._definitions[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._definitions)

    def __len__(self) -> int:
        return len(self._definitions)

    def sharing(self, table: str) -> list[Definition]:
        """The objects that lie in `table`."""
        return [one for one in self.values() if one.table == table]


@cache
def load() -> Schema:
    """The schema of this folder; raises ValueError naming the file if one is not a definition."""
    raw = [_read(path) for path in sorted(FOLDER.glob("*.json"))]
    contact = next(one for one in raw if one["object"] == "CONTACT")
    in_blocks = [line for line in contact["fields"] if line.get("in_blocks")]
    return Schema([_definition(one, in_blocks) for one in raw])


def _read(path: Path) -> dict[str, Any]:
    try:
        loaded: dict[str, Any] = json.loads(path.read_text())
    except ValueError as error:
        raise ValueError(f"{path.name} is not JSON: {error}") from error
    if loaded.get("object") != path.stem:
        raise ValueError(f"{path.name} defines {loaded.get('object')!r}")
    return loaded


def _definition(raw: dict[str, Any], in_blocks: list[dict[str, Any]]) -> Definition:
    fields = [one for line in raw["fields"] for one in _fields(line, in_blocks)]
    contents = raw.get("contents")
    return Definition(
        object=raw["object"],
        name=raw["name"],
        id_field=raw["id_field"],
        fields=tuple(fields),
        relations=tuple(Relation(**one) for one in raw["relations"]),
        table=raw.get("table", raw["object"]),
        only={name: tuple(values) for name, values in raw.get("only", {}).items()},
        indexes=tuple(tuple(one) for one in raw.get("indexes", ())),
        nested=tuple(raw.get("nested", ())),
        contents=Contents(**contents) if contents else None,
        blocks={line["block"]: line["relation"] for line in raw["fields"] if "block" in line},
        audited=raw.get("audited", True),
        time_zone=raw.get("time_zone", ""),
    )


def _fields(line: dict[str, Any], in_blocks: list[dict[str, Any]]) -> Iterator[Field]:
    """The field of one line, or all fields of the contact that a block stands for."""
    if "block" not in line:
        yield Field(**line)
        return
    for one in in_blocks:
        yield Field(
            id=f"{line['block']}.{one['id']}",
            type=one["type"],
            label=one["label"],
            path=f"{line['relation']}.{one['id']}",
        )

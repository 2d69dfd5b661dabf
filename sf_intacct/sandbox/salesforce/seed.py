"""A folder of CSV files into the books: keys become ids, what follows from other fields is computed."""

import csv
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sf_intacct.sandbox.salesforce.checks import check_required
from sf_intacct.sandbox.salesforce.company import CURRENCIES, Company
from sf_intacct.sandbox.salesforce.errors import SalesforceError
from sf_intacct.sandbox.salesforce.ids import mint, normalise
from sf_intacct.sandbox.salesforce.rules import NO_RULE, RULES, Change
from sf_intacct.sandbox.salesforce.schema import Field, Kind, ObjectType
from sf_intacct.sandbox.salesforce.store import Finder, Record
from sf_intacct.sandbox.salesforce.values import parse_instant, stamp_text, stored
from sf_intacct.sandbox.salesforce.writer import auto_number, serial_of

KEY = "key"
# A row may bring the id it has elsewhere; what is minted afterwards counts from here, so that none is given twice.
ID, MINTED_FROM = "Id", 10_000_000
# Rows that a new company has already: a seed row with the same value here is that row, changed.
FOUNDED = {"Organization": "", "User": "Username", "Pricebook2": "IsStandard", "OrderStatus": "ApiName"}
ALSO_NEEDS = {
    "Order": ("OrderStatus",),
    "OrderItem": ("Order", "CurrencyType"),
    "PricebookEntry": ("CurrencyType",),
}
# Where two objects name each other, this one is there first: the other takes more from it.
FIRST_OF_TWO = {"Opportunity": "Quote"}
ROLLED_UP = {"OrderItem": "OrderId", "OpportunityLineItem": "OpportunityId", "QuoteLineItem": "QuoteId"}
STAMPS = ("CreatedDate", "LastModifiedDate", "SystemModstamp")


@dataclass
class Line:
    """One row of a file: where it stands, its seed-local key, its cells by column, and the id it has or gets."""

    number: int
    key: str
    cells: list[str]
    record_id: str = ""
    founded: bool = False


@dataclass
class Sheet:
    """One file: the object it is about, its columns in order, its rows."""

    path: Path
    kind: ObjectType
    columns: list[Field]
    lines: list[Line] = field(default_factory=list)

    def stored(self, line: Line, place: int) -> Any:
        """The stored form of one cell; raises ValueError if it has none."""
        try:
            return stored(self.columns[place], line.cells[place])
        except SalesforceError as error:
            raise self.wrong(line.number, error) from None

    def wrong(self, line: int, reason: object) -> ValueError:
        return ValueError(f"{self.path.name}, line {line}: {reason}")


class SeedLoader:
    """Loads one folder; a mistake in it is a ValueError with file and line, and nothing is loaded."""

    def __init__(self, company: Company) -> None:
        self.company, self.store, self.schema = company, company.store, company.schema
        self.now = company.stamp()
        self._ids: dict[str, dict[str, str]] = {}

    def load(self, folder: Path) -> dict[str, int]:
        """Rows loaded, by object."""
        if not folder.is_dir():
            raise FileNotFoundError(f"no seed for Salesforce at {folder}")
        sheets = [_read(self.schema.find(path.stem), path) for path in sorted(folder.glob("*.csv"))]
        for sheet in sheets:
            self._identify(sheet)
        if any(sheet.kind.name == CURRENCIES for sheet in sheets):
            self.company.use_several_currencies()
        with self.company.world.transaction():
            self.store.drop_indexes()
            loaded = {sheet.kind.name: self._insert(sheet) for sheet in _in_order(sheets)}
            self.store.make_indexes()
            for sheet in sheets:
                self._settle(sheet.kind)
                self._check_unique(sheet)
        return loaded

    def _identify(self, sheet: Sheet) -> None:
        """Gives every row its id, so that references may point forwards and in circles."""
        known = self._ids.setdefault(sheet.kind.name, {})
        serial = f"salesforce {sheet.kind.key_prefix}"
        if any(line.record_id for line in sheet.lines):
            self.company.world.serial(serial, MINTED_FROM)
        first = self.company.world.serial(serial, len(sheet.lines))
        founded = self._founded_rows(sheet)
        for offset, line in enumerate(sheet.lines):
            given = founded.get(line.number, "") or line.record_id
            line.record_id = given or mint(sheet.kind.key_prefix, first + offset)
            line.founded = line.number in founded
            if line.key in known:
                raise sheet.wrong(line.number, f"the key {line.key!r} is used twice")
            if line.key:
                known[line.key] = line.record_id

    def _founded_rows(self, sheet: Sheet) -> dict[int, str]:
        """Line number to id for rows that the company has since its foundation."""
        natural = FOUNDED.get(sheet.kind.name)
        if natural is None:
            return {}
        existing = self.store.all(sheet.kind)
        if not natural:
            return {line.number: existing[0]["Id"] for line in sheet.lines[:1]}
        place = next((place for place, each in enumerate(sheet.columns) if each.name == natural), None)
        if place is None:
            return {}
        ids = {record[natural]: record["Id"] for record in existing if record[natural]}
        values = {line.number: sheet.stored(line, place) for line in sheet.lines}
        return {number: ids[value] for number, value in values.items() if value in ids}

    def _insert(self, sheet: Sheet) -> int:
        self.store.insert(sheet.kind, self._new_records(sheet))
        self._advance_numbers(sheet)
        return len(sheet.lines)

    def _new_records(self, sheet: Sheet) -> Iterator[Record]:
        """One after the other, for there may be many; rows that are there already are changed on the way."""
        for line, record in self._records(sheet):
            if line.founded:
                self.store.change(sheet.kind, line.record_id, record)
            else:
                yield record

    def _records(self, sheet: Sheet) -> Iterator[tuple[Line, Record]]:
        rule, look = RULES.get(sheet.kind.name, NO_RULE), Finder(self.store)
        converters = [self._converter(column) for column in sheet.columns]
        names = [column.name for column in sheet.columns]
        for line in sheet.lines:
            try:
                values = [convert(cell) for convert, cell in zip(converters, line.cells, strict=True)]
                record = self._complete(sheet.kind, line, dict(zip(names, values, strict=True)))
                given = frozenset(name for name, value in zip(names, values, strict=True) if value is not None)
                change = Change(sheet.kind, None, record, given)
                rule.derive(change, look)
                check_required(change)
            except (SalesforceError, ValueError) as error:
                raise sheet.wrong(line.number, error) from None
            yield line, record

    def _complete(self, kind: ObjectType, line: Line, values: Record) -> Record:
        """The row with defaults, audit fields and auto-numbers where it has none of its own."""
        created = values.get("CreatedDate") or self.now
        user = self.company.sales_user_id
        before = self.store.get(kind, line.record_id) if line.founded else None
        record = {**(before or kind.defaults), "Id": line.record_id}
        record.update((name, value) for name, value in values.items() if value is not None or before)
        for stamp in STAMPS:
            record[stamp] = values.get(stamp) or created
        for author in ("CreatedById", "LastModifiedById", *(("OwnerId",) if "OwnerId" in record else ())):
            record[author] = record[author] or user
        for name, pattern in kind.auto_numbers:
            if record[name] is None:
                record[name] = auto_number(pattern, self.company.world.serial(serial_of(kind, name)))
        return record

    def _converter(self, column: Field) -> Callable[[str], Any]:
        if column.is_reference:
            keys = self._ids.get(str(column.reference_to), {})
            return lambda cell: self._reference(column, keys, cell) if cell else None
        if column.name in STAMPS:
            return lambda cell: stamp_text(parse_instant(cell)) if cell else None
        return lambda cell: stored(column, cell)

    def _reference(self, column: Field, keys: dict[str, str], cell: str) -> str:
        """A key of this seed, or the literal id of a row that is there."""
        found = keys.get(cell)
        if found is None:
            literal = normalise(cell)
            parent = self.schema[str(column.reference_to)]
            found = literal if literal and self.store.get(parent, literal) else None
        if found is None:
            raise ValueError(f"{column.name}: no {column.reference_to} has the key {cell!r}")
        return found

    def _advance_numbers(self, sheet: Sheet) -> None:
        """Auto-numbers go on after the highest that the seed brought along."""
        patterns = dict(sheet.kind.auto_numbers)
        for place, column in enumerate(sheet.columns):
            if column.name in patterns:
                numbers = [int(digits) for line in sheet.lines if (digits := _digits(line.cells[place]))]
                serial = serial_of(sheet.kind, column.name)
                missing = max(numbers, default=0) - self.company.world.serial(serial, 0) + 1
                self.company.world.serial(serial, max(0, missing))

    def _settle(self, kind: ObjectType) -> None:
        """Roll-ups, once per parent, without moving its stamps: the seed states how things are."""
        rule, reference = RULES.get(kind.name, NO_RULE), ROLLED_UP.get(kind.name, "")
        for parent in self.store.distinct(kind, reference) if reference else ():
            for object_name, record_id, changes in rule.settle({reference: parent}, self.store):
                self.store.change(self.schema[object_name], record_id, changes)

    def _check_unique(self, sheet: Sheet) -> None:
        for column in sheet.kind.unique_fields:
            seen: dict[str, int] = {}
            place = next((place for place, each in enumerate(sheet.columns) if each is column), None)
            for line in sheet.lines if place is not None else ():
                value = line.cells[place or 0].casefold()
                if value and value in seen:
                    raise sheet.wrong(line.number, f"{column.name} {value!r} is on line {seen[value]}, too")
                seen[value] = line.number


def _read(kind: ObjectType | None, path: Path) -> Sheet:
    if kind is None:
        raise ValueError(f"{path.name}: there is no object {path.stem!r}")
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        header = next(reader, [])
        columns = [_column(kind, name, path) for name in header if name not in (KEY, ID)]
        sheet = Sheet(path, kind, columns)
        for cells in reader:
            if len(cells) != len(header):
                raise sheet.wrong(reader.line_num, f"{len(cells)} cells under {len(header)} columns")
            named = {name: cell for name, cell in zip(header, cells, strict=True) if name in (KEY, ID)}
            line = Line(reader.line_num, named.get(KEY, ""), _without(cells, header, named))
            line.record_id = _own_id(sheet, line, named.get(ID, ""))
            sheet.lines.append(line)
    return sheet


def _without(cells: list[str], header: list[str], named: dict[str, str]) -> list[str]:
    return [cell for name, cell in zip(header, cells, strict=True) if name not in named]


def _own_id(sheet: Sheet, line: Line, cell: str) -> str:
    """The id that a row brings; raises ValueError for one that no record of this object can have."""
    given = normalise(cell) if cell else ""
    if given is None or (given and not given.startswith(sheet.kind.key_prefix)):
        raise sheet.wrong(line.number, f"{cell!r} is no id of a {sheet.kind.name}")
    return given


def _column(kind: ObjectType, name: str, path: Path) -> Field:
    found = kind.by_name.get(name)
    if found is None or found.kind is Kind.COMPOUND:
        raise ValueError(f"{path.name}, line 1: {kind.name} has no column {name!r}")
    return found


def _digits(text: str) -> str:
    return "".join(char for char in text if char.isdigit())


def _in_order(sheets: list[Sheet]) -> list[Sheet]:
    """Parents before children; other circles are cut anywhere, since ids are given beforehand."""
    by_name = {sheet.kind.name: sheet for sheet in sheets}
    done: dict[str, Sheet] = {}
    entered: set[str] = set()

    def visit(name: str) -> None:
        if name not in by_name or name in entered:
            return
        entered.add(name)
        kind = by_name[name].kind
        for needed in (*ALSO_NEEDS.get(name, ()), *(str(each.reference_to) for each in kind.references)):
            if needed != FIRST_OF_TWO.get(name):
                visit(needed)
        done[name] = by_name[name]

    for name in by_name:
        visit(name)
    return list(done.values())

"""What a published table promises: its columns, their kinds, and where each comes from.

A contract is the one declaration of a table. The read, the shape, the checks, the comments in the
database and the columns in the user interface all follow from it.
"""

from dataclasses import dataclass
from functools import cached_property, partial

import pandera.polars as pa
import polars as pl

from sf_intacct.model.system import Kind, Selection, SourceField

# Three places: the finest minor unit of a currency. How many count is said by the currency, in model.money.
MONEY = pl.Decimal(18, 3)
NUMBER = pl.Decimal(18, 4)
INSTANT = pl.Datetime("us", "UTC")

DTYPES: dict[Kind, pl.DataType] = {
    Kind.TEXT: pl.String(),
    Kind.MONEY: MONEY,
    Kind.NUMBER: NUMBER,
    Kind.WHOLE: pl.Int64(),
    Kind.DATE: pl.Date(),
    Kind.INSTANT: INSTANT,
    Kind.FLAG: pl.Boolean(),
}


@dataclass(frozen=True)
class Column:
    """One column. source is the system's own field name; None for a column the house computes.

    required: a document without it is quarantined. values: nothing else is lawful. limit: how many
    characters the system takes when we write the field, and choices which values: others wait in the plan. Both count
    until the system itself has been asked (`mappings check --live`). optional: the
    column is read only where a mapping uses it, and need not be there otherwise; read_for: or where one uses a
    column or field of these names. silent: the system takes the field and shows it in no query, so it is never read;
    the house fills the column from what else it reads, if at all. detected: the system is asked
    whether it has the field; where it has none the column is empty, whoever uses it.
    """

    name: str
    source: str | None
    says: str
    kind: Kind
    required: bool = False
    unique: bool = False
    values: tuple[str, ...] = ()
    length_max: int | None = None
    limit: int | None = None
    choices: tuple[str, ...] = ()
    optional: bool = False
    detected: bool = False
    read_for: tuple[str, ...] = ()
    silent: bool = False

    @property
    def dtype(self) -> pl.DataType:
        return DTYPES[self.kind]

    @property
    def checked(self) -> pa.Column:
        checks = [pa.Check.isin(self.values)] if self.values else []
        if self.length_max:
            checks.append(pa.Check.str_length(max_value=self.length_max))
        return pa.Column(
            self.dtype, checks=checks, nullable=not self.required, unique=self.unique, description=self.says
        )


@dataclass(frozen=True)
class Contract:
    """One table of the house, `core.<name>`, and the object it is observed from.

    key is the column of the record id, stamp the column of the system's modification stamp, label the
    column by which people know a record. No stamp: every read is of everything, and what it lacks is gone.
    Lines of a document name its key in document; their documents' contract names them in lines.
    read_with_document: the lines have no stamp to trust, so they are read again, whole, whenever their
    document changed. void is a column and its values on a document that somebody took back: it is there, but
    no longer counts. paid is the columns of what was paid on a document, and of what is still
    due. amount is the money at stake when a document cannot go on. optional: the object is read
    only where a mapping uses the table, and need not be there otherwise. made_of: optional tables that are
    read only for this one, which the house makes of them. by_function: a function of its own answers it, and the system
    describes no such object.
    """

    name: str
    system: str
    object: str
    says: str
    columns: tuple[Column, ...]
    key: str
    label: str
    stamp: str
    document: str | None = None
    lines: str | None = None
    read_with_document: bool = False
    amount: str | None = None
    void: tuple[str, tuple[str, ...]] | None = None
    paid: tuple[str, str] | None = None
    optional: bool = False
    made_of: tuple[str, ...] = ()
    by_function: bool = False

    @cached_property
    def by_name(self) -> dict[str, Column]:
        return {column.name: column for column in self.columns}

    @cached_property
    def by_source(self) -> dict[str, Column]:
        return {column.source: column for column in self.columns if column.source}

    @cached_property
    def schema(self) -> pa.DataFrameSchema:
        """The pandera schema. Validate collected frames only: on a LazyFrame pandera skips the values."""
        return pa.DataFrameSchema(
            {column.name: column.checked for column in self.columns},
            name=self.name,
            description=self.says,
            strict=True,
        )

    @cached_property
    def dtypes(self) -> dict[str, pl.DataType]:
        return {column.name: column.dtype for column in self.columns}

    @property
    def selection(self) -> Selection:
        """What an adapter has to read for this contract."""
        return Selection(
            object=self.object,
            fields=tuple(
                SourceField(column.source, column.kind, column.detected) for column in self.columns if column.source
            ),
            record_id=self._source(self.key),
            stamp=self._source(self.stamp) if self.stamp else "",
            parent=self._source(self.document) if self.document else None,
        )

    def _source(self, column: str) -> str:
        source = self.by_name[column].source
        assert source is not None, f"{self.name}.{column} is computed, but identifies a version"
        return source


text = partial(Column, kind=Kind.TEXT)
money = partial(Column, kind=Kind.MONEY)
number = partial(Column, kind=Kind.NUMBER)
whole = partial(Column, kind=Kind.WHOLE)
day = partial(Column, kind=Kind.DATE)
instant = partial(Column, kind=Kind.INSTANT)
flag = partial(Column, kind=Kind.FLAG)

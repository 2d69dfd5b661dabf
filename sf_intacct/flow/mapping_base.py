"""The smallest parts of a mapping file, and what all parts have in common: no unknown keys, and SQL as text."""

from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

# YAML reads 0 as a number; the loader takes it as the text that stands there, and so may an editor.
Sql = Annotated[str, WithJsonSchema({"type": ["string", "number"]})]


class Strict(BaseModel):
    """A part of a mapping file."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class SoldTwice(StrEnum):
    """What becomes of a sale that two crossings would bill."""

    HOLD = "hold"
    ALLOW = "allow"


class Unless(Strict):
    """What keeps a record from leaving: records of the target system that still hang on it."""

    table: str = Field(description="A table of core, such as intacct_invoices")
    on: str = Field(description="Its column that holds the natural key of the leaving record's counterpart")
    when: Sql = Field(description="SQL predicate over that table: what is still open")


class Among(Strict):
    """The kinds of target record that a crossing makes, where one object holds many kinds."""

    field: str = Field(description="Target field that says the kind, such as DOCPARID")
    values: tuple[str, ...] = Field(min_length=1, description="The kinds that this crossing makes; no other makes them")


class Stake(Strict):
    """The money that moves with a document."""

    amount: Sql = Field(description="SQL expression: the amount")
    currency: Sql = Field(description="SQL expression: its currency code")

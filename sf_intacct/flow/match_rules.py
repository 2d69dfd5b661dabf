"""What a mapping may say about records that both systems had before: which keys link them, and what is compared."""

from enum import StrEnum
from typing import Annotated

from pydantic import Field, WithJsonSchema, model_validator

from sf_intacct.flow.mapping_base import Sql, Strict

# The loader leaves numbers as text.
Likeness = Annotated[
    int,
    Field(ge=1, le=100),
    WithJsonSchema({"type": ["integer", "string"], "minimum": 1, "maximum": 100, "pattern": "^([1-9][0-9]?|100)$"}),
]


class Feature(StrEnum):
    """What two records may have in common."""

    NAME = "name"
    STREET = "street"
    CITY = "city"
    POSTAL_CODE = "postal_code"
    COUNTRY = "country"
    TAX_ID = "tax_id"
    EMAIL = "email"
    PHONE = "phone"
    WEBSITE = "website"


class Pair(Strict):
    """The same thing as each side keeps it."""

    source: Sql = Field(description="SQL expression over the source record")
    target: Sql = Field(description="SQL expression over the target's own table of core")


class Match(Strict):
    """How records that both systems had before are recognised as the same."""

    keys: dict[str, Pair] = Field(
        default_factory=dict,
        description="Second keys, by the name people call them: one record on either side with the same is linked",
    )
    compare: dict[Feature, Pair] = Field(
        default_factory=dict, description="What suggestions compare; a suggestion links nothing until it is approved"
    )
    ask_from: Likeness | None = Field(
        None, description="From 1 to 100: a new record that is so much like one that is there waits for a yes or no"
    )

    @model_validator(mode="after")
    def _comparable(self) -> "Match":
        if self.compare and Feature.NAME not in self.compare:
            raise ValueError("compare needs at least the name")
        if self.ask_from is not None and not self.compare:
            raise ValueError("ask_from needs to know what to compare")
        return self

"""The part of company.yaml that says which plans wait for a person: limits on what one plan may write."""

from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from sf_intacct.flow.mapping_base import Strict

# A company that says nothing still makes its first ten thousand records of a kind a deliberate act: that many are a
# month of a large trade at once, a first go-live, or a mistake.
DOCUMENTS_MAX = 10_000
# A usual day is known after so many days on which something was sent.
DAYS_MIN = 10


def _by_currency(value: Any) -> Any:
    for currency in value if isinstance(value, dict) else ():
        if not (len(currency) == 3 and currency.isascii() and currency.isupper()):
            raise ValueError(f"{currency}: a currency is its three capital letters, such as USD")
    return value


Money = Annotated[
    dict[str, Annotated[Decimal, Field(ge=0)]],
    BeforeValidator(_by_currency),
    WithJsonSchema(
        {
            "type": "object",
            "propertyNames": {"pattern": "^[A-Z]{3}$"},
            "additionalProperties": {"anyOf": [{"type": "number", "minimum": 0}, {"type": "string"}]},
        }
    ),
]
Documents = Annotated[int, Field(ge=0)]


class FirstUse(StrEnum):
    """What a plan waits for when the books were never seen to use it."""

    ACCOUNT = "account"
    ENTITY = "entity"


class Usual(Strict):
    """How far the writes of a day may be above those of a usual day, which is the median of days with writes."""

    percent: int = Field(ge=1, description="More than this above the usual makes the plan wait: 200 is three times it")
    days: int = Field(DAYS_MIN, ge=1, description="Days with writes that have to be known before there is a usual")
    documents: int = Field(
        25, ge=0, description="Never for so few documents in a day; their money is judged all the same"
    )


class Limits(Strict):
    """What makes a plan of one crossing wait. What is left out is as for all crossings to Intacct."""

    documents: Documents | None = Field(None, description="A plan of more writes than this waits")
    money: Money | None = Field(None, description="A plan of more money than this waits, by currency")
    off_usual: Usual | None = Field(None, description="A plan that takes the day far above the usual waits")
    first_use: tuple[FirstUse, ...] | None = Field(
        None, description="A plan waits that names a GL account or an entity which the books were never seen to use"
    )


class TwoPeople(Strict):
    """Above which size two different people have to approve a plan that waits."""

    documents: Documents | None = Field(None, description="More writes than this")
    money: Money = Field(default_factory=dict, description="More money than this, by currency")


class Brakes(Strict):
    """Which plans wait, whole, for `sf-intacct plan approve`. Limits count for every crossing to Intacct.

    What goes to Salesforce waits only where by_crossing says so.
    """

    documents: Documents = Field(DOCUMENTS_MAX, description="A plan of more writes than this waits")
    money: Money = Field(default_factory=dict, description="A plan of more money than this waits, by currency")
    off_usual: Usual | None = Field(None, description="A plan that takes the day far above the usual waits")
    first_use: tuple[FirstUse, ...] = Field(
        (), description="A plan waits that names a GL account or an entity which the books were never seen to use"
    )
    two_people: TwoPeople | None = Field(None, description="When two different people have to approve; left out: never")
    by_crossing: dict[str, Limits] = Field(
        default_factory=dict, description="Other limits for one crossing, by its name; here also for one to Salesforce"
    )

    def limits(self, crossing: str, target_system: str) -> Limits:
        """What counts for one crossing."""
        own = self.by_crossing.get(crossing, Limits())
        if target_system != "intacct":
            return own
        said = {name: getattr(own, name) for name in Limits.model_fields}
        return Limits.model_construct(**{n: getattr(self, n) if value is None else value for n, value in said.items()})

    def people(self, documents: int, money: dict[str, Decimal]) -> int:
        """How many people have to approve a plan of this size."""
        if self.two_people is None:
            return 1
        most = self.two_people.documents
        is_large = most is not None and documents > most
        is_much = any(money.get(currency, Decimal(0)) > limit for currency, limit in self.two_people.money.items())
        return 2 if is_large or is_much else 1

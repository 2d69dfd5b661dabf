"""The part of company.yaml that says which books are closed, and what becomes of documents that would be refused."""

from datetime import date
from enum import StrEnum

from pydantic import Field

from sf_intacct.flow.mapping_base import Strict


class Ledger(StrEnum):
    """What is closed by itself: the general ledger closes all of them."""

    GENERAL = "GL"
    RECEIVABLES = "AR"
    ORDER_ENTRY = "OE"


class Policy(StrEnum):
    """What becomes of a document that Intacct would refuse."""

    HOLD = "hold"
    IGNORE = "ignore"


class PeriodPolicy(StrEnum):
    """What becomes of a document whose posting date lies in a closed period."""

    HOLD = "hold"
    IGNORE = "ignore"
    NEXT_OPEN_PERIOD = "next_open_period"


class Closed(Strict):
    """Books that Finance has closed, through a day."""

    through: date = Field(description="Last day that is closed; what was before it is closed too")
    entity: str = Field("", description="Entity or location of Intacct; left out: the whole company")
    ledger: Ledger = Field(Ledger.GENERAL, description="GL closes everything, AR receivables, OE Order Entry alone")


class Periods(Strict):
    """What is known of open and closed periods. Intacct's reporting periods do not tell."""

    closed: tuple[Closed, ...] = Field((), description="Books that are closed, as Finance states it")
    read: bool = Field(
        False,
        description="Ask Intacct for the date through which its books are closed (get_closedbooksdate): one date for "
        "the company. The function is in an old schema only; without it the reading fails, and says so",
    )


class Preflight(Strict):
    """What becomes of documents that break a rule of Intacct: hold keeps them, ignore lets Intacct decide."""

    period_closed: PeriodPolicy = Field(
        PeriodPolicy.HOLD,
        description="The posting date lies in a closed period; next_open_period posts on the first open day, and says "
        "so in the memo",
    )

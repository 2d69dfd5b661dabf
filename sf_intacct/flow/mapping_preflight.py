"""The part of company.yaml that says which books are closed, and what becomes of documents that would be refused."""

from datetime import date
from enum import StrEnum
from typing import Any

from pydantic import Field

from sf_intacct.flow.mapping_base import Strict
from sf_intacct.flow.mapping_closing import ClosingDate, Ledger as Ledger


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
    closing: tuple[ClosingDate, ...] = Field((), description="When periods close, said ahead of time")
    read: bool = Field(
        False,
        description="Ask Intacct for the date through which its books are closed (get_closedbooksdate): one date for "
        "the company. The function is in an old schema only; without it the reading fails, and says so",
    )


class Restriction(Strict):
    """Which values of a dimension go with an account. Intacct keeps such rules, and shows them in no query."""

    account: str = Field(description="GL account")
    dimension: str = Field(description="Field of the line, such as DEPARTMENTID", pattern=r"^[A-Z]\w*$")
    allowed: tuple[str, ...] = Field(description="The values that go with it; a line without one passes")


def _rule(says: str) -> Any:
    return Field(Policy.HOLD, description=says)


class Preflight(Strict):
    """What becomes of documents that break a rule of Intacct: hold keeps them, ignore lets Intacct decide."""

    period_closed: PeriodPolicy = Field(
        PeriodPolicy.HOLD,
        description="The posting date lies in a closed period; next_open_period posts on the first open day, and says "
        "so in the memo",
    )
    line_complete: Policy = _rule("Every line has an account and an amount")
    required_dimension: Policy = _rule("Lines have the dimensions that their GL account demands")
    control_account: Policy = _rule("No line is on an account that only a subledger fills")
    restricted_dimension: Policy = _rule("Lines keep to `restrictions`")
    restrictions: tuple[Restriction, ...] = Field((), description="Which values of dimensions go with which accounts")
    location_in_entity: Policy = _rule("Lines of a document of an entity name locations of that entity")
    project_customer: Policy = _rule("The projects of a document are its customer's, or of a customer below that one")
    customer_hold: Policy = _rule("The customer is not on hold")
    due_date: Policy = _rule("The document or its customer has payment terms")
    single_currency: Policy = _rule("A company that says `intacct_currencies: one` is sent no currency")
    transaction_definition: Policy = _rule("Documents of the sales definition may be made directly")
    quantity: Policy = _rule("Quantities of sales documents are positive")
    email: Policy = _rule("E-mail addresses of customers and contacts look like addresses")

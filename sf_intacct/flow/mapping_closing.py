"""The part of company.yaml that says when a period closes: finance's own calendar, ahead of the books."""

from datetime import date, timedelta
from enum import StrEnum

from pydantic import Field, model_validator

from sf_intacct.flow.mapping_base import Strict


class Ledger(StrEnum):
    """What is closed by itself: the general ledger closes all of them."""

    GENERAL = "GL"
    RECEIVABLES = "AR"
    ORDER_ENTRY = "OE"


def month_of(period: str) -> tuple[date, date]:
    """First and last day of a month such as 2026-11."""
    first = date.fromisoformat(f"{period}-01")
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


class ClosingDate(Strict):
    """One period that closes on a day. What is entered or changed in it later is late."""

    period: str = Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$", description="The month that closes, such as 2026-11")
    closes: date = Field(description="Last day (UTC) on which documents of the period may be entered or changed")
    hold_from: date | None = Field(
        None,
        description="From this day (UTC) on new documents of the period are held or moved, as preflight.period_closed "
        "says; left out: from the day after it closes",
    )
    near_days: int = Field(5, ge=0, description="So many days before it closes the status lists what is under way")
    entity: str = Field("", description="Entity or location of Intacct; left out: the whole company")
    ledger: Ledger = Field(Ledger.GENERAL, description="GL closes everything, AR receivables, OE Order Entry alone")

    @model_validator(mode="after")
    def _in_order(self) -> "ClosingDate":
        if self.closes < self.first_day:
            raise ValueError(f"{self.period} cannot close before it begins")
        if self.hold_from is not None and not self.first_day <= self.hold_from <= self.stops_on:
            raise ValueError("hold_from lies between the beginning of the period and the day after it closes")
        return self

    @property
    def first_day(self) -> date:
        return month_of(self.period)[0]

    @property
    def last_day(self) -> date:
        return month_of(self.period)[1]

    @property
    def stops_on(self) -> date:
        """The first day on which nothing may enter it any more."""
        return self.closes + timedelta(days=1)

    @property
    def held_from(self) -> date:
        """The first day on which new documents of it are held or moved."""
        return self.hold_from or self.stops_on

    @property
    def is_of(self) -> str:
        """What closes, in words."""
        return f"{self.ledger.value}{f' of {self.entity}' if self.entity else ''}"

    def is_near(self, today: date) -> bool:
        return self.closes - timedelta(days=self.near_days) <= today <= self.closes

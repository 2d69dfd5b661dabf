"""Closing dates: from which day a period takes no new documents, and what cannot be meant."""

from datetime import date
from typing import Any

import pytest

from sf_intacct.errors import MappingError
from sf_intacct.flow.mapping_check import checked
from sf_intacct.flow.mapping_closing import ClosingDate, Ledger
from sf_intacct.flow.mapping_preflight import Periods
from sf_intacct.flow.mapping_text import parse
from sf_intacct.flow.preflight.closings import known
from sf_intacct_tests.flow.company import TEXTS

DATES: dict[str, Any] = {"period": "2026-11", "closes": "2026-12-05", "entity": "E01", "ledger": "AR"}


def through(today: str, **said: Any) -> date | None:
    """Through which day receivables of E01 are closed."""
    periods = Periods.model_validate({"closing": [{**DATES, **said}]})
    return known(periods, None, None, date.fromisoformat(today)).through(Ledger.RECEIVABLES, ["E01"])


@pytest.mark.parametrize(
    ("today", "said", "closed"),
    [
        ("2026-12-05", {}, False),
        ("2026-12-06", {}, True),
        ("2026-12-02", {"hold_from": "2026-12-03"}, False),
        ("2026-12-03", {"hold_from": "2026-12-03"}, True),
    ],
)
def test_a_period_takes_no_new_documents_from_its_day_on(today: str, said: dict[str, str], closed: bool) -> None:
    assert through(today, **said) == (date(2026, 11, 30) if closed else None)


def test_the_next_period_begins_after_it_and_another_entity_is_not_touched() -> None:
    closings = known(Periods.model_validate({"closing": [DATES]}), None, None, date(2026, 12, 9))
    assert closings.opens(date(2026, 11, 20), Ledger.RECEIVABLES, ["E01"]) == date(2026, 12, 1)
    assert closings.through(Ledger.RECEIVABLES, ["W01"]) is None
    assert closings.through(Ledger.ORDER_ENTRY, ["E01"]) is None
    (closing,) = closings.all
    said = "no new documents of 2026-11 since 2026-12-06, and closes on 2026-12-05, says company.yaml"
    assert closing.words == f"accounts receivable of E01 takes {said}"


@pytest.mark.parametrize(("today", "is_near"), [("2026-11-29", False), ("2026-11-30", True), ("2026-12-06", False)])
def test_a_close_is_near_for_some_days_before_it(today: str, is_near: bool) -> None:
    assert ClosingDate.model_validate(DATES).is_near(date.fromisoformat(today)) == is_near


@pytest.mark.parametrize(
    ("closing", "seen"),
    [
        ("{period: 2026-13, closes: 2026-12-05}", "period"),
        ("{period: 2026-11, closes: 2026-10-31}", "2026-11 cannot close before it begins"),
        ("{period: 2026-11, closes: 2026-12-05, hold_from: 2026-12-07}", "hold_from lies between"),
        ("{period: 2026-11, close: 2026-12-05}", "unknown key close"),
        ("{period: 2026-11, closes: 2026-12-05, hold_from: 2026-12-03}", "nothing is held from this day on"),
    ],
)
def test_a_slip_is_told_with_its_line(closing: str, seen: str) -> None:
    before = TEXTS["company.yaml"]
    text = f"{before}preflight: {{period_closed: ignore}}\nperiods:\n  closing:\n    - {closing}\n"
    with pytest.raises(MappingError) as refused:
        checked(parse({**TEXTS, "company.yaml": text}))
    assert refused.value.record == f"company.yaml, line {text.count(chr(10))}"
    assert seen in refused.value.seen

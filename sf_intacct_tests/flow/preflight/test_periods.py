"""Documents of closed periods are found before they are sent, and move where the company lets them."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import polars as pl
import pytest

from sf_intacct.flow.mapping_check import problems
from sf_intacct.flow.mapping_preflight import Ledger
from sf_intacct.flow.preflight import periods, rules
from sf_intacct.flow.preflight.closings import TAUGHT, Closing, Closings, known
from sf_intacct_tests.flow.frames import finding
from sf_intacct_tests.flow.preflight.books import TODAY, company, documents

AUGUST = "periods:\n  closed:\n    - {through: 2026-08-31}\n"
EAST = "periods:\n  closed:\n    - {through: 2026-09-30, entity: E01, ledger: AR}\n"
MOVES = "preflight: {period_closed: next_open_period}\n"
LOCATIONS: list[dict[str, Any]] = [
    {"location_id": "SHOP", "parent_id": "E01"},
    {"location_id": "E01", "parent_id": None},
]
LESSON = {"ledger": "AR", "places": [], "closed_on": date(2026, 9, 15), "label": "SO-7", "words": "Periods are closed."}
REFUSED = pl.DataFrame([{**LESSON, "learned_on": TODAY}], schema=TAUGHT)


def _held(day: str, more: str, entity: str | None = None, location: str | None = None, posted: str = "") -> bool:
    """Whether a document of that day is kept back."""
    one = documents(
        {"WHENPOSTED": day, "entity": entity},
        lines=[{"LOCATIONID": location}] if location else [],
        mappings=company(more, _LOCATED),
        there={"o1": posted} if posted else {},
        tables={"intacct_locations": LOCATIONS},
    )
    return not periods.closed(one).is_empty()


_LOCATED = """\
  WHENPOSTED: {value: effective_on, mode: create_only}
  DESCRIPTION: {value: order_number, mode: create_only}
"""


@pytest.mark.parametrize(("day", "is_held"), [("2026-08-31", True), ("2026-09-01", False), ("2024-01-01", True)])
def test_a_document_waits_up_to_the_last_closed_day_and_goes_from_the_next(day: str, is_held: bool) -> None:
    assert _held(day, AUGUST) is is_held


def test_books_of_an_entity_close_its_own_documents_and_those_of_no_other() -> None:
    assert _held("2026-09-15", EAST, entity="E01")
    assert _held("2026-09-15", EAST, location="SHOP"), "a line of a location below the entity"
    assert not _held("2026-09-15", EAST, entity="W01", location="W01")
    assert not _held("2026-09-15", EAST)


def test_what_is_there_is_judged_by_the_day_under_which_it_stands_and_not_by_the_day_it_would_get() -> None:
    assert _held("2026-10-05", AUGUST, posted="2026-08-20")
    assert not _held("2026-08-20", AUGUST, posted="2026-10-05")


def test_a_change_of_the_date_is_judged_by_the_new_day_too() -> None:
    dated = {"WHENCREATED": "2026-08-20", "WHENPOSTED": "2026-08-20"}
    asked = documents(dated, mappings=company(AUGUST), there={"o1": "2026-10-05"})
    assert periods.closed(asked).is_empty(), "the document keeps its date: nothing of it is sent"
    redated = replace(asked, there=asked.there.with_columns(dated_on=date(2026, 10, 5)))
    assert periods.closed(redated)["cause"].to_list() == ["period_closed"]


def test_a_finding_says_the_day_the_period_and_who_closed_it() -> None:
    found = periods.closed(documents({"WHENPOSTED": "2026-07-15"}, mappings=company(AUGUST)))
    seen = "2026-07-15; the general ledger is closed through 2026-08-31, says company.yaml"
    assert found.to_dicts() == [finding("o1", "period_closed", "2026-07", "WHENPOSTED", seen)]


def test_a_refusal_closes_its_day_and_all_before_and_the_next_period_is_the_next_month() -> None:
    taught = known(company().company.periods, None, REFUSED)
    assert taught.through(Ledger.RECEIVABLES) == date(2026, 9, 15)
    assert taught.opens(date(2026, 9, 1), Ledger.RECEIVABLES) == date(2026, 10, 1)
    assert taught.opens(date(2026, 9, 16), Ledger.RECEIVABLES) == date(2026, 9, 16)
    assert taught.through(Ledger.ORDER_ENTRY) is None


def _taught(day: date, *dates: str, more: str = "", there: dict[str, str] | None = None) -> list[str]:
    """Which documents of these dates are kept, where a refusal of that day has taught that September is closed."""
    mappings = company(more)
    lesson = pl.DataFrame([{**LESSON, "learned_on": day}], schema=TAUGHT)
    closings = known(mappings.company.periods, None, lesson)
    heads = [{"WHENPOSTED": one} for one in dates]
    found = periods.closed(documents(*heads, mappings=mappings, closings=closings, there=there))
    return sorted(found["document_id"])


def test_once_a_day_one_document_is_sent_to_see_whether_a_refused_period_is_open_again() -> None:
    yesterday = TODAY - timedelta(days=1)
    assert _taught(TODAY, "2026-09-10", "2026-09-01") == ["o1", "o2"]
    assert _taught(yesterday, "2026-09-10", "2026-09-01") == ["o1"], "the oldest goes"
    assert _taught(yesterday, "2026-09-10", there={"o1": "2026-09-10"}) == ["o1"], "what is there is not tried"
    assert _taught(yesterday, "2026-08-10", "2026-09-10", more=AUGUST) == ["o1"], "what is stated is certain"


def test_the_strictest_of_several_closings_counts() -> None:
    day = date(2026, 9, 30)
    both = Closings(
        (
            Closing(frozenset(), Ledger.GENERAL, date(2026, 8, 31), date(2026, 9, 1), "stated", ""),
            Closing(frozenset({"E01"}), Ledger.RECEIVABLES, day, date(2026, 10, 1), "stated", ""),
        )
    )
    assert both.through(Ledger.RECEIVABLES, ["E01"]) == day
    assert both.opens(date(2026, 8, 5), Ledger.RECEIVABLES, ["E01"]) == date(2026, 10, 1)
    assert both.opens(date(2026, 8, 5), Ledger.RECEIVABLES) == date(2026, 9, 1)


def test_a_document_moves_to_the_first_open_day_and_its_memo_says_why() -> None:
    head = {"WHENCREATED": "2026-07-15", "WHENPOSTED": "2026-07-15", "DESCRIPTION": "Salesforce order 1"}
    made = rules.checked(documents(head, mappings=company(AUGUST + MOVES)))
    (row,) = made.heads.to_dicts()
    assert made.findings.is_empty()
    assert (row["WHENCREATED"], row["WHENPOSTED"]) == ("2026-07-15", "2026-09-01")
    assert row["DESCRIPTION"] == "Salesforce order 1; posted 2026-09-01, because the period of 2026-07-15 is closed"


def test_a_document_of_an_open_period_does_not_move() -> None:
    head = {"WHENPOSTED": "2026-10-05", "DESCRIPTION": "Salesforce order 1"}
    asked = documents(head, mappings=company(AUGUST + MOVES))
    assert rules.checked(asked).heads.equals(asked.heads)


@pytest.mark.parametrize(
    ("head", "there", "fields", "why"),
    [
        ({}, {"o1": "2026-07-15"}, None, "it is in the books already"),
        ({"DESCRIPTION": "x" * 990}, {}, None, "the memo has no room"),
        ({}, {}, "  WHENPOSTED: effective_on\n", "the posting date is kept in step"),
    ],
    ids=lambda one: one if isinstance(one, str) else "",
)
def test_a_document_that_cannot_move_waits(
    head: dict[str, str], there: dict[str, str], fields: str | None, why: str
) -> None:
    mappings = company(AUGUST + MOVES, fields) if fields else company(AUGUST + MOVES)
    made = rules.checked(documents({"WHENPOSTED": "2026-07-15", **head}, mappings=mappings, there=there))
    assert made.findings["cause"].to_list() == ["period_closed"], why
    assert made.heads["WHENPOSTED"].to_list() == ["2026-07-15"]


def test_nothing_moves_beyond_the_month_after_this_one() -> None:
    far = AUGUST.replace("2026-08-31", "2026-12-31") + MOVES
    made = rules.checked(documents({"WHENPOSTED": "2026-11-20"}, mappings=company(far)))
    assert made.findings["cause"].to_list() == ["period_closed"]


def test_a_company_that_ignores_the_rule_sends_and_lets_intacct_decide() -> None:
    ignoring = AUGUST + "preflight: {period_closed: ignore}\n"
    assert rules.checked(documents({"WHENPOSTED": "2026-07-15"}, mappings=company(ignoring))).findings.is_empty()


def test_a_mapping_that_keeps_the_posting_date_in_step_cannot_let_documents_move() -> None:
    mappings = company(MOVES, "  WHENPOSTED: effective_on\n")
    (problem,) = [one for one in problems(mappings) if "next open period" in str(one)]
    assert "order_to_invoice.yaml" in str(problem)
    assert not [one for one in problems(company(MOVES)) if "next open period" in str(one)]

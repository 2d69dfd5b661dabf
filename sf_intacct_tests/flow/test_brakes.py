"""Which limits a plan is over: absolute ones, far off the usual, and what the books were never seen to use."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, strategies as st

from sf_intacct.errors import MappingError
from sf_intacct.flow.brakes import Known, Size, Write, over, size
from sf_intacct.flow.mapping_brakes import DOCUMENTS_MAX, Brakes, Limits
from sf_intacct.flow.mapping_check import checked
from sf_intacct.flow.mapping_text import parse
from sf_intacct_tests.flow.company import TEXTS

NOTHING = Known()


def writes(number: int, amount: str = "100.00", currency: str = "USD", **said: Any) -> list[Write]:
    return [Write(f"c{place}", Decimal(amount), currency, **said) for place in range(number)]


def usual(documents: int, amount: str, days: int) -> Known:
    return Known([Size(documents, {"USD": Decimal(amount)})] * days)


def test_as_many_documents_as_the_limit_go_and_one_more_waits() -> None:
    limits = Limits(documents=3)
    assert over(writes(3), limits, NOTHING) == []
    assert over(writes(4), limits, NOTHING) == ["4 documents in one plan, and the limit is 3"]


def test_money_is_judged_by_currency_and_what_takes_back_counts_as_what_sells() -> None:
    limits = Limits.model_validate({"money": {"USD": "250.00"}})
    assert over([*writes(2), *writes(9, "1000", "EUR")], limits, NOTHING) == []
    told = "300.00 USD in one plan, and the limit is 250.00 USD"
    assert over([*writes(1, "200.00"), *writes(1, "-100.00")], limits, NOTHING) == [told]


def test_the_usual_counts_only_once_it_is_known_and_one_strange_day_does_not_move_it() -> None:
    limits = Limits.model_validate({"off_usual": {"percent": 100, "days": 5, "documents": 10}})
    assert over(writes(1000), limits, usual(10, "1000", 4)) == []
    assert over(writes(20), limits, usual(10, "1000", 5)) == []
    assert over(writes(21), limits, usual(10, "1000", 5)) == [
        "21 documents today, more than 100 % above the usual of 5 days: 10",
        "2,100.00 USD today, more than 100 % above the usual of 5 days: 1,000.00",
    ]
    strange = Known([*usual(10, "1000", 5).days, Size(9_000, {"USD": Decimal(900_000)})])
    assert len(over(writes(21), limits, strange)) == 2


def test_what_was_sent_today_counts_towards_the_day() -> None:
    limits = Limits.model_validate({"off_usual": {"percent": 100, "days": 5, "documents": 10}})
    known = Known(usual(10, "1000", 5).days, today=Size(20, {"USD": Decimal(2000)}))
    assert over(writes(1), limits, known)[0].startswith("21 documents today")


def test_few_documents_are_never_too_many_but_their_money_may_be() -> None:
    limits = Limits.model_validate({"off_usual": {"percent": 100, "days": 1, "documents": 10}})
    assert over(writes(5), limits, usual(1, "250.00", 3)) == []
    assert len(over(writes(5), limits, usual(1, "249.99", 3))) == 1


def test_accounts_and_entities_that_were_never_used_are_named() -> None:
    limits = Limits.model_validate({"first_use": ["account", "entity"]})
    plan = writes(1, entity="E2", accounts=frozenset({"4000", "4999"}))
    known = Known(accounts=frozenset({"4000"}), entities=frozenset({"E1"}))
    assert over(plan, limits, known) == ["GL account 4999 was never used before", "entity E2 was never used before"]
    assert over(plan, limits, Known(accounts=frozenset({"4000", "4999"}), entities=frozenset({"E2"}))) == []
    assert over(plan, Limits(), NOTHING) == []


amounts = st.decimals(-1000, 1000, places=2)
some_writes = st.lists(
    st.builds(Write, st.just("c"), amounts, st.sampled_from(["USD", "EUR"]), st.sampled_from([None, "E1", "E2"])),
    max_size=12,
)


@given(some_writes, some_writes)
def test_what_waits_does_not_come_free_because_something_is_added(some: list[Write], more: list[Write]) -> None:
    said = {"documents": 5, "money": {"USD": "700"}, "first_use": ["entity"], "off_usual": {"percent": 50, "days": 1}}
    limits, known = Limits.model_validate(said), Known([Size(4, {"EUR": Decimal(300)})], entities=frozenset({"E1"}))
    assert len(over(some + more, limits, known)) >= len(over(some, limits, known))


@given(some_writes, some_writes)
def test_sizes_add_up(some: list[Write], more: list[Write]) -> None:
    assert size(some) + size(more) == size(some + more)


def test_a_company_that_says_nothing_still_makes_a_first_go_live_a_deliberate_act() -> None:
    limits = Brakes().limits("order_to_invoice", "intacct")
    assert over(writes(DOCUMENTS_MAX + 1), limits, NOTHING)
    assert not over(writes(DOCUMENTS_MAX), limits, NOTHING)
    assert Brakes().limits("invoice_to_mirror", "salesforce") == Limits()


def test_one_crossing_may_have_limits_of_its_own_and_keeps_the_others() -> None:
    said = {"documents": 5, "money": {"USD": "10"}, "by_crossing": {"a": {"documents": 7}, "b": {"documents": 1}}}
    brakes = Brakes.model_validate(said)
    own = brakes.limits("a", "intacct")
    assert (own.documents, own.money) == (7, {"USD": Decimal(10)})
    assert brakes.limits("b", "salesforce") == Limits(documents=1)


def test_above_a_size_two_people_have_to_approve() -> None:
    brakes = Brakes.model_validate({"two_people": {"documents": 10, "money": {"USD": "500"}}})
    asked = [(10, "0"), (11, "0"), (1, "500"), (1, "500.01")]
    assert [brakes.people(number, {"USD": Decimal(amount)}) for number, amount in asked] == [1, 2, 1, 2]
    assert Brakes().people(10**6, {}) == 1


@pytest.mark.parametrize(
    ("brakes", "line", "seen", "remedy"),
    [
        ("  document: 5\n", 2, "unknown key document", "documents?"),
        ("  documents: many\n", 2, "documents", ""),
        ("  documents: -1\n", 2, "documents", ""),
        ("  money: {usd: 5}\n", 2, "usd: a currency is its three capital letters", ""),
        ("  first_use: [acount]\n", 2, "'account' or 'entity'", ""),
        (
            "  by_crossing:\n    order_to_invoce: {documents: 5}\n",
            3,
            "no crossing order_to_invoce",
            "order_to_invoice?",
        ),
        ("  by_crossing:\n    order_to_invoice:\n      monney: {USD: 5}\n", 4, "unknown key monney", "money?"),
    ],
)
def test_a_slip_is_told_with_its_line_and_the_nearest_name(brakes: str, line: int, seen: str, remedy: str) -> None:
    before = TEXTS["company.yaml"]
    with pytest.raises(MappingError) as refused:
        checked(parse({**TEXTS, "company.yaml": f"{before}brakes:\n{brakes}"}))
    assert refused.value.record == f"company.yaml, line {before.count(chr(10)) + line}"
    assert seen in refused.value.seen
    assert remedy in refused.value.remedy

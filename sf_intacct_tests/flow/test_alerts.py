"""Turns: opened, grew beyond what was told, resolved; and silence while nothing turns."""

from decimal import Decimal

from hypothesis import given, strategies as st

from sf_intacct.flow.alerts import Change, Fact, Turn, as_text, changes, digest, headline


def fact(key: str = "exception 1", records: int = 2, usd: str = "100") -> Fact:
    return Fact(key, "exception", f"{key} is wrong.", "Mend it.", "sales", records, {"USD": Decimal(usd)})


def turns(now: list[Fact], told: list[Fact], percent: int = 100) -> list[tuple[Turn, str]]:
    return [(c.turn, c.fact.key) for c in changes(now, {one.key: one for one in told}, percent)]


def test_what_is_new_is_told_and_what_is_over_too() -> None:
    assert turns([fact("a")], []) == [(Turn.OPENED, "a")]
    assert turns([], [fact("a")]) == [(Turn.RESOLVED, "a")]
    assert turns([fact("a"), fact("b")], [fact("b"), fact("c")]) == [(Turn.OPENED, "a"), (Turn.RESOLVED, "c")]


def test_what_is_as_it_was_told_is_not_told_again() -> None:
    assert turns([fact()], [fact()]) == []
    assert turns([fact(records=3, usd="199.99")], [fact()]) == []
    assert turns([fact(records=1, usd="1")], [fact()]) == []


def test_growth_counts_by_records_and_by_money_of_each_currency() -> None:
    assert turns([fact(records=4)], [fact()]) == [(Turn.GREW, "exception 1")]
    assert turns([fact(usd="200")], [fact()]) == [(Turn.GREW, "exception 1")]
    assert turns([fact(usd="-200")], [fact(usd="-100")]) == [(Turn.GREW, "exception 1")]
    assert turns([fact(usd="150")], [fact()], percent=50) == [(Turn.GREW, "exception 1")]
    euros = Fact("exception 1", "exception", "", records=2, money={"USD": Decimal(100), "EUR": Decimal(1)})
    assert turns([euros], [fact()]) == [(Turn.GREW, "exception 1")]


@given(
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 50)),
    st.dictionaries(st.sampled_from("abcd"), st.integers(1, 50)),
)
def test_once_everything_that_turned_is_told_nothing_has_turned(now: dict[str, int], told: dict[str, int]) -> None:
    present = [fact(key, records) for key, records in now.items()]
    known = {key: fact(key, records) for key, records in told.items()}
    for change in changes(present, known, 100):
        known.pop(change.fact.key, None)
        if change.turn is not Turn.RESOLVED:
            known[change.fact.key] = change.fact
    assert changes(present, known, 100) == []
    assert known.keys() == now.keys()


def test_a_digest_says_money_as_text_and_reads_like_a_letter() -> None:
    told = digest([Change(Turn.OPENED, fact()), Change(Turn.RESOLVED, fact("b"))], [fact()], "prod", "noon")
    assert told["changes"][0]["money"] == {"USD": "100.00"}
    assert headline(told) == "[sf_intacct prod] 1 opened, 1 resolved; 1 open"
    text = as_text(told)
    assert "OPENED  exception 1 is wrong.  (2 records, 100.00 USD)" in text
    assert text.count("What to do (sales): Mend it.") == 1

import pytest
from hypothesis import given, strategies as st

from sf_intacct.sandbox.intacct.reading.filters import AllOf, AnyOf, BadFilter, Comparison, Not
from sf_intacct.sandbox.intacct.reading.query_text import parse


@given(st.text(alphabet=st.characters(blacklist_categories=["Cs"])), st.sampled_from("'\""))
def test_any_text_can_be_quoted(text: str, quote: str) -> None:
    escaped = text.replace("\\", "\\\\").replace(quote, f"\\{quote}")
    assert parse(f"NAME = {quote}{escaped}{quote}") == Comparison("equalto", "NAME", (text,))


def test_and_binds_closer_than_or() -> None:
    a, b, c = (Comparison("equalto", name, ("1",)) for name in "ABC")
    assert parse("A = 1 or B = 1 AND C = '1'") == AnyOf((a, AllOf((b, c))))
    assert parse("(A = 1 or B = 1) and C = 1") == AllOf((AnyOf((a, b)), c))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("STATE <> 'Draft'", Comparison("notequalto", "STATE", ("Draft",))),
        ('state != "A"', Comparison("notequalto", "STATE", ("A",))),
        ("RECORDNO >= 12", Comparison("greaterthanorequalto", "RECORDNO", ("12",))),
        ("NAME not like 'O\\'Ne%'", Comparison("notlike", "NAME", ("O'Ne%",))),
        ("CUSTOMERID IN ('a', 'b')", Comparison("in", "CUSTOMERID", ("a", "b"))),
        ("CUSTOMERID not in ('a')", Comparison("notin", "CUSTOMERID", ("a",))),
        ("WHENPAID is not null", Comparison("isnotnull", "WHENPAID")),
        ("WHENPAID IS NULL", Comparison("isnull", "WHENPAID")),
        ("NOT A = 1", Not(Comparison("equalto", "A", ("1",)))),
    ],
)
def test_every_operator_is_understood(text: str, tree: object) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    "text", ["NAME = ", "NAME 'x'", "= 1", "A = 1 ORDER BY A", "A = 1 B = 2", "A in ()", "(A = 1", "A like B", "A = 'x"]
)
def test_what_is_not_the_language_is_refused(text: str) -> None:
    with pytest.raises(BadFilter):
        parse(text)

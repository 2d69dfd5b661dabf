"""WHERE against a plain reading of it in Python: two truth values, no regard to case, exact numbers."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct_tests.sandbox.salesforce.books import company, fill, select

TEXTS = [None, "a", "A", "b", "ab", "Köln", "KÖLN", "50%", "5_0", "it's"]
NUMBERS = [None, -1000, 0, 10, 2500, 2510]  # AnnualRevenue has no decimals, Amount__c three
Record = dict[str, Any]
Test = tuple[str, Callable[[Record], bool]]

records = st.fixed_dictionaries(
    {"Name": st.sampled_from(TEXTS), "Amount__c": st.sampled_from(NUMBERS), "IsDeleted": st.sampled_from([0, 0, 0, 1])}
)


def fold(text: str | None) -> str | None:
    return None if text is None else text.casefold()


def quoted(text: str) -> str:
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a is not None and a < b,
    "<=": lambda a, b: a is not None and a <= b,
    ">": lambda a, b: a is not None and a > b,
    ">=": lambda a, b: a is not None and a >= b,
}


def text_test(text: str, operator: str) -> Test:
    return (
        f"Name {operator} {quoted(text)}",
        lambda record: COMPARE[operator](fold(record["Name"]), fold(text)),
    )


def number_test(number: Decimal, operator: str) -> Test:
    def holds(record: Record) -> bool:
        value = record["Amount__c"]
        return COMPARE[operator](None if value is None else Decimal(value).scaleb(-3), number)

    return f"Amount__c {operator} {number}", holds


def null_test(operator: str) -> Test:
    return f"Name {operator} null", lambda record: (record["Name"] is None) == (operator == "=")


def list_test(texts: list[str], negated: bool) -> Test:
    listed = ", ".join(quoted(text) for text in texts)
    folded = {fold(text) for text in texts}
    return (
        f"Name {'NOT ' if negated else ''}IN ({listed})",
        lambda record: (fold(record["Name"]) in folded) != negated,
    )


def negation(inner: Test) -> Test:
    return f"(NOT ({inner[0]}))", lambda record: not inner[1](record)


def joined(inner: list[Test], word: str) -> Test:
    combine = all if word == "AND" else any
    text = f" {word} ".join(each[0] for each in inner)
    return f"({text})", lambda record: combine(each[1](record) for each in inner)


solid = [text for text in TEXTS if text]
atoms = st.one_of(
    st.builds(text_test, st.sampled_from(solid), st.sampled_from(["=", "!="])),
    st.builds(
        number_test, st.sampled_from([Decimal("0"), Decimal("2.5"), Decimal("2.505"), Decimal("-1.00")]),
        st.sampled_from(list(COMPARE)),
    ),
    st.builds(null_test, st.sampled_from(["=", "!="])),
    st.builds(list_test, st.lists(st.sampled_from(solid), min_size=1, max_size=3), st.booleans()),
)  # fmt: skip
conditions = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.builds(negation, inner),
        st.builds(joined, st.lists(inner, min_size=2, max_size=3), st.sampled_from(["AND", "OR"])),
    ),
    max_leaves=6,
)


@given(st.lists(records, max_size=8), conditions)
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_a_condition_means_what_it_says(rows: list[Record], condition: Test) -> None:
    text, holds = condition
    with company() as books:
        ids = fill(books, "Intacct_Invoice__c", rows)
        found = {row[0] for row in select(books, f"SELECT Id FROM Intacct_Invoice__c WHERE {text}")}
        wanted = {each for each, row in zip(ids, rows, strict=True) if not row["IsDeleted"] and holds(row)}
        assert found == wanted


def names(books: Company, condition: str) -> list[Any]:
    return [row[1] for row in select(books, f"SELECT Name FROM Account WHERE {condition} ORDER BY Id")]


@pytest.mark.parametrize(
    ("pattern", "found"),
    [
        ("a%", ["Alpha", "ab%c"]),
        ("%A", ["Alpha"]),
        ("a__%", ["Alpha", "ab%c"]),
        (r"%\%%", ["ab%c"]),
        (r"_\_%", ["x_y"]),
        ("zoë", ["ZOË"]),
    ],
)
def test_like_knows_its_two_signs_and_their_escapes(pattern: str, found: list[str]) -> None:
    with company() as books:
        fill(books, "Account", [{"Name": name} for name in ("Alpha", "ab%c", "x_y", "ZOË")])
        assert names(books, f"Name LIKE '{pattern}'") == found


def test_ids_compare_in_both_forms() -> None:
    with company() as books:
        (account,) = fill(books, "Account", [{"Name": "Acme"}])
        for form in (account, account[:15], account.upper()):
            assert names(books, f"Id = '{form}'") == ["Acme"]
            assert names(books, f"Id IN ('{form}')") == ["Acme"]


def test_instants_compare_across_offsets() -> None:
    with company() as books:
        fill(books, "Account", [{"Name": "Acme"}])
        assert names(books, "SystemModstamp = 2026-03-17T10:30:15+01:00") == ["Acme"]
        assert names(books, "SystemModstamp > 2026-03-17T09:30:15Z") == []


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("= TODAY", ["today"]),
        ("!= TODAY", ["yesterday", "none"]),
        ("< TODAY", ["yesterday"]),
        ("<= TODAY", ["yesterday", "today"]),
        ("> YESTERDAY", ["today"]),
        (">= YESTERDAY", ["yesterday", "today"]),
    ],
)
def test_a_day_is_a_span_that_operators_look_at_from_the_right_end(condition: str, found: list[str]) -> None:
    days = {"yesterday": "2026-03-16", "today": "2026-03-17", "none": None}
    with company() as books:
        fill(books, "Account", [{"Name": name, "LastActivityDate": day} for name, day in days.items()])
        assert names(books, f"LastActivityDate {condition}") == found


def test_an_empty_text_is_null() -> None:
    with company() as books:
        fill(books, "Account", [{"Name": "bare"}, {"Name": "sited", "Site": "x"}])
        assert names(books, "Site = ''") == ["bare"]
        assert names(books, "Site != ''") == ["sited"]
        assert names(books, "Site IN (null, 'y')") == ["bare"]
        assert names(books, "Site NOT IN (null, 'y')") == ["sited"]


def test_a_semi_join_reaches_one_level() -> None:
    with company() as books:
        first, second = fill(books, "Account", [{"Name": "with"}, {"Name": "without"}])
        fill(books, "Contact", [{"LastName": "A", "AccountId": first}, {"LastName": "B"}])
        assert names(books, "Id IN (SELECT AccountId FROM Contact WHERE LastName != 'C')") == ["with"]
        assert names(books, "Id NOT IN (SELECT AccountId FROM Contact)") == ["without"]
        assert second


def test_parents_are_reached_over_several_levels() -> None:
    with company() as books:
        (top,) = fill(books, "Account", [{"Name": "Top"}])
        books.store.insert(
            books.schema["Account"],
            [
                {
                    **books.store.all(books.schema["Account"])[0],
                    "Id": "001000000000009AAA",
                    "Name": "Child",
                    "ParentId": top,
                }
            ],
        )
        fill(books, "Contact", [{"LastName": "A", "AccountId": "001000000000009AAA"}, {"LastName": "B"}])
        rows = select(books, "SELECT LastName FROM Contact WHERE Account.Parent.Name = 'top'")
        assert [row[1] for row in rows] == ["A"]
        rows = select(books, "SELECT LastName FROM Contact c WHERE c.Account.Parent.Name != 'top'")
        assert [row[1] for row in rows] == ["B"]

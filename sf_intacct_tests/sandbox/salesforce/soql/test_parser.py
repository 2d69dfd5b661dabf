"""The grammar: what is understood, and where Salesforce would point when it is not."""

import pytest

from sf_intacct.sandbox.salesforce.errors import SalesforceError
from sf_intacct.sandbox.salesforce.schema import company_schema
from sf_intacct.sandbox.salesforce.soql import plan_of
from sf_intacct.sandbox.salesforce.soql.parser import parse_condition, parse_query
from sf_intacct.sandbox.salesforce.soql.syntax import All, AnyOf, Comparison, Literal, Membership, Not, Path
from sf_intacct_tests.sandbox.conftest import START


def refused(text: str) -> SalesforceError:
    with pytest.raises(SalesforceError) as error:
        plan_of(company_schema(), text, START.date())
    return error.value


def test_every_clause_finds_its_place() -> None:
    query = parse_query(
        "select Id, Account.Name n, COUNT(Id) c, (select Id from OrderItems) from Order o "
        "where Status = 'Draft' group by Account.Name having COUNT(Id) > 1 "
        "order by Account.Name desc nulls last, Id limit 10 offset 5"
    )
    assert [column.alias for column in query.columns] == [None, "n", "c", None]
    assert (query.source.text, query.alias, query.limit, query.offset) == ("Order", "o", 10, 5)
    assert [(each.descending, each.nulls_last) for each in query.order_by] == [(True, True), (False, False)]


def test_and_binds_its_terms_and_not_binds_one() -> None:
    condition = parse_condition("NOT Name = 'a' AND (Site != null OR Id IN ('x', 'y'))")
    assert isinstance(condition, All)
    first, second = condition.conditions
    assert isinstance(first, Not)
    assert isinstance(second, AnyOf)
    assert isinstance(second.conditions[1], Membership)


@pytest.mark.parametrize(
    ("written", "text"), [(r"'it\'s'", "it's"), (r"'a\\b'", "a\\b"), (r"'\n\t'", "\n\t"), ("'\"'", '"')]
)
def test_escapes_in_a_string_are_undone(written: str, text: str) -> None:
    condition = parse_condition(f"Name = {written}")
    assert isinstance(condition, Comparison)
    assert isinstance(condition.left, Path)
    assert (condition.right.kind, condition.right.text) == ("string", text)


def test_days_may_carry_a_number() -> None:
    condition = parse_condition("CreatedDate >= LAST_N_DAYS:7")
    assert isinstance(condition, Comparison)
    assert condition.right == Literal("day", "LAST_N_DAYS:7", condition.right.offset)


@pytest.mark.parametrize(
    ("text", "code", "place", "detail"),
    [
        ("SELECT Id FRM Account", "MALFORMED_QUERY", (1, 15), "unexpected token: 'Account'"),
        ("SELECT FROM Account", "MALFORMED_QUERY", (1, 8), "unexpected token: 'FROM'"),
        ("SELECT Id FROM Account WHERE Name = 'a' AND Site = 'b' OR Site = 'c'", "MALFORMED_QUERY", (1, 56),
         "unexpected token: 'OR'"),
        ("SELECT Id FROM Account WHERE Id IN ()", "MALFORMED_QUERY", (1, 37), "unexpected token: ')'"),
        (r"SELECT Id FROM Account WHERE Name = 'a\q'", "MALFORMED_QUERY", (1, 38), "Illegal string literal escape"),
        ("SELECT Id FROM Account WHERE Name = 'a", "MALFORMED_QUERY", (1, 37), "unexpected token"),
        ("SELECT Id FROM Account LIMIT many", "MALFORMED_QUERY", (1, 30), "unexpected token: 'many'"),
        ("SELECT Id\nFROM Account\nWHERE Foo = 1", "INVALID_FIELD", (3, 7), "No such column 'Foo' on entity 'Account'"),
        ("SELECT Id FROM Nothing__c", "INVALID_TYPE", (1, 16), "sObject type 'Nothing__c' is not supported"),
        ("SELECT Boss.Name FROM Account", "INVALID_FIELD", (1, 8), "Didn't understand relationship 'Boss'"),
        ("SELECT Id, (SELECT Id FROM Kids) FROM Account", "INVALID_TYPE", (1, 28), "relationship 'Kids' in FROM part"),
        ("SELECT Id FROM Account WHERE Name = 5", "INVALID_FIELD", (1, 37), "must be of type string and should be"),
        ("SELECT Id FROM Account WHERE AnnualRevenue = '5'", "INVALID_FIELD", (1, 46), "should not be enclosed"),
        ("SELECT Id FROM Account WHERE CreatedDate > '2026-01-01T00:00:00Z'", "INVALID_FIELD", (1, 44),
         "'CreatedDate' must be of type dateTime and should not be enclosed in quotes"),
        ("SELECT Id FROM Account WHERE CreatedDate > 2026-01-01", "INVALID_FIELD", (1, 44), "of type dateTime"),
        ("SELECT Id FROM Account WHERE IsDeleted = 'true'", "INVALID_FIELD", (1, 42), "of type boolean"),
        ("SELECT Id FROM Account WHERE Id = 'abc'", "INVALID_QUERY_FILTER_OPERATOR", (1, 35), "invalid ID field: abc"),
        ("SELECT Id FROM Account WHERE Description = 'a'", "INVALID_FIELD", (1, 30), "can not be filtered"),
        ("SELECT Id FROM Account ORDER BY Description", "INVALID_FIELD", (1, 33), "can not be sorted"),
        ("SELECT SystemModstamp FROM Account GROUP BY SystemModstamp", "INVALID_FIELD", (1, 45), "can not be grouped"),
        ("SELECT Name, COUNT(Id) FROM Account", "MALFORMED_QUERY", (1, 8), "must be grouped or aggregated: Name"),
        ("SELECT SUM(Name) FROM Account", "INVALID_FIELD", (1, 12), "does not support aggregate operator SUM"),
        ("SELECT Id, id FROM Account", "INVALID_FIELD", (1, 12), "duplicate field selected: id"),
        ("SELECT Name n FROM Account", "MALFORMED_QUERY", (1, 8), "only aggregate expressions use field aliasing"),
        ("SELECT Id FROM Account OFFSET 2001", "NUMBER_OUTSIDE_VALID_RANGE", (1, 24), "Maximum SOQL offset"),
        ("SELECT FIELDS(ALL) FROM Account", "MALFORMED_QUERY", (1, 8), "must have a LIMIT of at most 200"),
        ("SELECT TYPEOF Owner FROM Account", "MALFORMED_QUERY", (1, 8), "TYPEOF"),
        ("SELECT Parent.Parent.Parent.Parent.Parent.Parent.Name FROM Account", "MALFORMED_QUERY", (1, 8), "5 levels"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_with_its_code_and_its_place(
    text: str, code: str, place: tuple[int, int], detail: str
) -> None:
    error = refused(text)
    assert error.code == code
    assert f"ERROR at Row:{place[0]}:Column:{place[1]}\n" in error.message
    assert detail in error.message


def test_the_caret_stands_under_the_mistake() -> None:
    lines = refused("SELECT Id FROM Account WHERE Foo = 1").message.split("\n")
    assert lines[1][lines[2].index("^") :] == "Foo = 1"


def test_a_long_query_is_quoted_around_the_mistake_only() -> None:
    text = f"SELECT Id FROM Account WHERE Name = '{'x' * 1000}' AND Foo = 1"
    lines = refused(text).message.split("\n")
    assert len(lines[1]) < 300
    assert lines[1][lines[2].index("^") :] == "Foo = 1"

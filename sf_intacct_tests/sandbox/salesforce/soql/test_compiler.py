"""Plans: keyset pages that an index answers, order with nulls, aggregates that stay exact."""

from datetime import timedelta
from typing import Any

from hypothesis import given, settings, strategies as st

from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct.sandbox.salesforce.soql import RecordPlan, plan_of
from sf_intacct.sandbox.salesforce.values import instant_text
from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.salesforce.books import company, fill, select
from sf_intacct_tests.sandbox.salesforce.org import Org

KEYSET = (
    "SELECT Id, SystemModstamp FROM Account WHERE (SystemModstamp > {0} OR (SystemModstamp = {0} AND Id > '{1}')) "
    "ORDER BY SystemModstamp, Id LIMIT {2}"
)
FIRST = "2000-01-01T00:00:00Z", "001000000000000AAA"


@given(st.lists(st.integers(0, 3), max_size=25), st.integers(1, 7))
@settings(max_examples=60, deadline=None)
def test_keyset_pages_visit_every_row_once_however_the_stamps_tie(ages: list[int], size: int) -> None:
    with company() as books:
        ids = fill(books, "Account", [{"SystemModstamp": stamp(age)} for age in ages])
        seen, last = [], FIRST
        while page := select(books, KEYSET.format(*last, size)):
            seen += [(row[1], row[0]) for row in page]
            last = f"{page[-1][1][:19]}Z", page[-1][0]
        assert seen == sorted((stamp(age), each) for age, each in zip(ages, ids, strict=True))


def stamp(age: int) -> str:
    return instant_text(START - timedelta(seconds=age))


def explained(books: Company, soql: str) -> str:
    plan = plan_of(books.schema, soql, START.date(), with_deleted=True)
    assert isinstance(plan, RecordPlan)
    steps = books.store.books.execute(f"explain query plan {plan.keys}", plan.parameters)
    return "; ".join(str(step["detail"]) for step in steps)


def test_a_keyset_page_is_one_search_of_the_delta_index() -> None:
    with company() as books:
        steps = explained(books, KEYSET.format(*FIRST, 2000))
        assert "USING COVERING INDEX salesforce_Account_delta ((SystemModstamp,Id)>(?,?))" in steps
        assert "TEMP B-TREE" not in steps


def test_an_external_id_is_found_by_its_index() -> None:
    with company() as books:
        steps = explained(books, "SELECT Id FROM Account WHERE Intacct_Customer_Id__c IN ('a', 'b')")
        assert "USING INDEX salesforce_Account_Intacct_Customer_Id__c" in steps.replace("COVERING ", "")


def test_an_or_that_is_no_keyset_is_left_alone() -> None:
    with company() as books:
        fill(books, "Account", [{"Name": "a", "Site": "x"}, {"Name": "b", "Site": None}, {"Name": "b", "Site": "z"}])
        rows = select(books, "SELECT Name FROM Account WHERE Name > 'a' OR (Name = 'a' AND Site > 'a') ORDER BY Id")
        assert [row[1] for row in rows] == ["a", "b", "b"]


def ordered(books: Company, order: str) -> list[Any]:
    return [row[1] for row in select(books, f"SELECT Site FROM Account ORDER BY {order}")]


def test_nulls_come_first_unless_told_otherwise() -> None:
    with company() as books:
        fill(books, "Account", [{"Name": "1", "Site": "b"}, {"Name": "2"}, {"Name": "3", "Site": "A"}])
        assert ordered(books, "Site") == [None, "A", "b"]
        assert ordered(books, "Site DESC") == [None, "b", "A"]
        assert ordered(books, "Site ASC NULLS LAST") == ["A", "b", None]


def test_limit_and_offset_cut_the_result(org: Org) -> None:
    for name in "abcd":
        org.create("Account", Name=name)
    answer = org.good("GET", "query", params={"q": "SELECT Name FROM Account ORDER BY Name LIMIT 2 OFFSET 1"})
    assert answer["totalSize"] == 2
    assert [record["Name"] for record in answer["records"]] == ["b", "c"]


def test_count_gives_a_number_and_no_records(org: Org) -> None:
    for name in "abc":
        org.create("Account", Name=name)
    answer = org.good("GET", "query", params={"q": "SELECT COUNT() FROM Account WHERE Name != 'a'"})
    assert answer == {"totalSize": 2, "done": True, "records": []}


def test_aggregates_are_exact_and_named(org: Org) -> None:
    for name, amount in (("a", "0.10"), ("a", "0.20"), ("b", "1.00"), ("b", None)):
        org.create("Intacct_Invoice__c", Name=name, Amount__c=amount)
    rows = org.query(
        "SELECT Name, COUNT(Id) n, SUM(Amount__c), MAX(Amount__c), MIN(Amount__c), AVG(Amount__c) mean, "
        "COUNT(Amount__c) FROM Intacct_Invoice__c GROUP BY Name HAVING COUNT(Id) > 1 ORDER BY SUM(Amount__c) DESC"
    )
    assert [[str(value) for value in row.values()] for row in rows] == [
        ["b", "2", "1.0", "1.0", "1.0", "1.0", "1"],
        ["a", "2", "0.3", "0.2", "0.1", "0.15", "2"],
    ]
    assert list(rows[0]) == ["Name", "n", "expr0", "expr1", "expr2", "mean", "expr3"]
    assert org.query("SELECT COUNT_DISTINCT(Name) FROM Intacct_Invoice__c") == [{"expr0": 2}]


def test_groups_may_lie_with_the_parent(org: Org) -> None:
    account = org.create("Account", Name="Acme")
    for last in ("A", "B"):
        org.create("Contact", LastName=last, AccountId=account)
    rows = org.query("SELECT Account.Name, COUNT(Id) FROM Contact GROUP BY Account.Name")
    assert rows == [{"Name": "Acme", "expr0": 2}]


def test_fields_stands_for_many(org: Org) -> None:
    org.create("Contact", LastName="A")
    (custom,) = org.query("SELECT FIELDS(CUSTOM) FROM Contact LIMIT 1")
    assert sorted(custom) == ["Intacct_Contact_Name__c", "Intacct_Role__c"]
    (standard,) = org.query("SELECT FIELDS(STANDARD) FROM Contact")
    (everything,) = org.query("SELECT FIELDS(ALL) FROM Contact LIMIT 200")
    assert standard.keys() | custom.keys() == everything.keys()

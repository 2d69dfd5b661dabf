"""SOQL as text: nothing in a value can get out of its quotes, and nothing but a name stands where a name stands."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, example, given, settings, strategies as st

from sf_intacct.salesforce import soql
from sf_intacct.salesforce.rest import Rest
from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.salesforce.books import fill

FIELDS = ["Id", "Name", "SystemModstamp"]
# What a text field can hold: of the control characters those that SOQL can escape. An empty text is nothing.
CHARACTERS = st.characters(codec="utf-8", exclude_categories=["Cc"]) | st.sampled_from("\n\r\t\b\f'\"\\%_")
STRINGS = st.text(CHARACTERS, min_size=1, max_size=30)


def found(rest: Rest, statement: str) -> list[str]:
    answer = rest.read("queryAll", "reading", params={"q": statement})
    return [record["Id"] for record in answer["records"]]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STRINGS)
@example("O'Neil")
@example("\\")
@example("\\'")
@example("' OR Name != '")
@example("a') OR Id != ('")
@example("%_")
@example("\\n is not a new line\n\r\t\b\f")
@example("&q=SELECT+Id#fragment?+%27")
@example("Å ß 漢 🎉")
@pytest.mark.answers("E15", "S3")
def test_any_string_finds_itself_and_nothing_else(company: Company, rest: Rest, text: str) -> None:
    mine, other = fill_accounts(company, text, f"{text}!")
    try:
        assert found(rest, soql.by_value(["Id"], "Account", "Tax_Id__c", [text])) == [mine]
        assert set(found(rest, soql.by_value(["Id"], "Account", "Tax_Id__c", [text, f"{text}!"]))) == {mine, other}
    finally:
        company.store.books.execute('delete from "salesforce_Account"')


def fill_accounts(company: Company, *texts: str) -> list[str]:
    """Accounts that hold these texts, put straight into the books, as no rule of a form could change them."""
    return fill(company, "Account", [{"Name": str(n), "Tax_Id__c": text} for n, text in enumerate(texts)])


@pytest.mark.answers("E15")
def test_a_value_that_ends_its_quotes_finds_nothing(company: Company, rest: Rest) -> None:
    fill_accounts(company, "A", "B")
    for text in ("' OR Name != '", "x') OR Id != ('", "\\' OR Name != \\'"):
        assert found(rest, soql.by_value(["Id"], "Account", "Tax_Id__c", [text])) == []


@pytest.mark.parametrize("name", ["Id", "Intacct_Balance__c", "Payment__r.Payment_Key__c", "Order"])
def test_a_name_is_a_name(name: str) -> None:
    assert soql.name(name) == name


@pytest.mark.parametrize(
    "name",
    [
        "",
        " Id",
        "Id ",
        "1Id",
        "Id,Name",
        "Name FROM User",
        "a..b",
        ".a",
        "a.",
        "Näme",
        "Id--",
        "Id\n",
        "(Id)",
        "a.1",
        "'a'",
    ],
)
def test_nothing_else_is(name: str) -> None:
    with pytest.raises(ValueError, match="not a Salesforce name"):
        soql.name(name)


@pytest.mark.parametrize(
    "build",
    [
        lambda bad: soql.changed(["Id", bad], "Account", "SystemModstamp", None, None),
        lambda bad: soql.changed(["Id"], bad, "SystemModstamp", None, None),
        lambda bad: soql.changed(["Id"], "Account", bad, None, None),
        lambda bad: soql.by_value([bad], "Account", "Id", ["1"]),
        lambda bad: soql.by_value(["Id"], bad, "Id", ["1"]),
        lambda bad: soql.by_value(["Id"], "Account", bad, ["1"]),
        lambda bad: soql.peek(bad, "SystemModstamp", None),
        lambda bad: soql.peek("Account", bad, None),
    ],
)
@pytest.mark.answers("S3")
def test_every_place_for_a_name_refuses_what_is_none(build: object) -> None:
    with pytest.raises(ValueError, match="not a Salesforce name"):
        build("Id FROM User --")  # type: ignore[operator]


def test_the_whole_is_read_in_the_one_stable_order() -> None:
    assert soql.changed(FIELDS, "Account", "SystemModstamp", None, None) == (
        "SELECT Id, Name, SystemModstamp FROM Account ORDER BY SystemModstamp ASC, Id ASC"
    )


def test_changes_begin_at_an_instant_which_is_part_of_them() -> None:
    since = datetime(2026, 3, 5, 12, 0, 0, 123_456, tzinfo=UTC)
    assert " WHERE SystemModstamp >= 2026-03-05T12:00:00.123Z ORDER BY " in soql.changed(
        FIELDS, "Account", "SystemModstamp", since, None
    )


def test_a_read_that_broke_off_goes_on_after_the_last_record_it_saw() -> None:
    since, at = datetime(2026, 3, 5, tzinfo=UTC), datetime(2026, 3, 6, tzinfo=UTC)
    statement = soql.changed(["Id"], "Account", "SystemModstamp", since, (at, "001A"))
    assert statement.partition(" WHERE ")[2].partition(" ORDER BY ")[0] == (
        "SystemModstamp >= 2026-03-05T00:00:00.000Z AND (SystemModstamp > 2026-03-06T00:00:00.000Z"
        " OR (SystemModstamp = 2026-03-06T00:00:00.000Z AND Id > '001A'))"
    )


@pytest.mark.answers("A3", "A19")
def test_where_a_read_goes_on_no_record_comes_twice_and_none_is_left_out(company: Company, rest: Rest) -> None:
    """All of one stamp: the id alone tells where we were."""
    ids = fill_accounts(company, *"ABCDE")
    whole = found(rest, soql.changed(FIELDS, "Account", "SystemModstamp", None, None))
    assert whole == sorted(ids)
    for place, last in enumerate(whole):
        rest_of_it = soql.changed(FIELDS, "Account", "SystemModstamp", None, (START, last))
        assert found(rest, rest_of_it) == whole[place + 1 :]


@given(st.datetimes(datetime(2000, 1, 1), datetime(2100, 1, 1)), st.integers(-12, 14))  # noqa: DTZ001
@pytest.mark.answers("J6")
def test_an_instant_is_utc_and_never_later_than_meant(at: datetime, hours: int) -> None:
    meant = at.replace(tzinfo=timezone(timedelta(hours=hours)))
    spelt = datetime.fromisoformat(soql.instant(meant))
    assert spelt.utcoffset() == timedelta(0)
    assert timedelta(0) <= meant - spelt < timedelta(milliseconds=1)


def test_a_field_asked_for_twice_is_selected_once() -> None:
    statement = soql.by_value(["Id", "Name", "Id"], "Account", "Id", ["001A"])
    assert statement == "SELECT Id, Name FROM Account WHERE Id IN ('001A')"


def test_an_empty_list_is_no_question() -> None:
    with pytest.raises(ValueError, match="an empty list"):
        soql.by_value(["Id"], "Account", "Id", [])


def test_a_peek_counts_and_takes_the_newest(company: Company, rest: Rest) -> None:
    fill_accounts(company, "A", "B")
    for since, count in ((None, 2), (START, 2), (START + timedelta(seconds=1), 0)):
        answer = rest.read("queryAll", "peeking", params={"q": soql.peek("Account", "SystemModstamp", since)})
        assert answer["records"][0]["records"] == count

"""Orders of one Salesforce org that become invoices in three entities of one Intacct company."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sf_intacct_tests.orchestration.under_dagster import lone_town
from sf_intacct_tests.town import Row, Town, alone, line, money, order, queue, settle, tie_out

pytestmark = pytest.mark.xdist_group("entities")  # one process makes the world that these share

ENTITIES: list[Row] = [
    {"LOCATIONID": "US", "NAME": "Inc", "STATUS": "active"},
    {"LOCATIONID": "UK", "NAME": "Ltd", "STATUS": "active"},
    {"LOCATIONID": "DE", "NAME": "GmbH", "STATUS": "active"},
]
LOCATIONS: list[Row] = [
    {"LOCATIONID": "E01", "NAME": "East", "STATUS": "active", "PARENTID": "US"},
    {"LOCATIONID": "W01", "NAME": "West", "STATUS": "active", "PARENTID": "UK"},
    {"LOCATIONID": "I01", "NAME": "International", "STATUS": "active", "PARENTID": "DE"},
    {"LOCATIONID": "C01", "NAME": "Central", "STATUS": "active"},
]
WHERE = {"SO-1": "US", "SO-2": "UK", "SO-3": "DE"}


def with_entities(folder: Path) -> None:
    """The example company's mappings, with the lines that docs/how-to/choose-an-entity.md adds."""
    crosswalk = "salesforce,intacct\nEast,US\nWest,UK\nInternational,DE\nCentral,XX\n"
    (folder / "crosswalks" / "entities.csv").write_text(crosswalk)
    lookup = (
        "lookups:\n  entities:\n    says: Region\n    crosswalk: crosswalks/entities.csv\n    in: intacct_entities\n"
    )
    _edit(folder / "company.yaml", "lookups:\n", lookup)
    _edit(folder / "order_to_invoice.yaml", "when_changed: hold\n", f"when_changed: hold\n{RULE}\n")


RULE = "entity: {lookup: entities, of: region, otherwise: named}"
SHUT_OUT = "entity: \"case when order_number = '4' then 'XX' else 'UK' end\""


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1
    file.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """Three orders of three regions, settled; and one of a region whose entity the books do not have."""
    with lone_town(tmp_path_factory.mktemp("entities")) as town:
        with_entities(town.folder / "mappings")
        regions = {"1": "East", "2": "West", "3": "International", "4": "Central"}
        town.seed(
            [order(number, Region__c=region) for number, region in regions.items()],
            [line(int(number), number, price=f"{number}00.00") for number in regions],
            intacct={"LOCATIONENTITY": ENTITIES, "LOCATION": LOCATIONS},
        )
        settle(town.house())
        yield town


@pytest.mark.proves(5)
def test_each_order_becomes_one_invoice_in_the_entity_of_its_region(town: Town) -> None:
    assert {row["RECORDID"]: row["MEGAENTITYID"] for row in town.invoices()} == WHERE


def test_customers_contacts_and_items_are_made_at_the_top_level(town: Town) -> None:
    masters = [row for name in ("CUSTOMER", "CONTACT", "ITEM") for row in town.rows("intacct", name)]
    assert masters
    assert {row["MEGAENTITYID"] for row in masters} == {None}


def test_the_documents_of_all_entities_are_read_and_tie_out(town: Town) -> None:
    result = tie_out(town.houses[0])
    assert result.holds
    assert result.classes == {"tied": 3, "exception": 1}
    assert alone(result).intacct == money("1200.00")


def test_an_entity_that_the_books_do_not_have_is_an_exception_before_anything_is_sent(town: Town) -> None:
    assert "4" in queue(town.houses[0])["unknown_in_books"]


def test_finance_and_sales_see_the_entity_of_each_document(town: Town) -> None:
    tie_out(town.houses[0])
    with town.houses[0].transaction() as session:
        rows = session.frame(
            "select order_number, entity from finance.ar_tie_out where class = 'tied' order by 1"
        ).rows()
    assert rows == [("1", "US"), ("2", "UK"), ("3", "DE")]
    assert {row["Name"]: row["Entity__c"] for row in town.rows("salesforce", "Intacct_Invoice__c")} == WHERE


@pytest.mark.long
def test_an_order_that_moves_to_another_entity_is_a_question_to_a_person_and_no_second_document(town: Town) -> None:
    town.act("salesforce", "edit", object="Order", id=town.order("1")["Id"], fields={"Region__c": "West"})
    settle(town.houses[0])

    assert {row["RECORDID"]: row["MEGAENTITYID"] for row in town.invoices()} == WHERE
    assert queue(town.houses[0])["another_entity"] == ["1"]
    town.act("salesforce", "edit", object="Order", id=town.order("1")["Id"], fields={"Region__c": "East"})
    settle(town.houses[0])
    assert "another_entity" not in queue(town.houses[0])


@pytest.mark.long
def test_an_entity_that_shuts_us_out_keeps_its_own_documents_only(town: Town) -> None:
    """The rule names it, so nothing tells before the sign-in does; the password is told to be wrong, and is not."""
    _edit(town.folder / "mappings" / "order_to_invoice.yaml", RULE, SHUT_OUT)
    house = town.house()
    settle(house)

    assert queue(house)["entity_not_entered"] == ["4"]
    assert "SO-4" not in {row["RECORDID"] for row in town.invoices()}

"""One Salesforce org whose orders go to two Intacct companies, each with a home of its own, as
docs/how-to/serve-two-companies.md has it."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from sf_intacct.orchestration.house import House
from sf_intacct_tests.orchestration.under_dagster import lone_town
from sf_intacct_tests.town import MAPPINGS, Row, Town, line, order, settle, town_hall

pytestmark = pytest.mark.long
OURS = {"east": "sale.region = 'East'", "rest": "coalesce(sale.region, '') <> 'East'"}


def split(folder: Path, ours: str, prefix: str) -> None:
    """The example company's mappings, for the orders that are `ours`, with mirrors of keys of their own."""
    region = ours.replace("sale.", "")
    _edit(
        folder / "order_to_invoice.yaml", "status_code = 'Activated' and", f"status_code = 'Activated' and {region} and"
    )
    _edit(
        folder / "return_to_credit.yaml", "status_code = 'Activated' and", f"status_code = 'Activated' and {region} and"
    )
    beside = f"beside:\n  sale: {{table: salesforce_orders, on: order_id}}\nwhen: {ours}\n\nfields:\n"
    _edit(folder / "outcome_to_order.yaml", "\nfields:\n", beside)
    _edit(folder / "invoice_to_mirror.yaml", "Key__c: document_key", f"Key__c: \"'{prefix}' || document_key\"")
    _edit(folder / "invoice_line_to_mirror.yaml", "Line_Key__c: line_key", f"Line_Key__c: \"'{prefix}' || line_key\"")


def _edit(file: Path, old: str, new: str) -> None:
    text = file.read_text()
    assert text.count(old) == 1, (file.name, old)
    file.write_text(text.replace(old, new))


@pytest.fixture(scope="module")
def companies(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Town, Town, dict[str, House]]]:
    """The town, the town whose Intacct is the second company, and the two homes, settled one after the other, twice."""
    with lone_town(tmp_path_factory.mktemp("east")) as east, town_hall() as addresses:
        rest = Town(addresses, tmp_path_factory.mktemp("rest"))
        shutil.copytree(MAPPINGS, rest.folder / "mappings")
        regions = {"1": "East", "2": "West", "3": "East", "4": "West"}
        east.seed([order(n, Region__c=r) for n, r in regions.items()], [line(int(n), n) for n in regions])
        locations: list[Row] = [{"LOCATIONID": name, "NAME": name, "STATUS": "active"} for name in ("E01", "W01")]
        rest.seed(accounts=[], contacts=[], products=[], intacct={"LOCATION": locations})
        split(east.folder / "mappings", OURS["east"], "A-")
        split(rest.folder / "mappings", OURS["rest"], "B-")
        (rest.folder / "mappings" / "outcome_to_account.yaml").unlink()
        (rest.folder / "mappings" / "outcome_to_product.yaml").unlink()
        homes = {
            "east": east.house(environment="east"),
            "rest": rest.house(environment="rest", salesforce_url=east.addresses.salesforce),
        }
        for name in ("east", "rest", "east", "rest"):
            settle(homes[name])
        yield east, rest, homes
        rest.close()


def test_each_order_is_in_the_books_of_one_company(companies: tuple[Town, Town, dict[str, House]]) -> None:
    east, rest, _ = companies
    assert {row["RECORDID"] for row in east.invoices()} == {"SO-1", "SO-3"}
    assert {row["RECORDID"] for row in rest.invoices()} == {"SO-2", "SO-4"}


def test_the_mirrors_of_two_companies_with_the_same_record_numbers_stand_side_by_side(
    companies: tuple[Town, Town, dict[str, House]],
) -> None:
    east, rest, _ = companies
    assert {row["RECORDNO"] for row in east.invoices()} & {row["RECORDNO"] for row in rest.invoices()}
    mirrors = {row["Name"]: row["Invoice_Key__c"][:2] for row in east.rows("salesforce", "Intacct_Invoice__c")}
    assert mirrors == {"SO-1": "A-", "SO-3": "A-", "SO-2": "B-", "SO-4": "B-"}
    told = {row["OrderNumber"]: row["Intacct_Invoice_Number__c"] for row in east.rows("salesforce", "Order")}
    assert told == {number: f"SO-{number}" for number in "1234"}


def test_neither_undoes_what_the_other_said(companies: tuple[Town, Town, dict[str, House]]) -> None:
    _, _, homes = companies
    assert [sum(walk.writes for walk in settle(homes[name])) for name in ("east", "rest", "east")] == [0, 0, 0]

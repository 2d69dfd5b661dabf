"""The journey of reference records: what Finance renames, puts away or deletes in Intacct, and what that blocks.

One world is walked through a few chapters and looked at after each; the tests tell what was seen.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from click.testing import CliRunner

from sf_intacct.cli import cli
from sf_intacct_tests.orchestration.under_dagster import environment_of, lone_town
from sf_intacct_tests.town import PRICES, Row, Town, line, look, order, queue, settle

pytestmark = [pytest.mark.long, pytest.mark.proves(14), pytest.mark.xdist_group("reference_records")]
BOOKS: dict[str, list[Row]] = {
    "DEPARTMENT": [
        {"DEPARTMENTID": "100", "TITLE": "Field Sales", "STATUS": "active"},
        {"DEPARTMENTID": "200", "TITLE": "Inside Sales", "STATUS": "active"},
        {"DEPARTMENTID": "300", "TITLE": "Partners", "STATUS": "active"},
    ],
    "TERRITORY": [{"TERRITORYID": "EAST", "NAME": "East", "STATUS": "active"}],
    "TAXSCHEDULE": [{"SCHEDULEID": "US Sale", "TAXTYPE": "Sale", "STATUS": "active"}],
    "CONTACTTAXGROUP": [{"NAME": "Resellers"}, {"NAME": "Schools"}],
    "REPORTINGPERIOD": [
        {"NAME": "Month Ended October 2026", "START_DATE": "2026-10-01", "END_DATE": "2026-10-31", "STATUS": "active"}
    ],
}
ASKED = "reference: [intacct_periods, intacct_tax_schedules, intacct_contact_tax_groups]\n"


@dataclass
class Story:
    """What was seen after each chapter: the mirrored records by id, the queue, and what the commands told."""

    town: Town
    mirrors: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    queues: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    blocked: dict[str, dict[str, Any]] = field(default_factory=dict)
    changed: dict[str, dict[str, Any]] = field(default_factory=dict)
    writes: dict[str, int] = field(default_factory=dict)
    invoices: dict[str, list[str]] = field(default_factory=dict)

    def see(self, chapter: str) -> None:
        rows = self.town.rows("salesforce", "Intacct_Reference__c")
        self.mirrors[chapter] = {f"{row['Kind__c']} {row['Value_Id__c']}": row for row in rows}
        self.queues[chapter] = queue(self.town.houses[0])
        self.writes[chapter] = self.town.writes()
        self.invoices[chapter] = sorted(invoice["RECORDID"] for invoice in self.town.invoices())

    def told(self, *words: str) -> dict[str, Any]:
        environment = environment_of(self.town.houses[0].settings)
        result = CliRunner(catch_exceptions=False).invoke(cli, ["reference", *words, "--json"], env=environment)
        assert result.exit_code == 0, result.output
        told: dict[str, Any] = json.loads(result.stdout)
        return told


def _put_away(town: Town, mirror: str) -> None:
    """Finance renames and puts away; Sales types over a mirror and sells by a department that is no more."""
    town.act("intacct", "rename", object="DEPARTMENT", key="200", name="Web Sales")
    town.act("intacct", "set_status", object="DEPARTMENT", key="300", status="inactive")
    town.act("intacct", "set_status", object="TERRITORY", key="EAST", status="inactive")
    town.act("intacct", "rename", object="CONTACTTAXGROUP", key="Resellers", name="Trade")
    town.act("intacct", "delete", object="CONTACTTAXGROUP", key="Schools")
    town.act("salesforce", "edit", object="Intacct_Reference__c", id=mirror, fields={"Name": "My own"})
    town.act("salesforce", "activate_order", order="2")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with lone_town(tmp_path_factory.mktemp("reference")) as town:
        folder = town.folder / "mappings"
        (folder / PRICES).unlink()
        (folder / "alternatives/reference_to_record.yaml").rename(folder / "reference_to_record.yaml")
        company = folder / "company.yaml"
        company.write_text(company.read_text(encoding="utf-8") + ASKED, encoding="utf-8")
        orders = [order("1"), order("2", status="Draft", Department__c="Partners")]
        town.seed(orders, [line(1, "1"), line(2, "2"), line(3, "2", "visit", "1", "80.00")], intacct=BOOKS)
        house, told = town.house(), Story(town)
        settle(house)
        told.see("first")
        _put_away(town, told.mirrors["first"]["DEPARTMENT 100"]["Id"])
        look(house)
        told.see("planned")
        told.blocked = {one["subject"]: one for one in told.told("blocked")["causes"]}
        changed = told.told("list", "--changed")["values"]
        told.changed = {f"{one['object']} {one['value_id']}": one for one in changed}
        settle(house)
        told.see("synced")
        town.act("intacct", "set_status", object="DEPARTMENT", key="300", status="active")
        settle(house)
        told.see("mended")
        yield told


def test_every_reference_record_that_is_read_is_a_record_in_salesforce(story: Story) -> None:
    seen = story.mirrors["first"]
    assert (seen["DEPARTMENT 200"]["Name"], seen["DEPARTMENT 200"]["Is_Active__c"]) == ("Inside Sales", True)
    asked_for = ("REPORTINGPERIOD Month Ended October 2026", "TAXSCHEDULE US Sale", "CONTACTTAXGROUP Schools")
    assert {"ARTERM Net 30", "CLASS HW", "GLACCOUNT 4000", "TERRITORY EAST", *asked_for} <= seen.keys()
    assert not any(key.startswith("ARACCOUNTLABEL") for key in seen)


def test_a_deactivation_is_found_in_the_plan_with_the_lines_it_blocks_before_anything_is_sent(story: Story) -> None:
    found = story.blocked["DEPARTMENT 300"]
    assert (found["standing"], found["orders"], found["lines"], found["money"]) == ("inactive", 1, 2, {"USD": "778.00"})
    assert found["named_in"] == ["crosswalks/departments.csv: Partners"]
    assert sorted((row["field"], row["line_amount"]) for row in found["blocked"]) == [
        ("DEPARTMENTID", "698.00"),
        ("DEPARTMENTID", "80.00"),
    ]
    assert story.writes["planned"] == story.writes["first"]


def test_what_is_blocked_is_an_exception_and_goes_by_itself_when_the_record_is_back(story: Story) -> None:
    assert story.queues["synced"] == {"inactive_in_books": ["2"]}
    assert (story.queues["mended"], story.invoices["mended"]) == ({}, ["SO-1", "SO-2"])
    assert story.invoices["synced"] == ["SO-1"]


def test_what_no_document_names_yet_is_told_with_the_file_that_names_it(story: Story) -> None:
    found = story.blocked["TERRITORY EAST"]
    assert (found["standing"], found["orders"]) == ("inactive", 0)
    assert found["named_in"] == ["crosswalks/territories.csv: East"]


def test_renames_and_losses_are_listed_with_what_the_record_was(story: Story) -> None:
    seen = story.changed
    assert (seen["DEPARTMENT 200"]["title"], seen["DEPARTMENT 200"]["former_titles"]) == ("Web Sales", ["Inside Sales"])
    assert seen["CONTACTTAXGROUP Trade"]["former_ids"] == ["Resellers"]
    assert seen["CONTACTTAXGROUP Schools"]["status"] == "gone"
    assert not {"DEPARTMENT 100", "ARTERM Net 30"} & seen.keys()


def test_renames_follow_what_is_put_away_is_inactive_and_nothing_is_deleted(story: Story) -> None:
    before, after = story.mirrors["first"], story.mirrors["synced"]
    assert after["DEPARTMENT 200"]["Name"] == "Web Sales"
    assert after["CONTACTTAXGROUP Trade"]["Id"] == before["CONTACTTAXGROUP Resellers"]["Id"]
    put_away = ("DEPARTMENT 300", "TERRITORY EAST", "CONTACTTAXGROUP Schools")
    assert [after[key]["Is_Active__c"] for key in put_away] == [False, False, False]
    assert len(after) == len(before)


def test_a_mirror_that_somebody_typed_over_heals(story: Story) -> None:
    assert story.mirrors["planned"]["DEPARTMENT 100"]["Name"] == "My own"
    assert story.mirrors["synced"]["DEPARTMENT 100"]["Name"] == "Field Sales"

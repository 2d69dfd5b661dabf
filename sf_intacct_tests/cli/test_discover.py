"""discover: a folder with the page in every form, and the same numbers for programs."""

import json

import pytest

from sf_intacct_tests.cli.desk import Desk
from sf_intacct_tests.town import line, look, order


def _look(desk: Desk) -> None:
    desk.town.seed([order("1"), order("2", Department__c="Nowhere")], [line(1, "1"), line(2, "2")])
    look(desk.house)


def test_one_command_writes_the_page_and_says_where_it_is(desk: Desk) -> None:
    _look(desk)
    said = desk.says("discover", "--no-read", "--output", "found")
    assert said.startswith("Of 2 deals since")
    assert "The page is found/discovery.html" in said
    folder = desk.town.folder / "found"
    assert {"discovery.html", "discovery.md", "discovery.json", "deals.svg"} <= {file.name for file in folder.iterdir()}
    assert "has no counterpart in Intacct" in (folder / "discovery.html").read_text()
    assert desk.town.writes() == 0


@pytest.mark.long
def test_a_program_is_told_the_same_numbers_that_lie_beside_the_page(desk: Desk) -> None:
    _look(desk)
    told = desk.told("discover", "--no-read", "--months", "12")
    assert {row["outcome"]: row["money"] for row in told["deals"]} == {"kept": "698.00", "to make": "698.00"}
    folder = desk.house.settings.home / "discovery"
    assert json.loads((folder / "discovery.json").read_text()) == told


@pytest.mark.long
def test_a_folder_that_cannot_be_written_is_told(desk: Desk) -> None:
    _look(desk)
    (desk.town.folder / "taken").write_text("a file")
    assert "name a folder" in desk.refuses("discover", "--no-read", "--output", "taken/below", ends=3)

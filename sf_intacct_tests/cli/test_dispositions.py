"""What people decide about exceptions, at the command line: one journey, looked at from several sides.

Order 1 is held, order 2 left out, order 3 is in Intacct by hand, order 4 is mended; an account keeps order 5.
"""

import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sf_intacct.orchestration import reconciling
from sf_intacct.sandbox.server import Addresses
from sf_intacct.store import decisions
from sf_intacct_tests.cli.desk import Desk, desk_in
from sf_intacct_tests.town import ACCOUNTS, Town, line, order, queue, tie_out, walk

pytestmark = pytest.mark.long
_LOST = {"Department__c": "Nowhere"}
_POOR = {**ACCOUNTS[1], "Payment_Terms__c": ""}
Seen = dict[str, Any]


def _id(desk: Desk, cause: str) -> str:
    (found,) = [one["id"] for one in desk.told("exceptions", "list", "--cause", cause)["exceptions"]]
    return str(found)


def _enter(town: Town, number: str, amount: str, customer: str = "C-1") -> None:
    """Somebody in Finance enters an invoice by hand."""
    lines = [{"account": "4000", "amount": amount, "DEPARTMENTID": "100", "LOCATIONID": "E01", "CLASSID": "HW"}]
    town.act("intacct", "create_invoice", customer=customer, lines=lines, number=number, date="2026-10-07")


@pytest.fixture(scope="module")
def story(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Seen]:
    with desk_in(tmp_path_factory.mktemp("decided"), addresses) as desk:
        orders = [*(order(str(n), **_LOST) for n in (1, 2, 3, 4)), order("5", "bolt"), order("6")]
        lines = [line(n, str(n)) for n in (1, 2, 3, 4, 5, 6)]
        desk.town.seed(orders, lines, accounts=[ACCOUNTS[0], _POOR])
        walk(desk.house)
        walk(desk.house)
        seen: Seen = {"desk": desk, "queue": queue(desk.house)}
        _by_hand(desk, seen)
        _decide(desk, seen)
        walk(desk.house)
        seen["after"], seen["orders"] = queue(desk.house), {n: desk.town.order(n) for n in "12345"}
        walk(desk.house)
        seen["posted"] = sorted(invoice["RECORDID"] for invoice in desk.town.invoices())
        seen["tie_out"] = tie_out(desk.house)
        seen["finance"] = _finance(desk)
        _undo(desk, seen)
        yield seen


def _by_hand(desk: Desk, seen: Seen) -> None:
    id_ = _id(desk, "unmapped_value")
    _enter(desk.town, "HAND-3", "698.00")
    _enter(desk.town, "HAND-9", "9.00")
    third = ("exceptions", "resolve", id_, "--record", "3", "--document")
    seen["refusals"] = {number: desk.refuses(*third, number, ends=3) for number in ("NO-SUCH", "HAND-9", "SO-6")}
    seen["refused several"] = desk.refuses("exceptions", "resolve", id_, "--document", "HAND-3", ends=3)
    seen["resolved"] = desk.told(*third, "HAND-3", "--by", "ada")
    seen["twice"] = desk.refuses("exceptions", "resolve", id_, "--record", "4", "--document", "HAND-3", ends=3)


def _decide(desk: Desk, seen: Seen) -> None:
    id_ = _id(desk, "unmapped_value")
    file = desk.town.folder / "queue.csv"
    desk.says("exceptions", "list", "--csv", str(file))
    rows = list(csv.DictReader(io.StringIO(file.read_text(encoding="utf-8-sig"))))
    seen["file"] = rows
    _fill_in(file, rows, {"1": ("hold", "waits for the contract"), "2": ("ignore", "")})
    seen["bad file"] = desk.refuses("exceptions", "decide", str(file), ends=3)
    seen["after bad file"] = decisions.dispositions(desk.house.journal)
    _fill_in(file, rows, {"1": ("hold", "waits for the contract"), "2": ("ignore", "sold by the agency")})
    seen["decided"] = desk.told("exceptions", "decide", str(file), "--by", "ada")
    desk.says("exceptions", "assign", id_, "--to", "bob", "--by", "ada")
    seen["owned"] = desk.told("exceptions", "list", "--owner", "bob")["exceptions"]
    seen["unlisted"] = desk.refuses("exceptions", "fix", id_, "--to", "999", ends=3)
    seen["fixed"] = desk.told("exceptions", "fix", id_, "--to", "100", "--by", "ada")
    seen["shown"] = desk.told("exceptions", "show", id_)["decisions"]
    seen["crosswalk"] = (desk.town.folder / "mappings/crosswalks/departments.csv").read_text().splitlines()[-1]
    # Mappings are read once per house: the next walk is the next run.
    desk.house.__dict__.pop("mappings", None)


def _fill_in(file: Path, rows: list[dict[str, str]], said: dict[str, tuple[str, str]]) -> None:
    with file.open("w", newline="", encoding="utf-8") as text:
        writer = csv.DictWriter(text, rows[0], delimiter=";")
        writer.writeheader()
        for row in rows:
            disposition, reason = said.get(row["label"].removeprefix("'"), ("", ""))
            writer.writerow({**row, "disposition": disposition, "reason": reason})


def _finance(desk: Desk) -> list[dict[str, Any]]:
    reconciling.publish_file(desk.house)
    sql = "select headline, money::varchar as money, currency from exception_causes order by 1"
    answer = desk.told("query", sql)
    return [dict(zip(answer["columns"], row, strict=True)) for row in answer["rows"]]


def _undo(desk: Desk, seen: Seen) -> None:
    id_ = seen["resolved"]["exceptions"][0]
    seen["undone"] = desk.told("exceptions", "undo", id_, "--reason", "a mistake", "--by", "bob")
    seen["nothing to undo"] = desk.refuses("exceptions", "undo", "deadbeef", ends=3)
    walk(desk.house)
    seen["after undo"] = queue(desk.house)
    seen["posted after undo"] = sorted(invoice["RECORDID"] for invoice in desk.town.invoices())


def test_before_anything_is_decided_one_cause_keeps_four_orders_and_another_one(story: Seen) -> None:
    assert story["queue"] == {"no_value": ["5"], "unmapped_value": ["1", "2", "3", "4"]}


@pytest.mark.parametrize(
    ("number", "why"),
    [
        ("NO-SUCH", "Intacct has no document with this number"),
        ("HAND-9", "the document comes to 9.00, the record to 698.00"),
        ("SO-6", "belongs to"),
    ],
)
@pytest.mark.answers("K10")
def test_a_document_is_looked_up_in_intacct_before_it_is_believed(story: Seen, number: str, why: str) -> None:
    assert why in story["refusals"][number]


@pytest.mark.answers("K10")
def test_one_document_is_one_record(story: Seen) -> None:
    assert "4 records are meant" in story["refused several"]
    assert "HAND-3 is the counterpart of" in story["twice"]


def test_what_is_in_the_books_by_hand_is_linked_told_and_tied_and_never_made_again(story: Seen) -> None:
    assert story["resolved"]["records"] == 1
    told = story["orders"]["3"]
    assert (told["Intacct_Sync_Status__c"], told["Intacct_Invoice_Number__c"]) == ("Synced", "HAND-3")
    assert "SO-3" not in story["posted"]
    assert (story["tie_out"].holds, story["tie_out"].classes.get("tied")) == (True, 3)


def test_a_file_of_decisions_is_carried_out_whole_or_not_at_all(story: Seen) -> None:
    assert "say why, in the column reason" in story["bad file"]
    assert [row["disposition"] for row in story["after bad file"]] == ["resolve"]
    assert (story["decided"]["records"], story["decided"]["decision"]) == (2, "hold, ignore")


def test_the_file_says_of_each_record_what_is_wrong_and_where_it_is_mended(story: Seen) -> None:
    (first,) = [row for row in story["file"] if row["label"].removeprefix("'") == "1"]
    assert (first["amount"], first["currency"], first["who"]) == ("698.000", "USD", "operations")
    assert first["place"] == "mappings/crosswalks/departments.csv"
    assert first["url"].endswith(first["record"])


def test_what_is_held_is_not_sent_and_says_so_on_the_record(story: Seen) -> None:
    told = story["orders"]["1"]
    assert told["Intacct_Sync_Status__c"] == "Error"
    assert "It is held by a person: waits for the contract (ada)." in told["Intacct_Sync_Error__c"]
    assert story["after"]["held_by_person"] == ["1"]
    assert "SO-1" not in story["posted"]


def test_what_is_left_out_says_so_on_the_record(story: Seen) -> None:
    told = story["orders"]["2"]
    assert told["Intacct_Sync_Status__c"] == "Excluded"
    assert "sold by the agency" in told["Intacct_Sync_Error__c"]


def test_a_crosswalk_is_completed_with_what_intacct_lists_and_its_orders_go(story: Seen) -> None:
    assert "Intacct lists no active DEPARTMENT '999'" in story["unlisted"]
    assert story["crosswalk"] == "Nowhere,100"
    assert story["posted"] == ["HAND-3", "HAND-9", "SO-4", "SO-6"]


def test_everything_that_was_decided_is_kept_with_who_and_why(story: Seen) -> None:
    told = [(row["disposition"], row["detail"], row["records"], row["decided_by"]) for row in story["shown"]]
    assert told == [
        ("resolve", "HAND-3", 1, "ada"),
        ("hold", "", 1, "ada"),
        ("ignore", "", 1, "ada"),
        ("assign", "bob", 4, "ada"),
        ("fix", "", 1, "ada"),
    ]
    assert [one["owner"] for one in story["owned"]] == ["bob"]


def test_finance_says_the_same_as_the_command_line(story: Seen) -> None:
    assert story["finance"] == [
        {
            "headline": "It is held by a person: waits for the contract (ada) (1): 1 order, 698.00 USD",
            "money": "698.000",
            "currency": "USD",
        },
        {
            "headline": "Payment terms: nothing is chosen (5): 1 order, 698.00 USD",
            "money": "698.000",
            "currency": "USD",
        },
    ]


def test_what_is_undone_goes_again_but_a_document_once_linked_is_held_until_somebody_says_so(story: Seen) -> None:
    assert story["undone"]["records"] == 3
    assert "nothing that can be undone" in story["nothing to undo"]
    assert story["after undo"]["held_by_person"] == ["3"]
    assert story["posted after undo"] == ["HAND-3", "HAND-9", "SO-1", "SO-2", "SO-4", "SO-6"]

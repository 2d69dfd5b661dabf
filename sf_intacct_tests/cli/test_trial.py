"""mappings try and diff: what the mappings make of a record, and what a change of them changes; nothing is written."""

import hashlib
import subprocess
from pathlib import Path
from typing import Any

import pytest

from sf_intacct_tests.cli.desk import Desk

NOBODY: dict[str, Any] = {"SF_INTACCT_SALESFORCE_URL": None, "SF_INTACCT_INTACCT_USER_PASSWORD": None}


def _warehouse(desk: Desk) -> str:
    return hashlib.sha256(desk.house.settings.warehouse_file.read_bytes()).hexdigest()


def _id(desk: Desk, number: str, table: str = "salesforce_orders", known_by: str = "order_number") -> str:
    """The id of a record that was read: the world under the house may have been reset since."""
    with desk.house.transaction() as session:
        key = {"salesforce_orders": "order_id", "salesforce_accounts": "account_id"}[table]
        return str(session.value(f"select {key} from core.{table} where {known_by} = ?", [number]))


def _trials(desk: Desk, record_id: str) -> dict[str, dict[str, Any]]:
    told = desk.told("mappings", "try", record_id, **NOBODY)
    return {trial["crossing"]: trial for trial in told["trials"]}


def _values(trial: dict[str, Any], part: str = "head") -> dict[str, dict[str, Any]]:
    return {value["field"]: value for value in trial["values"] if value["part"] == part}


def test_one_record_goes_through_every_mapping_that_starts_from_it(settled: Desk) -> None:
    record_id = _id(settled, "1")
    before = _warehouse(settled)
    trials = _trials(settled, record_id)
    assert {"order_to_invoice", "outcome_to_order"} <= trials.keys()
    invoice = trials["order_to_invoice"]
    assert (invoice["plan"]["step"], invoice["plan"]["natural_key"]) == ("unchanged", "SO-1")
    customer = _values(invoice)["CUSTOMERID"]
    assert (customer["value"], customer["rule"]) == ("C-1", "link account_to_customer of account_id, required")
    text = (settled.town.folder / "mappings" / "order_to_invoice.yaml").read_text().splitlines()
    file, _, line = customer["file"].partition(", line ")
    assert file == "order_to_invoice.yaml"
    assert text[int(line) - 1].strip().startswith("CUSTOMERID:")
    assert (_values(invoice, "1")["ACCOUNTNO"]["value"], _values(invoice, "1")["TRX_AMOUNT"]["value"]) == (
        "4000",
        "698.00",
    )
    assert _warehouse(settled) == before


def test_an_id_of_fifteen_characters_is_the_same_record(settled: Desk) -> None:
    assert _trials(settled, _id(settled, "1")[:15]).keys() == _trials(settled, _id(settled, "1")).keys()


def test_what_keeps_a_record_is_said_in_words_with_what_mends_it(settled: Desk) -> None:
    trial = _trials(settled, _id(settled, "3"))["order_to_invoice"]
    assert trial["plan"]["step"] == "waiting"
    (finding,) = trial["findings"]
    assert finding["cause"] == "unmapped_value"
    assert finding["words"] == "Department 'Nowhere' has no counterpart in Intacct."
    said = settled.says("mappings", "try", _id(settled, "3"))
    assert "Department 'Nowhere' has no counterpart in Intacct." in said
    assert "lookup departments of document.department" in said


def test_a_record_that_does_not_meet_the_predicate_says_which(settled: Desk) -> None:
    file = settled.town.folder / "mappings" / "order_to_invoice.yaml"
    file.write_text(file.read_text().replace("status_code = 'Activated' and", "order_number = '99' and"))
    trial = _trials(settled, _id(settled, "1"))["order_to_invoice"]
    assert trial["why_not"].startswith("order_number = '99'")
    assert trial["plan"]["step"] == "does not cross"


def test_a_rule_can_be_tried_before_it_is_used(settled: Desk) -> None:
    file = settled.town.folder / "mappings" / "order_to_invoice.yaml"
    file.write_text(file.read_text().replace("DOCNUMBER: po_number", "DOCNUMBER: \"'PO ' || order_number\""))
    assert _values(_trials(settled, _id(settled, "1"))["order_to_invoice"])["DOCNUMBER"]["value"] == "PO 1"


def test_an_id_that_nobody_knows_says_what_to_do(settled: Desk) -> None:
    said = settled.refuses("mappings", "try", "801000000000009AAA", ends=3)
    assert "no mapping starts from such a record; what to do: check the id" in said


def test_before_the_first_sync_there_is_nothing_to_try(desk: Desk) -> None:
    assert "run `sf-intacct sync` first" in desk.refuses("mappings", "try", "801000000000009AAA", ends=3)


# Changes of the files


def _git(folder: Path, *words: str) -> None:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com"]
    subprocess.run(["git", "-C", str(folder), *who, *words], check=True, capture_output=True)


@pytest.fixture
def kept(settled: Desk) -> Desk:
    """The settled desk, its mapping files under git."""
    _git(settled.town.folder, "init", "-q", "-b", "main")
    _git(settled.town.folder, "add", "mappings")
    _git(settled.town.folder, "commit", "-qm", "As it was")
    return settled


def _edit(desk: Desk, before: str, after: str, name: str = "order_to_invoice.yaml") -> None:
    file = desk.town.folder / "mappings" / name
    assert before in file.read_text()
    file.write_text(file.read_text().replace(before, after))


def _effects(desk: Desk, *words: str) -> dict[str, dict[str, Any]]:
    told = desk.told("mappings", "diff", "--base", "main", *words, **NOBODY)
    return {one["crossing"]: one for one in told["crossings"]}


@pytest.mark.long
def test_files_that_say_the_same_change_nothing(kept: Desk) -> None:
    _edit(kept, "crossing: order", "# only a remark\ncrossing: order")
    before = _warehouse(kept)
    effects = _effects(kept)
    assert {one["changed"] for one in effects.values()} == {0}
    assert effects["order_to_invoice"]["documents"] == 4
    assert kept.says("mappings", "diff", "--base", "main") == "No document changes.\n"
    assert _warehouse(kept) == before


@pytest.mark.long
def test_every_field_that_changes_is_told_with_its_document_and_the_money(kept: Desk) -> None:
    _edit(kept, "TRX_AMOUNT: total_price", "TRX_AMOUNT: total_price * 2")
    _edit(kept, "DOCNUMBER: po_number", "DOCNUMBER: \"case when order_number = '1' then 'X' end\"")
    effect = _effects(kept)["order_to_invoice"]
    assert (effect["changed"], effect["amount"]) == (4, {"USD": "2792.00"})
    dollars = {"field": "TRX_AMOUNT", "currency": "USD"}
    assert effect["money"] == [{**dollars, "before": "2792.00", "after": "5584.00"}]
    told = [(row["label"], row["field"], row["before"], row["after"], row["is_there"]) for row in effect["changes"]]
    assert told[:2] == [("1", "DOCNUMBER", None, "X", True), ("1", "TRX_AMOUNT", "698.00", "1396.00", True)]
    assert told[2:] == [(label, "TRX_AMOUNT", "698.00", "1396.00", False) for label in "234"]
    assert all(row["part"] for row in effect["changes"] if row["field"] == "TRX_AMOUNT")
    said = kept.says("mappings", "diff", "--base", "main")
    assert "order_to_invoice: 4 of 4 documents would change, 2,792.00 USD in them" in said
    assert "TRX_AMOUNT: 2,792.00 -> 5,584.00 USD in total" in said


@pytest.mark.long
def test_documents_that_would_cross_or_no_longer_cross_are_told_and_so_is_what_would_keep_them(kept: Desk) -> None:
    _edit(kept, "status_code = 'Activated' and", "order_number <> '2' and status_code = 'Activated' and")
    crosswalk = kept.town.folder / "mappings" / "crosswalks" / "departments.csv"
    crosswalk.write_text(crosswalk.read_text() + "Nowhere,100\n")
    changes = _effects(kept)["order_to_invoice"]["changes"]
    told = {(row["label"], row["field"]): (row["before"], row["after"]) for row in changes}
    assert told["2", "(document)"] == ("crosses", None)
    assert told["3", "(waits for)"] == ("unmapped_value", None)
    assert told["3", "DEPARTMENTID"] == (None, "100")


@pytest.mark.long
def test_a_crossing_that_is_new_or_gone_is_told_document_by_document(kept: Desk) -> None:
    (kept.town.folder / "mappings" / "outcome_to_product.yaml").rename(kept.town.folder / "kept.yaml")
    effect = _effects(kept)["outcome_to_product"]
    assert {row["after"] for row in effect["changes"]} == {None}
    assert effect["changed"] == effect["documents"] > 0
    _git(kept.town.folder, "commit", "-qam", "Products are told nothing")
    (kept.town.folder / "kept.yaml").rename(kept.town.folder / "mappings" / "outcome_to_product.yaml")
    told = _effects(kept)["outcome_to_product"]["changes"]
    assert {(row["field"], row["before"], row["after"]) for row in told} == {("(document)", None, "crosses")}


@pytest.mark.long
def test_only_records_of_the_last_days_count(kept: Desk) -> None:
    with kept.house.transaction() as session:
        session.run(
            "update core.salesforce_orders set modified_at = modified_at - interval 40 day where order_number = '1'"
        )
    _edit(kept, "DOCNUMBER: po_number", "DOCNUMBER: order_number")
    assert _effects(kept)["order_to_invoice"]["changed"] == 4
    assert _effects(kept, "--days", "30")["order_to_invoice"]["changed"] == 3


@pytest.mark.parametrize(
    ("base", "seen"),
    [("nowhere", "no such revision"), ("--output=x", "no such revision"), ("main:mappings", "no such revision")],
)
def test_a_revision_that_is_not_there_is_told(kept: Desk, base: str, seen: str) -> None:
    said = kept.refuses("mappings", "diff", f"--base={base}", ends=3)
    assert seen in said
    assert "name a commit, tag or branch" in said


def test_a_base_that_the_loader_refuses_is_told(kept: Desk) -> None:
    _edit(kept, "po_number", "po_numbr")
    _git(kept.town.folder, "commit", "-qam", "A slip")
    _edit(kept, "po_numbr", "po_number")
    assert "'po_numbr' cannot be computed" in kept.refuses("mappings", "diff", "--base", "main", ends=3)

"""match: suggestions go into a file, answers come out of it, and everything is signed."""

import csv
import io
from pathlib import Path

import pytest

from sf_intacct_tests.cli.desk import Desk
from sf_intacct_tests.town import ACCOUNTS, look

KNOWN = {"CUSTOMERID": "BN-77", "NAME": "BOLT and NUT Inc.", "STATUS": "active"}


def _look(desk: Desk) -> None:
    desk.town.seed(accounts=[ACCOUNTS[1]], contacts=(), intacct={"CUSTOMER": [KNOWN]})
    look(desk.house)


def _answer(file: Path, **answers: str) -> None:
    rows = list(csv.DictReader(io.StringIO(file.read_text("utf-8-sig")), delimiter=";"))
    for row in rows:
        row["approve"] = answers.get(row["intacct_key"], "")
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.DictWriter(out, list(rows[0]), delimiter=";")
        writer.writeheader()
        writer.writerows(rows)


@pytest.mark.long
def test_from_suggestion_to_link_to_audit_at_the_command_line(desk: Desk) -> None:
    _look(desk)
    told = desk.told("match", "suggest", "--no-read")
    assert [(row["target_key"], row["how"]) for row in told["suggestions"]] == [("BN-77", "alike")]
    said = desk.says("match", "suggest", "--no-read", "--semicolon", "--output", "review.csv")
    assert "1 suggestion; 0 linked already, 0 like nothing there." in said
    assert "match approve review.csv --by YOUR-NAME" in said

    file = desk.town.folder / "review.csv"
    _answer(file, **{"BN-77": "perhaps"})
    assert desk.told("match", "approve", "review.csv", "--by", "ada", ends=1)["refused"] == 1
    _answer(file, **{"BN-77": "yes"})
    said = desk.says("match", "approve", "review.csv", "--by", "ada")
    assert said.startswith("1 approved, 0 rejected, 0 known, 0 refused.")
    assert desk.told("match", "approve", "review.csv", "--by", "ada")["known"] == 1

    (verdict,) = desk.told("match", "list")["verdicts"]
    assert (verdict["decided_by"], verdict["verdict"], verdict["is_linked"]) == ("ada", "same", True)
    assert "BN-77" in desk.says("match", "list")
    id_ = verdict["source_id"]
    assert "--reason" in desk.refuses("match", "revoke", id_, ends=2)
    revoked = desk.told("match", "revoke", id_, "--reason", "another company", "--by", "bob")
    assert (revoked["target_key"], revoked["by"]) == ("BN-77", "bob")
    assert [row["is_linked"] for row in desk.told("match", "list")["verdicts"]] == [False, False]
    assert "it has no link" in desk.refuses("match", "revoke", id_, "--reason", "again", ends=3)


def test_nobody_approves_without_a_name(desk: Desk) -> None:
    _look(desk)
    desk.says("match", "suggest", "--no-read", "--output", "review.csv")
    assert "--by" in desk.refuses("match", "approve", "review.csv", ends=2)
    assert "say your name" in desk.refuses("match", "approve", "review.csv", "--by", " ", ends=2)


def test_a_crossing_that_does_not_say_how_to_recognise_records_is_wrong_use(desk: Desk) -> None:
    said = desk.refuses("match", "suggest", "--no-read", "--crossing", "order_to_invoice", ends=2)
    assert "give mappings/order_to_invoice.yaml a `match:`" in said

"""log and journal: what was sent and what came of it, told to people, programs and spreadsheets."""

import csv
import io
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest

from sf_intacct.cli.output import neutral
from sf_intacct.model.intent import State
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.sandbox.server import Addresses
from sf_intacct.store.journal import Patience
from sf_intacct_tests.cli.desk import Desk, desk_in
from sf_intacct_tests.intents import NOON, intent

pytestmark = pytest.mark.xdist_group("log")  # one process makes the world that these share
WORDS = (
    "<create_invoice><customerid>C-1</customerid><invoiceno>SO-1</invoiceno>"
    "<description>Zoë Ångström</description><amount>100.00</amount></create_invoice>"
)
CROSSING = "order_to_invoice"


@pytest.fixture(scope="module")
def desk(addresses: Addresses, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One invoice was refused in words that a spreadsheet would compute, another one accepted and read back."""
    with desk_in(tmp_path_factory.mktemp("log"), addresses) as desk:
        journal = desk.house.journal
        second = intent("k2", "801B", natural_key="SO-2", label="+46 18 1", request=WORDS)
        journal.enter([intent(request=WORDS), second], NOON, "run 1")
        one, two = journal.send(journal.in_state(CROSSING, State.PENDING), NOON, "run 1")
        answers = [
            (one, Outcome(Result.REFUSED, code="BL1", message="=cmd|'/C calc'!A0")),
            (two, Outcome(Result.ACCEPTED, target_id="7")),
        ]
        journal.settle(answers, NOON + timedelta(minutes=1), "run 1", Patience())
        journal.verify(CROSSING, ["801B"], NOON + timedelta(minutes=2), "run 2")
        yield desk


def test_a_program_is_told_every_line_in_order(desk: Desk) -> None:
    told = desk.told("log")["log"]
    assert [(one["event"], one["source_id"]) for one in told] == [
        ("sent", "801A"),
        ("sent", "801B"),
        ("refused", "801A"),
        ("accepted", "801B"),
        ("verified", "801B"),
    ]
    assert told[2]["amount"] == "100.00"
    assert told[2]["source_version"] == "2026-03-05T10:00:00.000000Z"
    assert [one["event"] for one in desk.told("log", "--source", "801A")["log"]] == ["sent", "refused"]
    assert [one["event"] for one in desk.told("log", "--since", "2026-03-05T12:02:00")["log"]] == ["verified"]
    assert desk.told("log", "--crossing", "product_to_item")["log"] == []


def test_people_are_told_what_came_of_it(desk: Desk) -> None:
    said = desk.says("log")
    assert "refused: BL1" in said
    assert "accepted" in said
    assert "5 lines." in said


def test_what_was_sent_is_told_masked_and_only_when_asked_for(desk: Desk) -> None:
    assert "payload" not in desk.told("log")["log"][0]
    first = desk.told("log", "--payload")["log"][0]
    told = {leaf["path"].rpartition("/")[2].rpartition(".")[2]: leaf["value"] for leaf in first["payload"]}
    assert "SO-1" in told.values()
    assert "100.00" in told.values()
    said = desk.run("log", "--payload").stdout + desk.run("log", "--payload", "--csv").stdout
    assert "Ångström" not in said
    assert "Zoë" not in said


def test_no_cell_of_a_spreadsheet_is_a_formula_and_numbers_stay_numbers(desk: Desk) -> None:
    rows = list(csv.DictReader(io.StringIO(desk.says("log", "--csv"))))
    assert [row["event"] for row in rows] == ["sent", "sent", "refused", "accepted", "verified"]
    assert rows[2]["message"] == "'=cmd|'/C calc'!A0"
    assert rows[1]["label"] == "'+46 18 1"
    assert rows[0]["amount"] == "100.00"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@sum", "\tx", "\r=1", "\n=1", "  =1"])
def test_whatever_begins_like_a_formula_is_made_a_text(text: str) -> None:
    assert neutral(text) == f"'{text}"


@pytest.mark.parametrize(("value", "cell"), [(Decimal("-5.00"), "-5.00"), (-5, "-5"), ("a=b", "a=b"), (None, "")])
def test_numbers_and_other_texts_stay_as_they_are(value: object, cell: str) -> None:
    assert neutral(value) == cell


def test_two_forms_at_once_are_refused(desk: Desk) -> None:
    assert "exclude each other" in desk.run("log", "--csv", "--json").output


def test_the_chain_holds_and_says_so(desk: Desk) -> None:
    told = desk.told("journal", "verify")
    assert (told["holds"], told["receipts"], told["head"]["number"], told["cold"]) == (True, 3, 3, None)
    assert "The chain holds: 3 receipts" in desk.says("journal", "verify")


def test_words_are_forgotten_only_when_somebody_says_yes(desk: Desk) -> None:
    assert desk.told("journal", "forget", "--older-than", "1") == {"older_than": 1, "requests": 1, "done": False}
    assert "1 write would be forgotten" in desk.says("journal", "forget", "--older-than", "1")
    assert desk.told("journal", "forget", "--older-than", "1", "--yes")["done"] is True
    assert desk.told("journal", "forget", "--older-than", "1")["requests"] == 0
    payloads = {
        one["intent_key"]: one["payload"] for one in desk.told("log", "--payload")["log"] if one["event"] == "sent"
    }
    assert payloads["k2"] is None
    assert payloads["k1"] is not None


def test_what_does_not_fit_is_named_and_ends_with_one(desk: Desk) -> None:
    """The last page of the story: from here on the journal is a forgery."""
    with desk.house.journal.engine.begin() as connection:
        connection.exec_driver_sql("drop trigger receipt_no_update")
        connection.exec_driver_sql("update receipt set target_id = '8' where number = 2")
    told = desk.told("journal", "verify", ends=1)
    assert [one["number"] for one in told["breaks"]] == [2]
    assert told["unproven"] == ["k2"], "nobody says any more that it is record 7"
    assert [one["cause"] for one in told["findings"]] == ["edited"]
    result = desk.run("journal", "verify")
    assert result.exit_code == 1
    assert "The chain does not hold" in result.output
    assert desk.told("status")["cold"] is None, "verifying changes nothing"

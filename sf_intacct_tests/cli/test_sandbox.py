"""sandbox: the imitated systems are reset, their clock moved, faults set, and people act, all from the command line."""

import json
import re
import subprocess
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from sf_intacct.cli import processes
from sf_intacct.cli.sandbox import call
from sf_intacct.errors import TryLater
from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.orchestration import reading
from sf_intacct.sandbox.faults import KINDS
from sf_intacct_tests.canned import Canned, answering, closed_port
from sf_intacct_tests.cli.desk import Desk
from sf_intacct_tests.town import line, order


def test_reset_loads_a_seed_that_ships_or_a_folder(desk: Desk) -> None:
    desk.town.seed([order("1")], [line(1, "1")])
    folder = desk.town.folder / "seed"
    assert desk.told("sandbox", "reset", "--seed", str(folder))["loaded"]["salesforce"]["Order"] == 1
    assert desk.told("sandbox", "reset", "--seed", "./seed")["loaded"]["salesforce"]["Order"] == 1
    said = desk.says("sandbox", "reset")
    assert re.search(r"salesforce +Order +120\n", said)


def test_a_folder_is_said_whole_because_the_sandbox_may_run_in_another_one(desk: Desk) -> None:
    with answering(Canned(b'{"loaded": {}}')) as server:
        desk.says("sandbox", "reset", "--seed", "./mine", "--url", server.url)
        desk.says("sandbox", "reset", "--seed", "example_company", "--url", server.url)
    assert [json.loads(request.body) for request in server.received] == [
        {"seed": str(desk.town.folder / "mine")},
        {"seed": "example_company"},
    ]


def test_a_seed_that_is_not_there_is_said_by_its_name(desk: Desk) -> None:
    said = desk.refuses("sandbox", "reset", "--seed", "nowhere", ends=3)
    assert said.startswith("sf-intacct: sandbox reset; seen: the seed 'nowhere' was not loaded")


def test_the_clock_is_shown_and_moved(desk: Desk) -> None:
    before = datetime.fromisoformat(desk.told("sandbox", "clock")["now"])
    later = datetime.fromisoformat(desk.told("sandbox", "clock", "--advance", "86400")["now"])
    assert timedelta(days=1) <= later - before < timedelta(days=1, minutes=5)
    assert desk.says("sandbox", "clock", "--move-to", "2027-01-01T00:00:00+00:00").startswith("2027-01-01T00:00:0")
    assert "needs an instant with its offset" in desk.refuses("sandbox", "clock", "--move-to", "2027-01-01", ends=3)
    assert "--advance" in desk.refuses("sandbox", "clock", "--advance", "soon", ends=2)


def test_faults_are_added_one_by_one_listed_and_taken_back(desk: Desk) -> None:
    desk.town.no_faults()
    assert desk.says("sandbox", "fault") == "No faults are set.\n"
    desk.says("sandbox", "fault", "drop_reply", "--system", "intacct", "--operation", "create_invoice", "--every", "7")
    told = desk.told("sandbox", "fault", "delay", "--setting", "seconds=0.25", "--writes-only", "--nth", "3")
    first, second = told["faults"]
    assert (first["kind"], first["every"], first["times"]) == ("drop_reply", 7, None)
    assert (second["kind"], second["nth"], second["times"], second["writes_only"]) == ("delay", 3, 1, True)
    assert desk.town.control("GET", "faults")["faults"][1]["settings"] == {"seconds": 0.25}
    assert re.search(r"drop_reply +intacct +create_invoice", desk.says("sandbox", "fault"))
    assert desk.told("sandbox", "fault", "--clear") == {"faults": []}


def test_a_fault_that_does_not_exist_is_refused_with_those_that_do(desk: Desk) -> None:
    said = desk.refuses("sandbox", "fault", "earthquake", ends=3)
    assert "unknown fault kind 'earthquake'" in said
    assert all(kind in said for kind in KINDS)
    assert "'fast' is not name=value" in desk.refuses("sandbox", "fault", "delay", "--setting", "fast", ends=2)


def test_people_act_and_an_amount_stays_exact(desk: Desk) -> None:
    desk.town.seed([order("1", status="Draft")], [line(1, "1")])
    desk.says("sandbox", "act", "salesforce", "activate_order", "order=1")
    assert desk.town.order("1")["Status"] == "Activated"
    fields = 'fields={"PoNumber": "0042", "Description": "half=whole"}'
    desk.says("sandbox", "act", "salesforce", "edit", "object=Order", f"id={desk.town.order('1')['Id']}", fields)
    assert desk.town.order("1")["PoNumber"] == "0042"
    assert desk.town.order("1")["Description"] == "half=whole"

    lines = 'lines=[{"account": "4000", "amount": 90000000000000.01, "DEPARTMENTID": "100", "LOCATIONID": "E01"}]'
    desk.town.seed(intacct={"CUSTOMER": [{"CUSTOMERID": "X", "NAME": "X", "STATUS": "active", "TERMNAME": "Net 30"}]})
    desk.says("sandbox", "act", "intacct", "create_invoice", "customer=X", lines, "number=N-1", "date=2026-10-05")
    assert desk.town.invoice("N-1")["TRX_TOTALENTERED"] == "90000000000000.01"


def test_what_people_can_do_is_listed_for_both_systems_or_one(desk: Desk) -> None:
    said = desk.says("sandbox", "act")
    assert re.search(r"salesforce +activate_order +order: ", said)
    assert re.search(r"intacct +pay_invoice +A customer pays", said)
    assert "pay_invoice" not in desk.says("sandbox", "act", "salesforce")


@pytest.mark.parametrize(
    ("words", "ends", "seen"),
    [
        (("salesforce", "fly"), 3, "nobody can 'fly' there"),
        (("mars", "land"), 3, "nobody can 'land' there"),
        (("salesforce", "activate_order", "order=nobody"), 3, "activate_order: "),
        (("intacct", "pay_invoice", "invoce=SO-1"), 3, "invoce"),
        (("salesforce", "activate_order", "1"), 2, "'1' is not name=value"),
    ],
)
def test_an_act_that_cannot_be_ends_with_one_message(desk: Desk, words: tuple[str, ...], ends: int, seen: str) -> None:
    said = desk.refuses("sandbox", "act", *words, ends=ends)
    assert seen in said
    assert ends == 2 or "`sf-intacct sandbox act` lists what people can do" in said


def test_the_requests_that_both_systems_received_are_listed(desk: Desk) -> None:
    desk.town.seed([order("1")], [line(1, "1")])
    reading.read(desk.house, OBSERVED["salesforce_orders"])
    reading.read(desk.house, OBSERVED["intacct_customers"])

    told = desk.told("sandbox", "requests")
    assert told["by_system"].keys() == {"salesforce", "intacct"}
    assert told["total"] == len(told["lines"]) == sum(told["by_system"].values())
    said = desk.says("sandbox", "requests", "--since", str(told["total"] - 1))
    assert said.startswith(f"{told['total']} requests")
    assert re.search(rf"{told['total']} +\S+ +intacct +200 +query CUSTOMER", said)
    assert "queryAll" not in said


def test_where_nobody_answers_the_command_may_be_repeated(desk: Desk) -> None:
    url = f"http://127.0.0.1:{closed_port()}"
    said = desk.refuses("sandbox", "clock", "--url", url, ends=4)
    assert (
        said == f"sf-intacct: sandbox clock; record: {url}; seen: nobody answers; what to do: start it with `make up`\n"
    )
    assert "nobody answers" in desk.refuses("sandbox", "clock", "--url", "no address", ends=4)


ELSEWHERE = {"Location": f"http://127.0.0.1:{closed_port()}/login"}


@pytest.mark.parametrize(
    "answer",
    [Canned(b"<html>login</html>"), Canned(b"", status=404), Canned(b"moved", status=302, headers=ELSEWHERE)],
    ids=["page", "nothing", "redirect"],
)
@pytest.mark.answers("S25")
def test_a_real_system_is_not_mistaken_for_a_sandbox(desk: Desk, answer: Canned) -> None:
    with answering(answer) as server:
        said = desk.refuses("sandbox", "reset", "--url", server.url, ends=3)
    assert "what answers there is no sandbox; what to do: name a sandbox with --url" in said


def test_up_serves_until_it_is_interrupted_and_leaves_nobody_behind(tmp_path: Path) -> None:
    log = processes.sandbox_log(tmp_path)
    command = processes.python("-m", "sf_intacct", "sandbox", "up", "--salesforce-port", "0", "--intacct-port", "0")
    with processes.running(command, {}, log) as process:
        url = _served(log, process)
        assert call(url, "GET", "clock").keys() == {"now"}
        assert "No real company, no real money." in log.read_text()
    assert process.returncode == 130
    assert "Traceback" not in log.read_text()
    with pytest.raises(TryLater):
        call(url, "GET", "clock")


def _served(log: Path, process: subprocess.Popen[bytes]) -> str:
    """Where the sandbox says that it answers, once it says so."""
    while process.poll() is None:
        found = re.search(r"Salesforce +(http\S+)", log.read_text())
        if found:
            processes.wait_for(f"{found.group(1)}/_sandbox/", process, log)
            return found.group(1)
    raise AssertionError(log.read_text())


def test_up_on_a_port_that_is_taken_says_so(desk: Desk) -> None:
    port = desk.town.addresses.salesforce.rpartition(":")[2]
    said = desk.refuses("sandbox", "up", "--salesforce-port", port, "--intacct-port", "0", ends=3)
    assert f"record: port {port}; seen: [Errno 98] Address already in use; what to do: " in said
    ports = ("--salesforce-port", "0", "--intacct-port", "0")
    assert "record: seed nowhere; seen: no seed folder at" in desk.refuses(
        "sandbox", "up", *ports, "--seed", "nowhere", ends=3
    )

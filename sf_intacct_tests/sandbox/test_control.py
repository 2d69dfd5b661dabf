"""The control route over HTTP: seed, clock, faults, log, acts, oracle."""

import json
from pathlib import Path

from sf_intacct.sandbox.server import Addresses
from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.remote import Remote
from sf_intacct_tests.sandbox.salesforce.org import Org


def test_the_overview_says_what_this_is_and_what_people_can_do(remote: Remote) -> None:
    told = remote.call("GET", "")
    assert "imitation" in told["banner"]
    assert told["clock"] == START.isoformat()
    assert "activate_order" in told["acts"]["salesforce"]


def test_both_systems_answer_the_same_control_route(remote: Remote, addresses: Addresses) -> None:
    remote.advance(60)
    with Remote(f"{addresses.intacct}/_sandbox") as other:
        assert other.call("GET", "clock") == remote.call("GET", "clock")


def test_the_clock_is_read_advanced_and_moved(remote: Remote) -> None:
    assert remote.call("GET", "clock")["now"] == "2026-03-17T09:30:15+00:00"
    remote.advance(0.5)
    assert remote.call("GET", "clock")["now"] == "2026-03-17T09:30:15.500000+00:00"
    assert "offset" in remote.call("POST", "clock", 400, json={"move_to": "2026-01-01"})["error"]


def test_a_seed_that_is_not_there_is_refused(remote: Remote) -> None:
    told = remote.call("POST", "reset", 400, json={"seed": "/nowhere/at/all"})
    assert "no seed folder at /nowhere/at/all" in told["error"]


def test_a_seed_that_is_wrong_leaves_both_systems_empty(org: Org, tmp_path: Path) -> None:
    for system in ("salesforce", "intacct"):
        (tmp_path / system).mkdir()
    (tmp_path / "salesforce" / "Account.csv").write_text("Name\nAcme\n")
    (tmp_path / "salesforce" / "Contact.csv").write_text("LastName\n\n")
    org.control.call("POST", "reset", 400, json={"seed": str(tmp_path)})
    assert org.control.rows("Account") == []


def test_a_reset_forgets_rows_faults_sessions_and_requests(org: Org) -> None:
    org.create("Account", Name="Acme")
    org.control.fault("throttle")
    org.control.reset()
    assert org.control.rows("Account") == []
    assert org.control.call("GET", "faults") == {"faults": []}
    assert org.control.log() == []
    assert org.send("GET", "limits").status_code == 401


def test_faults_are_set_reported_and_cleared(org: Org) -> None:
    org.control.fault("throttle", operation="GET limits")
    assert org.send("GET", "limits").status_code == 429
    (rule,) = org.control.call("GET", "faults")["faults"]
    assert (rule["seen"], rule["fired"]) == (1, 1)
    assert org.control.call("DELETE", "faults") == {"faults": []}
    told = org.control.call("PUT", "faults", 400, json={"faults": [{"kind": "gremlin"}]})
    assert "gremlin" in told["error"]


def test_the_log_is_read_from_a_line_on_and_emptied(org: Org) -> None:
    for _ in range(3):
        org.good("GET", "limits")
    lines = org.control.log()
    later = org.control.call("GET", f"requests?since={lines[-2]['number']}")
    assert later["lines"] == lines[-1:]
    assert later["by_system"] == {"salesforce": len(lines)}
    assert org.control.call("DELETE", "requests")["total"] == 0


def test_an_act_of_nobody_or_with_wrong_arguments_is_refused(remote: Remote) -> None:
    assert "nobody can" in remote.refused_act("fly")
    assert "nobody can" in remote.refused_act("edit", system="elsewhere")
    assert "activate_order" in remote.refused_act("activate_order", wrong="x")


def test_a_refused_act_leaves_no_trace(org: Org) -> None:
    org.create("Account", Name="Acme")
    org.product("W")
    lines = [{"product": "W", "quantity": 1, "unit_price": 1}, {"product": "none", "quantity": 1, "unit_price": 1}]
    org.control.refused_act("create_order", account="Acme", lines=lines)
    assert org.control.rows("Order") == []


def test_money_among_the_arguments_of_an_act_stays_exact(org: Org) -> None:
    invoice = org.create("Intacct_Invoice__c", Name="1")
    given = {"system": "salesforce", "do": "edit", "object": "Intacct_Invoice__c", "id": invoice}
    body = json.dumps({**given, "fields": {"Amount__c": "?"}}).replace('"?"', "900719925474099.31")
    org.control.call("POST", "act", data=body)
    assert org.control.rows("Intacct_Invoice__c")[0]["Amount__c"] == "900719925474099.31"


def test_rows_are_shown_as_the_books_hold_them_and_unknown_tables_are_not(org: Org) -> None:
    account = org.create("Account", Name="Acme", AnnualRevenue=5)
    org.good("DELETE", f"sobjects/Account/{account}", 204)
    (row,) = org.control.rows("Account")
    assert (row["Id"], row["IsDeleted"], row["AnnualRevenue"]) == (account, True, "5")
    org.control.call("GET", "rows/salesforce/Nothing", 404)
    org.control.call("GET", "rows/nowhere/Account", 404)

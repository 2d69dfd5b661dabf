"""Faults of the kernel in the dialect of this system."""

import pytest
import requests

from sf_intacct_tests.sandbox.intacct.harness import Gateway, invoice, line, query


def test_throttling_is_a_429_in_xml_and_nothing_is_carried_out(gateway: Gateway) -> None:
    gateway.faults({"kind": "throttle", "system": "intacct", "settings": {"retry_after": 7}})
    answer = gateway.call(invoice(line("1")))
    assert (answer.http.status_code, answer.http.headers["Retry-After"]) == (429, "7")
    assert answer.xml.findtext("errormessage/error/errorno") == "GW-0010"
    assert gateway.books()["invoices"] == 0


@pytest.mark.parametrize(("committed", "invoices"), [(False, 0), (True, 1)])
def test_a_server_error_is_a_page_and_tells_nothing_about_the_write(
    gateway: Gateway, committed: bool, invoices: int
) -> None:
    gateway.faults({"kind": "server_error", "settings": {"status": 502, "committed": committed}})
    answer = gateway.call(invoice(line("1")))
    assert answer.http.status_code == 502
    assert answer.http.headers["Content-Type"].startswith("text/html")
    assert b"cf-error-details" in answer.http.content
    assert gateway.books()["invoices"] == invoices


def test_a_lost_reply_leaves_an_invoice_and_the_same_id_makes_no_second(gateway: Gateway) -> None:
    gateway.faults({"kind": "drop_reply", "operation": "create_invoice"})
    with pytest.raises(requests.ConnectionError):
        gateway.call(invoice(line("1")), ids=["K-1"], unique="true")
    assert gateway.call(invoice(line("1")), ids=["K-1"], unique="true").status == ""
    assert gateway.books()["invoices"] == 1


def test_a_session_can_end_at_any_call(gateway: Gateway) -> None:
    opened = gateway.call("<getAPISession/>").result.findtext("data/api/sessionid")
    by_session = f"<sessionid>{opened}</sessionid>"
    gateway.faults({"kind": "expire_session", "operation": "query*", "nth": 2})
    assert gateway.call(query("CLASS", "CLASSID"), authentication=by_session).status == "success"
    ended = gateway.call(query("CLASS", "CLASSID"), authentication=by_session)
    assert ended.errors[0].startswith("XL03000006 Invalid session")


def test_a_refusal_hits_the_first_function_of_that_name_only(gateway: Gateway) -> None:
    gateway.faults(
        {
            "kind": "refuse",
            "operation": "create_invoice",
            "settings": {"code": "BL03000077", "message": "Smart rule says no"},
        }
    )
    answer = gateway.call(query("CLASS", "CLASSID"), invoice(line("1")), invoice(line("2")))
    assert [one.findtext("status") for one in answer.results] == ["success", "failure", "success"]
    assert answer.errors == ["BL03000077 Smart rule says no"]


def test_the_log_names_every_function_and_its_object(gateway: Gateway) -> None:
    gateway.http.delete(f"{gateway.root}/_sandbox/requests", timeout=10)
    item = "<create><item><ITEMID>A</ITEMID><NAME>a</NAME><ITEMTYPE>Kit</ITEMTYPE></item></create>"
    gateway.call(item, item.replace("A<", "B<"), query("ARINVOICE", "RECORDNO"), ids=["a", "b", "c"])
    gateway.post("<no xml")
    first, second = gateway.http.get(f"{gateway.root}/_sandbox/requests", timeout=10).json()["lines"]
    assert first["operations"] == {"create ITEM": 2, "query ARINVOICE": 1}
    assert (first["is_write"], first["detail"]) == (True, "a b c")
    assert (second["operations"], second["is_write"]) == ({"unreadable": 1}, False)

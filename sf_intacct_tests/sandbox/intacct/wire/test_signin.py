import pytest

from sf_intacct.sandbox.intacct.defaults import COMPANY_ID, USER_ID, USER_PASSWORD
from sf_intacct_tests.sandbox.intacct.harness import Answer, Gateway, compare, invoice, line, login, query


def session(gateway: Gateway, inside: str = "<getAPISession/>", **envelope: str) -> dict[str, str]:
    block = gateway.call(inside, **envelope).result.find("data/api")
    assert block is not None
    return {str(one.tag): one.text or "" for one in block}


def by_session(gateway: Gateway, session_id: str, *functions: str) -> Answer:
    return gateway.call(*(functions or ("<getAPISession/>",)), authentication=f"<sessionid>{session_id}</sessionid>")


def test_a_session_opens_at_the_address_the_caller_used(gateway: Gateway) -> None:
    opened = session(gateway)
    assert opened["endpoint"] == gateway.url
    assert opened["sessionid"].endswith("..")
    assert by_session(gateway, opened["sessionid"], query("CLASS", "CLASSID")).status == "success"


def test_a_session_slides_and_ends_twelve_hours_after_the_last_call(gateway: Gateway) -> None:
    opened = session(gateway)["sessionid"]
    for _ in range(3):
        gateway.advance(11 * 3600)
        answer = by_session(gateway, opened)
        assert answer.status == "success"
    assert answer.xml.findtext("operation/authentication/sessiontimeout") == "2026-03-07T07:30:00+00:00"
    gateway.advance(12 * 3600)
    ended = by_session(gateway, opened)
    assert ended.errors == [f"XL03000006 Invalid session {opened[0]}...."]


def test_an_unknown_session_fails_the_authentication_block_and_nothing_is_carried_out(gateway: Gateway) -> None:
    answer = by_session(gateway, "q-nothing", invoice(line("1")))
    assert answer.xml.findtext("control/status") == "success"
    block = answer.xml.find("operation/authentication")
    assert block is not None
    assert {str(one.tag): one.text for one in block} == {"status": "failure", "userid": None, "companyid": None}
    assert answer.errors == ["XL03000006 Invalid session q...."]
    assert answer.results == []
    assert gateway.books()["invoices"] == 0


@pytest.mark.parametrize(
    "authentication",
    [
        login(password="wrong"),
        login(entity="MARS"),
        login().replace(COMPANY_ID, "OTHER"),
        login().replace(USER_ID, "admin"),
        login().replace(USER_ID, "nobody"),
    ],
)
def test_whatever_is_wrong_the_sign_in_is_refused_in_the_same_words(gateway: Gateway, authentication: str) -> None:
    answer = gateway.call(invoice(line("1")), authentication=authentication)
    assert answer.xml.findtext("operation/authentication/status") == "failure"
    assert answer.errors == ["XL03000006 Sign-in information is incorrect"]
    assert gateway.books()["invoices"] == 0


def test_the_order_of_a_login_matters(gateway: Gateway) -> None:
    user, company = f"<userid>{USER_ID}</userid>", f"<companyid>{COMPANY_ID}</companyid>"
    turned = f"<login>{user}<password>{USER_PASSWORD}</password>{company}</login>"
    answer = gateway.call("<getAPISession/>", authentication=turned)
    assert "Element 'companyid': This element is not expected" in answer.errors[0]
    short = f"<login>{user}{company}</login>"
    assert "Expected is ( password )" in gateway.call("<getAPISession/>", authentication=short).errors[0]


def test_a_wrong_sender_is_a_control_failure_or_a_gateway_failure(gateway: Gateway) -> None:
    answer = gateway.call("<getAPISession/>", sender="stranger")
    assert answer.xml.findtext("control/status") == "failure"
    assert answer.errors == ["XL03000006 Incorrect Intacct XML Partner ID or password."]
    gateway.act("configure", setting="sender_refused_at_gateway", value=True)
    assert gateway.call("<getAPISession/>", sender="stranger").http.status_code == 400


def test_a_refused_sign_in_may_come_from_the_gateway(gateway: Gateway) -> None:
    gateway.act("configure", setting="sign_in_refused_at_gateway", value=True)
    answer = gateway.call("<getAPISession/>", authentication=login(password="wrong"))
    assert answer.http.status_code == 401
    assert answer.xml.findtext("errormessage/error/errorno") == "UJPP0002"


def test_a_sender_must_be_authorized_in_the_company(gateway: Gateway) -> None:
    gateway.act("configure", setting="authorized_senders", value="someone-else")
    answer = gateway.call("<getAPISession/>")
    assert answer.errors[0].startswith("XL03000006 Invalid Web Services Authorization")
    assert answer.xml.findtext("operation/authentication/userid") == USER_ID


def test_an_entity_is_entered_by_login_by_pipe_and_by_session(gateway: Gateway) -> None:
    assert session(gateway, entity="US")["locationid"] == "US"
    piped = login().replace(COMPANY_ID, f"{COMPANY_ID}|EU").replace("<locationid></locationid>", "")
    assert session(gateway, authentication=piped)["locationid"] == "EU"
    inside = "<getAPISession><locationid>{}</locationid></getAPISession>"
    assert session(gateway, inside.format("EU"), entity="US")["locationid"] == "EU"
    assert session(gateway, inside.format(""), entity="US")["locationid"] == ""
    assert gateway.call(inside.format("MARS")).errors[0].startswith("Get API Session Failed")


def test_a_user_bound_to_an_entity_stays_there(gateway: Gateway) -> None:
    user = {"LOGINID": "bound", "PASSWORD": "pw", "STATUS": "active", "ENTITYID": "US"}
    gateway.sandbox.company.store.insert("USERINFO", [user])
    bound = f"<login><userid>bound</userid><companyid>{COMPANY_ID}</companyid><password>pw</password></login>"
    opened = session(gateway, "<getAPISession><locationid/></getAPISession>", authentication=bound)
    assert opened["locationid"] == "US"
    elsewhere = "<getAPISession><locationid>EU</locationid></getAPISession>"
    assert "has no access to the entity" in gateway.call(elsewhere, authentication=bound).errors[0]


def test_records_of_an_entity_are_private_to_it(gateway: Gateway) -> None:
    gateway.call(invoice(line("1"), number="TOP"))
    gateway.call(invoice(line("2"), number="US-1"), entity="US")
    asked = query("ARINVOICE", "RECORDID MEGAENTITYID MEGAENTITYNAME")

    def seen(entity: str, more: str = "") -> list[str]:
        return [
            one["RECORDID"] for one in gateway.call(asked.replace("</query>", f"{more}</query>"), entity=entity).records
        ]

    assert seen("") == ["TOP"]
    assert seen("US") == ["TOP", "US-1"]
    assert seen("EU") == ["TOP"]
    assert seen("", "<options><showprivate>true</showprivate></options>") == ["TOP", "US-1"]
    (own,) = gateway.call(
        query("ARINVOICE", "MEGAENTITYNAME", compare("equalto", "RECORDID", "US-1")), entity="US"
    ).records
    assert own["MEGAENTITYNAME"] == "United States"

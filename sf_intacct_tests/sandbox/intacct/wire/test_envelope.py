import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from sf_intacct_tests.sandbox.intacct.harness import Answer, Gateway, attributes, invoice, line, query


def control(answer: Answer, name: str) -> str | None:
    return answer.xml.findtext(f"control/{name}")


def test_an_answer_carries_control_authentication_and_one_result_per_function(gateway: Gateway) -> None:
    answer = gateway.call("<getAPISession/>", query("CLASS", "CLASSID"), ids=["first", "second"])
    assert answer.http.status_code == 200
    assert answer.http.headers["Content-Type"] == 'text/xml; encoding="UTF-8"'
    assert answer.http.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    assert [control(answer, one) for one in ("status", "senderid", "controlid", "uniqueid", "dtdversion")] == [
        "success",
        "sandbox-sender",
        "test",
        "false",
        "3.0",
    ]
    block = answer.xml.find("operation/authentication")
    assert block is not None
    assert {str(one.tag): one.text for one in block} == {
        "status": "success",
        "userid": "integration",
        "companyid": "SANDBOX",
        "locationid": None,
        "sessiontimestamp": "2026-03-05T10:30:00+00:00",
        "sessiontimeout": "2026-03-05T22:30:00+00:00",
    }
    assert [(one.findtext("function"), one.findtext("controlid")) for one in answer.results] == [
        ("getAPISession", "first"),
        ("query", "second"),
    ]


def test_white_space_is_there_unless_it_is_declined(gateway: Gateway) -> None:
    body = gateway.envelope(query("CLASS", "CLASSID NAME"))
    assert b"\n" not in gateway.post(body).http.content.partition(b"?>\n")[2]
    spaced = gateway.post(body.replace("<includewhitespace>false</includewhitespace>", ""))
    assert spaced.http.content.count(b"\n") > 20
    assert spaced.records == gateway.post(body).records


def test_empty_values_are_empty_elements(gateway: Gateway) -> None:
    answer = gateway.call(query("CLASS", "CLASSID DESCRIPTION PARENTID"))
    assert b"<DESCRIPTION></DESCRIPTION><PARENTID></PARENTID>" in answer.http.content


def test_markup_in_values_is_escaped(gateway: Gateway) -> None:
    name = "A &amp; B &lt;C&gt; %s 'q' \u20ac \U0001f600"
    gateway.call(f"<create><CLASS><CLASSID>X</CLASSID><NAME>{name}</NAME></CLASS></create>")
    rows = gateway.query("CLASS", "NAME", "<equalto><field>CLASSID</field><value>X</value></equalto>")
    assert rows == [{"NAME": "A & B <C> %s 'q' \u20ac \U0001f600"}]


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        ("<request><control></request>", "Opening and ending tag mismatch: control line 1 and request"),
        ("no xml at all", "Start tag expected, '<' not found"),
        ("<request><control/>", "Premature end of data"),
        (
            '<!DOCTYPE request [<!ENTITY x "y">]><request><control/></request>',
            "A document type declaration is not allowed",
        ),
        ('<!DOCTYPE r SYSTEM "file:///etc/passwd"><request/>', "A document type declaration is not allowed"),
        (f"{'<a>' * 400}{'</a>' * 400}", "Excessive depth in document"),
    ],
)
def test_what_is_no_request_is_a_control_failure(gateway: Gateway, body: str, sentence: str) -> None:
    answer = gateway.post(body)
    assert answer.http.status_code == 200
    assert control(answer, "status") == "failure"
    assert answer.errors[0].startswith("XL03000003 XML Parse schema error:")
    assert sentence in answer.errors[0]
    assert answer.xml.find("operation") is None


def test_a_broken_request_still_echoes_who_sent_it(gateway: Gateway) -> None:
    answer = gateway.post(gateway.envelope("<getAPISession/>")[:-20])
    assert (control(answer, "senderid"), control(answer, "controlid")) == ("sandbox-sender", "test")


def test_entities_are_never_expanded(gateway: Gateway) -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    answer = gateway.post(bomb + gateway.envelope("<getAPISession/>").partition("?>")[2].replace("test", "&b;"))
    assert "document type declaration" in answer.errors[0]
    assert b"aaaa" not in answer.http.content


@pytest.mark.parametrize("body", ["<hello/>", "<request/>", "<request><operation/></request>"])
def test_what_is_another_document_is_refused_before_the_application(gateway: Gateway, body: str) -> None:
    answer = gateway.post(body)
    assert answer.http.status_code == 400
    assert [str(one.tag) for one in answer.xml.iterfind("control/*")] == ["status"]
    error = answer.xml.find("errormessage/error")
    assert error is not None
    assert {str(one.tag): one.text for one in error} == {"errorno": "GW-0011", "description": "Invalid Request"}


def test_a_body_above_the_limit_is_refused(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sf_intacct.sandbox.intacct.wire.gateway.BODY_BYTES_MAX", 5000)
    answer = gateway.call(invoice(*[line("1") for _ in range(100)]))
    assert (answer.http.status_code, answer.xml.findtext("errormessage/error/errorno")) == (400, "GW-0011")


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("<content>", "<content><function><getAPISession/></function>", "The attribute 'controlid' is required"),
        (
            "<getAPISession/>",
            "<getAPISession/><getAPISession/>",
            "Element 'getAPISession': This element is not expected",
        ),
        ("<getAPISession/>", "", "Element 'function': Missing child element(s)"),
        ("<getAPISession/>", "<dance/>", "Element 'dance': This element is not expected"),
        ("<authentication>", "<authentication/><authentication>", "Expected is one of ( login, sessionid )"),
    ],
)
def test_an_envelope_out_of_shape_is_a_control_failure(gateway: Gateway, old: str, new: str, sentence: str) -> None:
    answer = gateway.post(gateway.envelope("<getAPISession/>").replace(old, new, 1))
    assert answer.errors[0].startswith("XL03000003 ")
    assert sentence in answer.errors[0]


def test_the_older_interface_has_the_older_functions_only(gateway: Gateway) -> None:
    assert "Element 'query'" in gateway.call(query("CLASS", "CLASSID"), version="2.1").errors[0]
    assert gateway.call(invoice(line("1")), version="2.1").status == "success"
    assert "dtdversion" in gateway.call(query("CLASS", "CLASSID"), version="4.0").errors[0]


def test_a_transport_policy_is_unknown(gateway: Gateway) -> None:
    answer = gateway.call("<getAPISession/>", control="<policyid>nightly</policyid>")
    assert answer.errors == ["XL03000006 nightly is not a valid transport policy."]
    assert control(answer, "status") == "failure"


def test_the_first_error_carries_a_support_id(gateway: Gateway) -> None:
    answer = gateway.call(invoice(line("1"), customer="C-9"))
    texts = [one.findtext("description2") or "" for one in answer.xml.iter("error")]
    assert "[Support ID: sandbox~" in texts[0]
    assert "Support ID" not in texts[-1]


def test_additional_information_comes_on_demand(gateway: Gateway) -> None:
    functions = gateway.envelope(
        invoice(line("1"), customer="C-9"), control="<showadditionalerrorinfo>true</showadditionalerrorinfo>"
    )
    block = gateway.post(functions).xml.find("operation/result/errormessage/error/additionalinfo")
    assert block is not None
    assert [str(one.tag) for one in block] == [
        "errorid",
        "category",
        "target",
        "description",
        "cdescription",
        "correction",
    ]
    assert block.findtext("cdescription/messageid") == "IA.INVALID_CUSTOMER_SPECIFIED"
    placeholder = block.find("cdescription/placeholders/placeholder")
    assert placeholder is not None
    assert attributes(placeholder) == {"name": "ID", "value": "C-9"}
    assert gateway.call(invoice(line("1"), customer="C-9")).xml.find(".//additionalinfo") is None


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200) | st.text(max_size=200).map(str.encode))
def test_no_body_breaks_the_gateway(gateway: Gateway, body: bytes) -> None:
    assert gateway.post(body).http.status_code in (200, 400)

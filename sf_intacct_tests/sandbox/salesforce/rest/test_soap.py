"""SOAP login."""

import pytest
import requests
from lxml import etree

from sf_intacct_tests.sandbox.salesforce.org import Org
from sf_intacct_tests.shared_data import shared

ENVELOPE = """<?xml version="1.0" encoding="utf-8"?>
<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
<n:login xmlns:n="urn:partner.soap.sforce.com"><n:username>{0}</n:username><n:password>{1}</n:password></n:login>
</e:Body></e:Envelope>"""


def login(org: Org, body: str, version: str = "59.0") -> tuple[int, etree._Element]:
    headers = {"content-type": "text/xml", "SOAPAction": "login"}
    answer = requests.post(f"{org.host}/services/Soap/u/{version}", body.encode(), headers=headers, timeout=10)
    return answer.status_code, etree.fromstring(answer.content)


def text(root: etree._Element, name: str) -> str | None:
    return root.findtext(f".//{{*}}{name}")


def test_a_login_gives_a_session_and_where_to_use_it(org: Org) -> None:
    status, root = login(org, ENVELOPE.format("integration@example.com", "sandbox-passwordSandboxToken"))
    assert status == 200
    assert (text(root, "serverUrl") or "").startswith(f"{org.host}/services/Soap/u/59.0/00D")
    assert text(root, "passwordExpired") == "false"
    org.good("GET", "limits", headers={"Authorization": f"Bearer {text(root, 'sessionId')}"})


def test_a_wrong_password_faults_as_recorded(org: Org) -> None:
    status, root = login(org, ENVELOPE.format("integration@example.com", "guess"))
    recorded = etree.fromstring(shared("data/wire-samples/salesforce-writes/soap-login-fault.xml").read_bytes())
    assert status == 500
    ours = [(each.tag, (each.text or "").strip()) for each in root.iter("*")]
    theirs = [(each.tag, (each.text or "").strip()) for each in recorded.iter("*")]
    assert ours == theirs


@pytest.mark.parametrize(
    ("body", "version", "code"),
    [
        (ENVELOPE.format("a", "b"), "65.0", "UNSUPPORTED_API_VERSION"),
        ("<nothing/>", "59.0", "INVALID_OPERATION"),
        ("<broken", "59.0", "UNKNOWN_EXCEPTION"),
    ],
)
def test_other_calls_fault(org: Org, body: str, version: str, code: str) -> None:
    status, root = login(org, body, version)
    assert (status, text(root, "exceptionCode")) == (500, code)

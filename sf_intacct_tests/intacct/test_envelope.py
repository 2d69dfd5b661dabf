"""The request envelope, held against requests that the real gateway took."""

import pytest
from hypothesis import given, strategies as st
from lxml import etree

from sf_intacct.intacct.envelope import Function, Login, OpenSession, Sender, envelope
from sf_intacct.intacct.xml import child, element, fragment, parse
from sf_intacct_tests.intacct import samples

SENDER = Sender("acme-sender", "sender <secret>")
LOGIN = Login("ACME", "integration", "user & secret")
SESSION = OpenSession("session-1..", "https://api.intacct.com/ia/xml/xmlgw.phtml")
CREATE = Function("k1-0", "<create><CUSTOMER><CUSTOMERID>C-1</CUSTOMERID><NAME>Name</NAME></CUSTOMER></create>")


def sent(*functions: Function, authentication: Login | OpenSession = SESSION, unique: bool = True) -> etree._Element:
    return parse(envelope(SENDER, authentication, functions, identity="request-1", unique=unique))


def outline(root: etree._Element) -> list[str]:
    """Where every element stands, in order, without what a function says."""
    tree = root.getroottree()
    paths = [
        tree.getelementpath(one) for one in root.iter() if not any(up.tag == "function" for up in one.iterancestors())
    ]
    return [str(path) for path in paths]


def test_a_request_in_a_session_has_the_recorded_elements_in_the_recorded_order() -> None:
    assert outline(sent(CREATE)) == outline(samples.request("request-create-customer.xml"))


def test_a_request_with_a_login_has_the_recorded_elements_in_the_recorded_order() -> None:
    login = sent(Function("session", "<getAPISession/>"), authentication=LOGIN)
    assert outline(login) == outline(samples.request("request-getAPISession.xml"))


def test_the_function_itself_is_as_recorded() -> None:
    recorded = samples.request("request-create-customer.xml")
    (ours,), (theirs,) = sent(CREATE).iter("create"), recorded.iter("create")
    assert samples.canonical(ours) == samples.canonical(theirs)


def test_every_text_stands_where_it_belongs() -> None:
    request = sent(CREATE, authentication=LOGIN)
    assert [one.text for one in request.iterfind("control/*")] == [
        "acme-sender",
        "sender <secret>",
        "request-1",
        "true",
        "3.0",
        "false",
    ]
    assert [one.text for one in request.iterfind("operation/authentication/login/*")] == [
        "integration",
        "ACME",
        "user & secret",
    ]
    assert request.find("operation/content/function").get("controlid") == "k1-0"  # type: ignore[union-attr]


@pytest.mark.parametrize(("unique", "text"), [(True, "true"), (False, "false")])
@pytest.mark.answers("D22")
def test_whether_repeats_are_refused_is_always_written_out(unique: bool, text: str) -> None:
    assert sent(CREATE, unique=unique).findtext("control/uniqueid") == text


@pytest.mark.answers("D18", "D43")
def test_functions_stand_by_themselves_so_that_one_refusal_undoes_no_other() -> None:
    operation = sent(CREATE, Function("k2-0", CREATE.request)).find("operation")
    assert operation is not None
    assert operation.get("transaction") == "false"
    assert [one.get("controlid") for one in operation.iter("function")] == ["k1-0", "k2-0"]


def test_an_entity_is_named_only_by_a_login_that_has_one() -> None:
    at_entity = sent(CREATE, authentication=Login("ACME", "integration", "secret", entity_id="US"))
    assert at_entity.findtext("operation/authentication/login/locationid") == "US"
    assert sent(CREATE, authentication=LOGIN).find("operation/authentication/login/locationid") is None


def test_the_same_request_is_the_same_bytes() -> None:
    first, second = (envelope(SENDER, SESSION, [CREATE], identity="request-1", unique=True) for _ in range(2))
    assert first == second


@pytest.mark.parametrize("value", [SENDER, LOGIN, SESSION])
def test_no_secret_is_shown(value: object) -> None:
    assert "secret" not in repr(value)
    assert "session-1" not in repr(value)


def test_a_function_that_is_no_xml_is_not_sent() -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - NotXml is one
        envelope(SENDER, SESSION, [Function("k1-0", "<create>")], identity="request-1", unique=True)


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])))
def test_what_a_frozen_function_says_is_not_changed_by_the_envelope(name: str) -> None:
    create = element("create")
    child(child(create, "CUSTOMER"), "NAME", name)
    (carried,) = sent(Function("k1-0", fragment(create))).iter("create")
    assert etree.canonicalize(fragment(carried)) == etree.canonicalize(fragment(create))

"""Functions as text, held against what the vendor's own client sends in the same case."""

import pytest
from hypothesis import given, strategies as st
from lxml import etree

from sf_intacct.intacct import functions
from sf_intacct.intacct.functions import condition, every, some
from sf_intacct.intacct.xml import parse
from sf_intacct.sandbox.intacct.wire import grammar
from sf_intacct_tests.intacct import samples

# Text that XML can carry and that is not all blank.
VALUES = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"]), min_size=1)
NAMES = st.from_regex(r"[A-Z][A-Z0-9_]{0,8}", fullmatch=True)


def of(text: str) -> etree._Element:
    return parse(text.encode())


def same_blocks(ours: etree._Element, theirs: etree._Element, *tags: str) -> None:
    """The blocks that both have say the same. Their order is free in a query: recordings show several."""
    for tag in tags:
        (one,), (other,) = ours.findall(tag), theirs.findall(tag)
        assert samples.canonical(one) == samples.canonical(other)


def test_a_session_is_asked_for_as_the_sdk_does() -> None:
    assert samples.canonical(functions.get_session()) == samples.canonical(
        samples.sdk("Company-ApiSessionCreate-WriteXml")
    )


def test_a_query_selects_and_filters_as_the_sdk_does() -> None:
    where = condition("lessthanorequalto", "RECORDNO", "10")
    ours = of(functions.query("ARINVOICE", ["CUSTOMERID", "RECORDNO"], where, "RECORDNO"))
    same_blocks(ours, samples.sdk("Common-Query-Filter"), "select", "object", "filter")


def test_a_query_orders_as_the_sdk_does() -> None:
    ours = of(functions.query("ARINVOICE", ["CUSTOMERID", "RECORDNO"], None, "TOTALDUE"))
    theirs = samples.sdk("Common-Query-OrderBy")
    assert samples.canonical(ours.find("orderby/order")) == samples.canonical(theirs.find("orderby/order"))


@pytest.mark.answers("C20")
def test_a_query_is_never_without_an_order_a_page_size_and_private_records() -> None:
    ours = of(functions.query("ITEM", ["ITEMID"], None, "RECORDNO", page_size=3))
    assert ours.findtext("orderby/order/field") == "RECORDNO"
    assert ours.find("orderby/order/ascending") is not None
    assert (ours.findtext("pagesize"), ours.findtext("options/showprivate")) == ("3", "true")
    assert ours.find("filter") is None  # an empty filter is a mistake to the gateway


@pytest.mark.parametrize(
    ("ours", "case"),
    [
        (condition("in", "DEPARTMENTID", "04", "05", "06", "07"), "Common-Filter-In"),
        (condition("isnull", "DESCRIPTION"), "Common-Filter-IsNull"),
        (condition("greaterthan", "RECORDNO", "100"), "Common-Filter-GreaterThan"),
        (
            every(
                [condition("greaterthanorequalto", "RECORDNO", "1"), condition("lessthanorequalto", "RECORDNO", "100")]
            ),
            "Common-AndOperator-AndCondition",
        ),
        (
            some(
                [
                    condition("lessthanorequalto", "RECORDNO", "10"),
                    *(condition("equalto", "RECORDNO", value) for value in ("100", "1000", "10000")),
                ]
            ),
            "Common-OrOperator-OrCondition",
        ),
    ],
)
def test_a_filter_is_spelt_as_the_sdk_does(ours: etree._Element, case: str) -> None:
    assert samples.canonical(ours) == samples.canonical(samples.sdk(case))


def test_filters_nest_as_the_sdk_does() -> None:
    def equal(field: str, value: str) -> etree._Element:
        return condition("equalto", field, value)

    posted = equal("STATE", "Posted"), equal("STATE", "Posted")
    one, two = every([equal("JOURNAL", "APJ"), posted[0]]), some([equal("RECORDNO", "168"), equal("RECORDNO", "132")])
    assert one is not None
    assert two is not None
    three = every([equal("JOURNAL", "RCPT"), posted[1], two])
    assert three is not None
    where = some([one, three])
    ours = of(functions.query("GLBATCH", ["BATCHNO", "RECORDNO", "STATE"], where, "RECORDNO"))
    same_blocks(ours, samples.sdk("Common-Query-ThreeLevelFilter"), "select", "object", "filter")


@pytest.mark.parametrize("joined", [every, some])
def test_one_condition_needs_no_joint_and_none_is_no_filter(joined: type) -> None:
    only = condition("isnull", "WHENMODIFIED")
    assert joined([only]) is only
    assert joined([]) is None


def test_a_peek_counts_and_takes_the_newest_as_the_sdk_does() -> None:
    ours = of(functions.peek("ARINVOICE", "RECORDNO", "WHENMODIFIED", None))
    theirs = samples.sdk("Common-Query-AggregateFunctions")
    assert [(str(one.tag), one.text) for one in ours.iterfind("select/*")] == [
        ("count", "RECORDNO"),
        ("max", "WHENMODIFIED"),
    ]
    assert {str(one.tag) for one in ours.iterfind("select/*")} < {str(one.tag) for one in theirs.iterfind("select/*")}
    assert ours.find("orderby") is None


def test_a_create_is_as_the_sdk_sends_it() -> None:
    customer = {"NAME": "SaaS Corp", "DISPLAYCONTACT.PRINTAS": "SaaS Corporation", "DISPLAYCONTACT.EMAIL1": None}
    ours = functions.create("CUSTOMER", {"fields": customer})
    assert samples.canonical(ours) == samples.canonical(samples.sdk("AccountsReceivable-CustomerCreate-Construct"))
    contact = functions.create("CONTACT", {"fields": {"CONTACTNAME": "hello", "PRINTAS": "world"}})
    assert samples.canonical(contact) == samples.canonical(samples.sdk("Company-ContactCreate-Construct"))


def test_an_update_is_as_recorded() -> None:
    (recorded,) = samples.request("request-update-customer.xml").iter("update")
    ours = functions.update("CUSTOMER", "10", {"fields": {"NAME": "New"}})
    assert samples.canonical(ours) == samples.canonical(recorded)


def test_an_update_clears_a_field_as_the_sdk_does() -> None:
    customer = {"NAME": "SaaS Corp", "DISPLAYCONTACT.PRINTAS": "SaaS Corporation", "DISPLAYCONTACT.EMAIL1": None}
    ours = of(functions.update("CUSTOMER", "10", {"fields": customer}))
    theirs = samples.sdk("AccountsReceivable-CustomerCreate-ClearEmailAddress")
    assert samples.canonical(ours.find("CUSTOMER/DISPLAYCONTACT")) == samples.canonical(
        theirs.find("CUSTOMER/DISPLAYCONTACT")
    )


def test_fields_of_one_block_stand_in_one_block_however_they_are_mixed() -> None:
    fields = {
        "BILLTO.MAILADDRESS.CITY": "Bonn",
        "NAME": "Acme",
        "BILLTO.MAILADDRESS.ZIP": "53111",
        "BILLTO.PHONE1": "1",
    }
    record = of(functions.update("CUSTOMER", "10", {"fields": fields}))[0]
    assert [str(one.tag) for one in record] == ["RECORDNO", "BILLTO", "NAME"]
    assert [str(one.tag) for one in record.iterfind("BILLTO/*")] == ["MAILADDRESS", "PHONE1"]
    assert [one.text for one in record.iterfind("BILLTO/MAILADDRESS/*")] == ["Bonn", "53111"]


@pytest.mark.parametrize(
    "text",
    [
        functions.get_session(),
        functions.read_user_formatting("integration"),
        functions.query("ITEM", ["ITEMID"], condition("in", "ITEMID", "A", "B"), "RECORDNO"),
        functions.peek("ITEM", "RECORDNO", "WHENMODIFIED", condition("isnull", "WHENMODIFIED")),
        functions.create("ITEM", {"fields": {"ITEMID": "A", "NAME": "a"}}),
        functions.update("ITEM", "7", {"fields": {"NAME": None}}),
    ],
)
def test_every_function_follows_the_gateways_grammar(text: str) -> None:
    assert grammar.complaints(of(text)) == []


@given(st.dictionaries(st.lists(NAMES, min_size=1, max_size=3).map(".".join), st.none() | VALUES, max_size=8))
def test_what_an_update_says_is_read_back_from_its_text(fields: dict[str, str | None]) -> None:
    blocks = {".".join(parts[:end]) for parts in (name.split(".") for name in fields) for end in range(1, len(parts))}
    fields = {name: value for name, value in fields.items() if name not in blocks}  # a field is no block
    said = functions.said(functions.update("CUSTOMER", "10", {"fields": fields}))
    assert said == {**fields, "RECORDNO": fields.get("RECORDNO", "10")}

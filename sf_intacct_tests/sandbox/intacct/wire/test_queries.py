import json
from collections import Counter
from itertools import chain

import pytest

from sf_intacct_tests.sandbox.intacct.harness import Gateway, compare, invoice, line, query


@pytest.fixture
def books(gateway: Gateway) -> Gateway:
    """Five invoices: 10, 20, 30 of C-1, 40, 50 of C-2, a minute apart, the first one paid."""
    for at in range(1, 6):
        customer = "C-1" if at <= 3 else "C-2"
        head = "<termname>Net 30</termname>"
        gateway.call(invoice(line(f"{at}0"), number=f"I-{at}", customer=customer, on=f"2026-03-0{at}", head=head))
        gateway.advance(60)
    gateway.act("pay_invoice", invoice="I-1")
    return gateway


def numbers(books: Gateway, filter_xml: str, more: str = "") -> list[str]:
    answer = books.call(query("ARINVOICE", "RECORDID", filter_xml, more=more))
    assert answer.status == "success", answer.errors
    return [one["RECORDID"].removeprefix("I-") for one in answer.records]


@pytest.mark.parametrize(
    ("filter_xml", "found"),
    [
        (compare("equalto", "TRX_TOTALENTERED", "20"), "2"),
        (compare("equalto", "TRX_TOTALENTERED", "20.00"), "2"),
        (compare("equalto", "TRX_TOTALENTERED", "20.001"), ""),
        (compare("notequalto", "CUSTOMERID", "C-1"), "45"),
        (compare("lessthan", "TRX_TOTALENTERED", "20.001"), "12"),
        (compare("lessthanorequalto", "TRX_TOTALENTERED", "20"), "12"),
        (compare("greaterthan", "TRX_TOTALENTERED", "39.999"), "45"),
        (compare("greaterthanorequalto", "WHENCREATED", "03/04/2026"), "45"),
        (compare("between", "WHENCREATED", "03/02/2026", "03/04/2026"), "234"),
        (compare("in", "RECORDID", "I-5", "I-1", "nothing"), "15"),
        (compare("notin", "RECORDID", "I-5", "I-1"), "234"),
        (compare("like", "CUSTOMERNAME", "A%"), "123"),
        (compare("like", "CUSTOMERNAME", "a%"), ""),
        (compare("like", "RECORDID", "I__"), "12345"),
        (compare("like", "RECORDID", "I_"), ""),
        (compare("like", "RECORDID", "I-[1-9]"), ""),
        (compare("notlike", "CUSTOMERNAME", "A%"), "45"),
        (compare("isnull", "WHENPAID"), "2345"),
        (compare("isnotnull", "WHENPAID"), "1"),
        (compare("equalto", "STATE", "Paid"), "1"),
        (compare("equalto", "STATE", "P"), ""),
        (compare("equalto", "CUSTOMER.PARENT.NAME", "Acme"), "45"),
        (compare("equalto", "CUSTOMER.TERM.DUEDATE", "30"), "123"),
        (compare("greaterthanorequalto", "WHENMODIFIED", "03/05/2026 10:33:00"), "145"),
        (f"<and>{compare('equalto', 'CUSTOMERID', 'C-1')}{compare('greaterthan', 'TRX_TOTALDUE', '0')}</and>", "23"),
        (
            f"<or>{compare('equalto', 'RECORDID', 'I-5')}<and>{compare('equalto', 'CUSTOMERID', 'C-1')}"
            f"<or>{compare('equalto', 'RECORDID', 'I-2')}{compare('equalto', 'RECORDID', 'I-3')}</or></and></or>",
            "235",
        ),
    ],
)
def test_a_filter_finds_what_it_says(books: Gateway, filter_xml: str, found: str) -> None:
    assert "".join(numbers(books, filter_xml)) == found


def test_case_can_be_ignored(books: Gateway) -> None:
    ignoring = "<options><caseinsensitive>true</caseinsensitive></options>"
    assert numbers(books, compare("like", "CUSTOMERNAME", "a%"), ignoring) == ["1", "2", "3"]
    assert numbers(books, compare("equalto", "CUSTOMERNAME", "BOLD"), ignoring) == ["4", "5"]


def test_records_are_upper_case_and_totals_add_up(books: Gateway) -> None:
    answer = books.call(query("ARINVOICE", "RECORDNO CUSTOMER.NAME", pagesize=2, offset=3))
    assert answer.data == {"listtype": "ARINVOICE", "totalcount": "5", "offset": "3", "count": "2", "numremaining": "0"}
    assert [list(one) for one in answer.records] == [["RECORDNO", "CUSTOMER.NAME"]] * 2
    beyond = books.call(query("ARINVOICE", "RECORDNO", pagesize=2, offset=9))
    assert beyond.data["count"] == beyond.data["numremaining"] == "0"


def test_an_order_may_have_several_fields_and_directions(books: Gateway) -> None:
    order = (
        "<orderby><order><field>CUSTOMERID</field><descending/></order><order><field>RECORDNO</field></order></orderby>"
    )
    answer = books.call(query("ARINVOICE", "RECORDID", order="", more=order))
    assert [one["RECORDID"] for one in answer.records] == ["I-4", "I-5", "I-1", "I-2", "I-3"]


def test_without_an_order_pages_overlap_and_leave_gaps(gateway: Gateway) -> None:
    gateway.call(invoice(*[line(f"{at}") for at in range(1, 61)]))
    pages = [
        [
            one["RECORDNO"]
            for one in gateway.call(query("ARINVOICEITEM", "RECORDNO", order=order, pagesize=20, offset=at)).records
        ]
        for order in ("", "RECORDNO")
        for at in (0, 20, 40)
    ]
    unordered, ordered = Counter(chain(*pages[:3])), Counter(chain(*pages[3:]))
    assert max(unordered.values()) > 1
    assert len(unordered) < 60
    assert set(ordered.values()) == {1}
    assert len(ordered) == 60


def test_equal_stamps_have_no_order_among_them(gateway: Gateway) -> None:
    gateway.call(invoice(*[line(f"{at}") for at in range(1, 61)]))
    page = query("ARINVOICEITEM", "RECORDNO", order="WHENMODIFIED", pagesize=30)
    assert gateway.call(page).records != gateway.call(page).records


def test_aggregates_group_by_the_plain_fields_beside_them(books: Gateway) -> None:
    select = (
        "<query><object>ARINVOICE</object><select><field>CUSTOMERID</field><sum>TRX_TOTALENTERED</sum>"
        "<count>RECORDNO</count><avg>TRX_TOTALENTERED</avg><min>WHENDUE</min><max>TRX_TOTALDUE</max></select></query>"
    )
    assert books.call(select).records == [
        {
            "CUSTOMERID": "C-1",
            "SUM.TRX_TOTALENTERED": "60",
            "COUNT.RECORDNO": "3",
            "AVG.TRX_TOTALENTERED": "20",
            "MIN.WHENDUE": "03/31/2026",
            "MAX.TRX_TOTALDUE": "30",
        },
        {
            "CUSTOMERID": "C-2",
            "SUM.TRX_TOTALENTERED": "90",
            "COUNT.RECORDNO": "2",
            "AVG.TRX_TOTALENTERED": "45",
            "MIN.WHENDUE": "04/03/2026",
            "MAX.TRX_TOTALDUE": "50",
        },
    ]


def test_json_and_csv_come_bare_and_errors_still_in_the_envelope(books: Gateway) -> None:
    form = "<options><returnformat>{}</returnformat></options>"
    asked = query(
        "ARINVOICE", "RECORDID TRX_TOTALDUE", compare("equalto", "CUSTOMERID", "C-2"), more=form.format("json")
    )
    answer = books.call(asked)
    assert answer.http.headers["Content-Type"] == "application/json"
    assert json.loads(answer.http.content) == [
        {"RECORDID": "I-4", "TRX_TOTALDUE": "40"},
        {"RECORDID": "I-5", "TRX_TOTALDUE": "50"},
    ]
    page = books.call(asked.replace("json", "csv")).http
    assert (page.headers["Content-Type"], page.text) == ("text/csv", "RECORDID,TRX_TOTALDUE\nI-4,40\nI-5,50\n")
    assert books.call(query("ARINVOICE", "NOTHING", more=form.format("json"))).errors[0].startswith("DL02000001")


@pytest.mark.parametrize(
    "function",
    [
        query("ARINVOICE", "RECORDNO COLOUR"),
        query("ARINVOICE", "RECORDNO", order="COLOUR"),
        query("ARINVOICE", "RECORDNO", compare("equalto", "COLOUR", "red")),
        query("ARINVOICE", "CUSTOMER.PARENT.PARENT.NAME"),
        query("ARINVOICE", "RECORDNO", compare("greaterthan", "WHENMODIFIED", "2026-03-05T10:00:00Z")),
        query("ARINVOICE", "RECORDNO", compare("greaterthan", "WHENCREATED", "2026-03-05")),
        query("ARINVOICE", "RECORDNO", compare("greaterthan", "TRX_TOTALDUE", "ten")),
        query("ARINVOICE", "RECORDNO", compare("greaterthan", "TRX_TOTALDUE", "9" * 30)),
        query("ARINVOICE", "RECORDNO", compare("in", "RECORDID", *map(str, range(1001)))),
        query("ARINVOICE", "RECORDNO", pagesize=2001),
        query("ARINVOICE", "RECORDNO", pagesize=0),
        query("ARINVOICE", "RECORDNO", offset=-1),
        query("USERINFO", "PASSWORD"),
    ],
)
def test_a_bad_query_is_refused_without_saying_why(gateway: Gateway, function: str) -> None:
    assert gateway.call(function).errors == ["DL02000001 There was an error processing the request."]


def test_an_object_nobody_knows_is_named(gateway: Gateway) -> None:
    assert gateway.call(query("APBILL", "RECORDNO")).errors == ["Query Failed Object definition APBILL not found"]


def test_the_schema_of_a_query_is_enforced(gateway: Gateway) -> None:
    unselective = "<query><object>ARINVOICE</object></query>"
    assert "Missing child element(s)" in gateway.call(unselective).errors[0]
    lonely = query("ARINVOICE", "RECORDNO", f"<and>{compare('equalto', 'RECORDNO', '1')}</and>")
    assert "Element 'and': Missing child element(s)" in gateway.call(lonely).errors[0]


def test_a_permission_can_be_missing(gateway: Gateway) -> None:
    gateway.act("configure", setting="refused_permissions", value="QUERY ARINVOICE, CLASS")
    refused = gateway.call(query("ARINVOICE", "RECORDNO")).errors[0]
    assert refused.startswith("PL04000005 You do not have permission for API operation QUERY")
    assert gateway.call(query("CLASS", "CLASSID")).status == "failure"
    assert gateway.call(query("ITEM", "ITEMID")).status == "success"


def test_the_audit_history_needs_a_permission_of_its_own_and_its_refusal_has_no_number(gateway: Gateway) -> None:
    gateway.act("configure", setting="audit_history_permitted", value=False)
    error = gateway.call(query("AUDITHISTORY", "ID", order="ID")).result.find("errormessage/error")
    assert error is not None
    assert error.find("errorno") is None


def test_stamps_go_out_and_come_in_on_the_clock_of_the_user(books: Gateway) -> None:
    books.act("configure", setting="gmt_offset", value="-08:00")
    books.sandbox.company.store.execute("update intacct_USERINFO set GMTOFFSET = null")
    answer = books.call(
        query("ARINVOICE", "RECORDID WHENMODIFIED", compare("equalto", "WHENMODIFIED", "03/05/2026 02:31:00"))
    )
    assert answer.records == [{"RECORDID": "I-2", "WHENMODIFIED": "03/05/2026 02:31:00"}]
    trail = books.query("AUDITHISTORY", "ACCESSTIME", compare("equalto", "OBJECTTYPE", "arinvoice"), order="ID")
    assert trail[0]["ACCESSTIME"] == "03/05/2026 10:30:00"
    assert books.call("<readUserFormatting/>").result.findtext("data/userformatting/gmtoffset") == "-08:00"


def test_what_was_just_made_may_stay_out_of_sight_for_a_while(books: Gateway) -> None:
    books.act("configure", setting="read_lag_seconds", value=90)
    assert numbers(books, compare("isnotnull", "RECORDID")) == ["1", "2", "3", "4"]


def test_computed_fields_follow_the_day(books: Gateway) -> None:
    assert [one["DUE_IN_DAYS"] for one in books.query("ARINVOICE", "DUE_IN_DAYS")][:2] == ["26", "27"]
    books.advance(86400)
    assert books.query("ARINVOICE", "DUE_IN_DAYS")[0]["DUE_IN_DAYS"] == "25"
    owed = books.query("CUSTOMER", "CUSTOMERID TOTALDUE", order="CUSTOMERID")
    assert [one["TOTALDUE"] for one in owed] == ["50", "90", "0", "0"]

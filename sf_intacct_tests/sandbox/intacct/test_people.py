import pytest

from sf_intacct.sandbox.intacct.people import ACTS
from sf_intacct_tests.sandbox.intacct.harness import Gateway, compare, invoice, line

FIELDS = "RECORDID STATE TRX_TOTALDUE MODIFIEDBYLOGINID"


def refused(gateway: Gateway, do: str, **arguments: object) -> str:
    answer = gateway.http.post(
        f"{gateway.root}/_sandbox/act", json={"system": "intacct", "do": do, **arguments}, timeout=10
    )
    assert answer.status_code == 400
    return str(answer.json()["error"])


def test_an_invoice_born_here_carries_the_name_of_who_made_it(gateway: Gateway) -> None:
    made = gateway.act(
        "create_invoice",
        customer="C-2",
        number="H-1",
        date="2026-03-01",
        lines=[{"account": "4000", "amount": "12.50", "ENTRYDESCRIPTION": "by hand", "ITEMID": "WIDGET"}],
        fields={"TERMNAME": "Net 30", "DOCNUMBER": "PO 1"},
    )
    assert made["invoices"][0]["TRX_TOTALDUE"] == "12.5"
    rows = gateway.query("ARINVOICE", "RECORDID WHENDUE DOCNUMBER CREATEDBYLOGINID")
    assert list(rows[0].values()) == ["H-1", "03/31/2026", "PO 1", "admin"]


def test_money_comes_in_parts_and_goes_back(gateway: Gateway) -> None:
    gateway.call(invoice(line("10"), number="I-1"), invoice(line("5"), number="I-2"))
    assert (
        gateway.act("pay_invoice", invoice="I-1", amount="4", reference="CHK 1")["invoices"][0]["TRX_TOTALDUE"] == "6"
    )
    both = gateway.act("pay_invoices", invoices=["I-1", {"invoice": "I-2", "amount": "2.5"}], method="Cash")
    assert (both["amount"], [one["TRX_TOTALDUE"] for one in both["invoices"]]) == ("8.5", ["0", "2.5"])
    back = gateway.act("reverse_payment", payment=both["payment"])
    assert [one["TRX_TOTALDUE"] for one in back["invoices"]] == ["6", "5"]
    assert gateway.query("ARINVOICE", FIELDS)[0]["MODIFIEDBYLOGINID"] == "admin"
    over = gateway.act("overpay_invoice", invoice="I-2", extra="1")
    assert (over["amount"], gateway.books()["unapplied"]) == ("6", "1.00")


def test_many_payments_are_the_same_for_the_same_seed(gateway: Gateway) -> None:
    for customer in ("C-1", "C-2"):
        gateway.call(*[invoice(line(f"{at}.10"), customer=customer) for at in range(1, 16)])
    made = gateway.act("pay_many", count=24, seed=5)
    states = [one["STATE"] for one in gateway.query("ARINVOICE", "STATE")]
    assert made["invoices"] == 24
    assert len(made["payments"]) < 24
    assert states.count("Partially Paid") == 8
    assert states.count("Paid") == 16
    assert gateway.books()["received"].rstrip("0") == made["received"]
    assert gateway.books()["unbalanced_invoices"] == []


def test_nobody_pays_a_fraction_of_a_yen(gateway: Gateway) -> None:
    gateway.act("configure", setting="multi_currency", value=True)
    yen = "<currency>JPY</currency><exchrate>0.0065</exchrate>"
    gateway.call(*[invoice(line("12345"), tail=yen, number=f"J-{at}") for at in range(1, 7)])
    gateway.act("pay_many", count=6, seed=5)
    paid = [one["TRX_TOTALPAID"] for one in gateway.query("ARINVOICE", "TRX_TOTALPAID")]
    assert paid.count("12345") < len(paid)
    assert not [one for one in paid if "." in one]


def test_periods_close_and_open(gateway: Gateway) -> None:
    gateway.act("close_period", through="2026-03-31")
    assert "Periods are closed" in gateway.call(invoice(line("1"))).errors[0]
    gateway.act("open_period")
    assert gateway.call(invoice(line("1"), on="2020-01-01")).status == "success"


def test_masters_are_edited_deactivated_renamed_and_deleted(gateway: Gateway) -> None:
    gateway.act("set_status", object="ITEM", key="WIDGET", status="inactive")
    gateway.act("edit", object="CUSTOMER", key="C-1", fields={"CREDITLIMIT": 500, "DISPLAYCONTACT": {"FAX": "1"}})
    gateway.act("rename", object="DEPARTMENT", key="SALES", name="Selling")
    gateway.act("delete", object="CLASS", key="NEW")
    assert gateway.query("ITEM", "STATUS", compare("equalto", "ITEMID", "WIDGET")) == [{"STATUS": "inactive"}]
    row = gateway.query("CUSTOMER", "CREDITLIMIT DISPLAYCONTACT.FAX MODIFIEDBYLOGINID", order="CUSTOMERID")[0]
    assert list(row.values()) == ["500", "1", "admin"]
    assert gateway.query("DEPARTMENT", "TITLE", compare("equalto", "DEPARTMENTID", "SALES")) == [{"TITLE": "Selling"}]
    assert gateway.query("CLASS", "CLASSID") == []
    gone = gateway.act("deactivate_many", object="CUSTOMER", count=2)["keys"]
    inactive = gateway.query("CUSTOMER", "CUSTOMERID", compare("equalto", "STATUS", "inactive"), order="CUSTOMERID")
    assert [one["CUSTOMERID"] for one in inactive] == sorted([*gone, "C-3"])


def test_an_invoice_is_edited_reversed_and_deleted(gateway: Gateway) -> None:
    gateway.call(invoice(line("1"), number="I-1"), invoice(line("2"), number="I-2"))
    gateway.act("edit", object="ARINVOICE", key="I-1", fields={"DESCRIPTION": "x", "WHENDUE": "2026-05-01"})
    assert gateway.query("ARINVOICE", "WHENDUE")[0] == {"WHENDUE": "05/01/2026"}
    both = gateway.act("reverse_invoice", invoice="I-1")["invoices"]
    assert [one["STATE"] for one in both] == ["Reversed", "Reversal"]
    gateway.act("delete_invoice", invoice="I-2")
    assert [one["STATE"] for one in gateway.query("ARINVOICE", "STATE")] == ["Reversed", "Reversal"]


def test_prices_are_entered_once_and_may_overlap_and_the_gateway_only_reads_them(gateway: Gateway) -> None:
    gateway.act("create_price_list", name="Retail")
    price = {"price_list": "Retail", "item": "WIDGET", "price": "9.75", "start": "2026-01-01", "end": "2026-12-31"}
    gateway.act("enter_price", **price)
    assert "already exists" in refused(gateway, "enter_price", **{**price, "price": "10"})
    gateway.act("enter_price", **{**price, "price": "10", "start": "2026-06-01"})
    gateway.act("enter_price", **price, currency="EUR")
    assert "'No' specified" in refused(gateway, "enter_price", **{**price, "price_list": "No"})
    rows = gateway.query("SOPRICELISTENTRY", "PRICELISTID ITEMID VALUE VALUETYPE DATEFROM CURRENCY")
    assert [(row["VALUE"], row["DATEFROM"], row["CURRENCY"]) for row in rows] == [
        ("9.75", "01/01/2026", ""),
        ("10", "06/01/2026", ""),
        ("9.75", "01/01/2026", "EUR"),
    ]


@pytest.mark.parametrize(
    ("do", "arguments", "reason"),
    [
        ("pay_invoice", {"invoice": "NO"}, "there is no invoice 'NO'"),
        ("pay_invoice", {"invoice": "I-1", "amount": "99"}, "exceeds total amount due (10)"),
        ("pay_invoice", {"invoice": "I-1", "method": "Gold"}, "The value 'Gold' is not valid"),
        ("reverse_payment", {"payment": 123456}, "Cannot find payment with key '123456'"),
        ("create_invoice", {"customer": "C-9", "lines": [{"account": "4000", "amount": "1"}]}, "Invalid Customer"),
        ("set_status", {"object": "ITEM", "key": "NO", "status": "active"}, "there is no ITEM 'NO'"),
        ("set_status", {"object": "GHOST", "key": "NO", "status": "active"}, "GHOST"),
        ("close_period", {"through": "soon"}, "Invalid isoformat"),
        ("configure", {"setting": "colour", "value": "red"}, "unknown setting 'colour'"),
        ("configure", {"setting": "multi_currency", "value": "perhaps"}, "is true or false"),
        ("pay_invoice", {"bill": "I-1"}, "unexpected keyword"),
        ("dance", {}, "nobody can 'dance' there"),
    ],
)
def test_what_the_system_does_not_allow_is_refused_with_its_reason(
    gateway: Gateway, do: str, arguments: dict[str, object], reason: str
) -> None:
    gateway.call(invoice(line("10"), number="I-1"))
    before = gateway.books()
    assert reason in refused(gateway, do, **arguments)
    assert gateway.books() == before


def test_every_act_says_what_it_does(gateway: Gateway) -> None:
    acts = gateway.http.get(f"{gateway.root}/_sandbox/act", timeout=10).json()["intacct"]
    assert sorted(acts) == sorted(name for names in ACTS.values() for name in names)
    assert len(acts) > 16
    assert all(acts.values())

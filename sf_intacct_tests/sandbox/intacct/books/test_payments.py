from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st

from sf_intacct.sandbox.system import Refusal
from sf_intacct_tests.sandbox.intacct.harness import Gateway, compare, date, invoice, line

STANDING = "RECORDID STATE TRX_TOTALPAID TRX_TOTALDUE TOTALPAID TOTALDUE WHENPAID WHENMODIFIED"


def payment(*details: str, head: str = "<CUSTOMERID>C-1</CUSTOMERID><FINANCIALENTITY>BANK</FINANCIALENTITY>") -> str:
    return (
        f"<create><ARPYMT>{head}<PAYMENTMETHOD>EFT</PAYMENTMETHOD><RECEIPTDATE>03/06/2026</RECEIPTDATE>"
        f"<ARPYMTDETAILS>{''.join(details)}</ARPYMTDETAILS></ARPYMT></create>"
    )


def detail(key: str, amount: str, more: str = "") -> str:
    paid = f"<TRX_PAYMENTAMOUNT>{amount}</TRX_PAYMENTAMOUNT>"
    return f"<ARPYMTDETAIL><RECORDKEY>{key}</RECORDKEY>{more}{paid}</ARPYMTDETAIL>"


def reversal(key: str, on: str = "2026-03-07") -> str:
    return f'<reverse_arpayment key="{key}"><datereversed>{date(on)}</datereversed></reverse_arpayment>'


def number_of(answer_records: list[dict[str, str]]) -> str:
    return answer_records[0]["RECORDNO"]


def test_a_part_runs_down_the_lines_in_order(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), line("20"), line("30"), number="I-1")).key
    gateway.advance(3600)
    paid = number_of(gateway.call(payment(detail(key, "25.50"))).records)
    lines = gateway.query("ARINVOICEITEM", "RECORDNO TRX_TOTALPAID TOTALPAID", order="LINE_NO")
    assert [one["TRX_TOTALPAID"] for one in lines] == ["10", "15.5", "0"]
    details = gateway.query("ARPYMTDETAIL", "RECORDKEY ENTRYKEY PAYMENTKEY TRX_PAYMENTAMOUNT PAYMENTDATE STATE")
    assert [one["TRX_PAYMENTAMOUNT"] for one in details] == ["10", "15.5"]
    assert [one["ENTRYKEY"] for one in details] == [one["RECORDNO"] for one in lines[:2]]
    assert {(one["RECORDKEY"], one["PAYMENTKEY"], one["STATE"]) for one in details} == {(key, paid, "Complete")}
    assert gateway.query("ARINVOICE", STANDING) == [
        {
            "RECORDID": "I-1",
            "STATE": "Partially Paid",
            "TRX_TOTALPAID": "25.5",
            "TRX_TOTALDUE": "34.5",
            "TOTALPAID": "25.5",
            "TOTALDUE": "34.5",
            "WHENPAID": "",
            "WHENMODIFIED": "03/05/2026 11:30:00",
        }
    ]


def test_the_rest_pays_the_invoice_and_the_customer_owes_nothing(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), line("-4"), number="I-1")).key
    gateway.call(payment(detail(key, "2")), payment(detail(key, "4")))
    (found,) = gateway.query("ARINVOICE", STANDING)
    assert (found["STATE"], found["TRX_TOTALDUE"], found["WHENPAID"]) == ("Paid", "0", "03/06/2026")
    lines = gateway.query("ARINVOICEITEM", "TRX_TOTALPAID", order="LINE_NO")
    assert [one["TRX_TOTALPAID"] for one in lines] == ["10", "-4"]
    assert gateway.query("CUSTOMER", "TOTALDUE", compare("equalto", "CUSTOMERID", "C-1")) == [{"TOTALDUE": "0"}]


def test_one_line_can_be_paid_out_of_turn(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), line("20"), number="I-1")).key
    second = gateway.query("ARINVOICEITEM", "RECORDNO", order="LINE_NO")[1]["RECORDNO"]
    assert gateway.call(payment(detail(key, "20", f"<ENTRYKEY>{second}</ENTRYKEY>"))).status == "success"
    lines = gateway.query("ARINVOICEITEM", "TRX_TOTALPAID", order="LINE_NO")
    assert [one["TRX_TOTALPAID"] for one in lines] == ["0", "20"]


def test_one_payment_pays_several_invoices(gateway: Gateway) -> None:
    keys = [gateway.call(invoice(line("10"), number=name)).key for name in ("I-1", "I-2")]
    gateway.call(payment(detail(keys[0], "10"), detail(keys[1], "3")))
    assert [one["STATE"] for one in gateway.query("ARINVOICE", STANDING)] == ["Paid", "Partially Paid"]
    (paid,) = gateway.query(
        "ARPYMT", "STATE DISPLAYSTATE TRX_TOTALENTERED TRX_TOTALPAID FINANCIALACCOUNTNAME RECEIPTDATE"
    )
    assert paid == {
        "STATE": "Complete",
        "DISPLAYSTATE": "Complete",
        "TRX_TOTALENTERED": "13",
        "TRX_TOTALPAID": "13",
        "FINANCIALACCOUNTNAME": "First Bank",
        "RECEIPTDATE": "03/06/2026",
    }


def test_several_customers_can_be_paid_for_by_one_payer(gateway: Gateway) -> None:
    one = gateway.call(invoice(line("10"), number="I-1")).key
    other = gateway.call(invoice(line("5"), customer="C-2", number="I-2")).key
    mine = gateway.call(payment(detail(one, "10"), detail(other, "5")))
    assert mine.errors[0] == "BL01001973 The invoice I-2 does not belong to the customer 'C-1'."
    group = "<PAYERNAME>Group</PAYERNAME><FINANCIALENTITY>BANK</FINANCIALENTITY>"
    assert gateway.call(payment(detail(one, "10"), detail(other, "5"), head=group)).status == "success"


def test_records_of_receivables_share_one_space_of_numbers(gateway: Gateway) -> None:
    first = gateway.call(invoice(line("10"))).key
    paid = number_of(gateway.call(payment(detail(first, "10"))).records)
    second = gateway.call(invoice(line("10"))).key
    assert [int(paid) - int(first), int(second) - int(paid)] == [1, 1]


@pytest.mark.parametrize(
    ("details", "problem"),
    [
        (detail("{key}", "10.01"), "BL03000130 The payment amount 10.01 for I-1 exceeds total amount due (10)."),
        (detail("999999", "1"), "DL03000005 No record exits for the invoicekey 999999"),
        (detail("{key}", "0"), "BL03000018 The Payment amount '0' is not a valid number"),
        (
            detail("{key}", "6") + detail("{key}", "6"),
            "BL03000130 The payment amount 6 for I-1 exceeds total amount due (4).",
        ),
        ("", "BL03000018 The Payment details field is missing a value"),
        (
            detail("{key}", "1", "<ADJUSTMENTKEY>5</ADJUSTMENTKEY>"),
            "SANDBOX Applying a credit memo beside money is not imitated by this sandbox.",
        ),
    ],
)
def test_a_payment_is_refused_whole(gateway: Gateway, details: str, problem: str) -> None:
    key = gateway.call(invoice(line("10"), number="I-1")).key
    answer = gateway.call(payment(details.replace("{key}", key)))
    assert answer.errors[0] == problem
    assert answer.errors[-1] == "BL01001973 Could not create Payment record!"
    assert answer.data == {"listtype": "objects", "count": "0"}
    assert gateway.books()["payments"] == 0
    assert gateway.query("ARINVOICE", "TRX_TOTALDUE") == [{"TRX_TOTALDUE": "10"}]


def test_a_paid_invoice_cannot_be_paid_again(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), number="I-1")).key
    gateway.call(payment(detail(key, "10")))
    assert gateway.call(payment(detail(key, "10"))).errors[0] == "BL03000130 There is no due on the invoice I-1."


@pytest.mark.parametrize(
    ("head", "problem"),
    [
        ("<CUSTOMERID>C-1</CUSTOMERID>", "Provide a financial entity, a summary, or an undeposited funds account."),
        ("<CUSTOMERID>C-1</CUSTOMERID><FINANCIALENTITY>NO</FINANCIALENTITY>", "The bank account 'NO' is invalid."),
        ("<FINANCIALENTITY>BANK</FINANCIALENTITY>", "The Customer ID field is missing a value"),
    ],
)
def test_a_payment_needs_a_customer_and_a_place_for_the_money(gateway: Gateway, head: str, problem: str) -> None:
    key = gateway.call(invoice(line("10"))).key
    assert gateway.call(payment(detail(key, "1"), head=head)).errors[0].endswith(problem)


def test_an_old_invoice_can_be_paid_while_its_period_is_closed(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"))).key
    gateway.act("close_period", through="2026-03-05")
    assert gateway.call(payment(detail(key, "4"))).status == "success"
    gateway.act("close_period", through="2026-03-06")
    assert "Periods are closed" in gateway.call(payment(detail(key, "4"))).errors[0]


def test_what_is_paid_too_much_waits_to_be_applied(gateway: Gateway) -> None:
    first, second = (gateway.call(invoice(line("10"), number=name)).key for name in ("I-1", "I-2"))
    paid = gateway.call(
        "<create_arpayment><customerid>C-1</customerid><paymentamount>16</paymentamount>"
        f"<bankaccountid>BANK</bankaccountid><refid>CHK 7</refid><datereceived>{date('2026-03-06')}</datereceived>"
        f"<paymentmethod>Printed Check</paymentmethod><arpaymentitem><invoicekey>{first}</invoicekey>"
        "<amount>10</amount></arpaymentitem></create_arpayment>"
    ).key
    fields = "DOCNUMBER TRX_TOTALENTERED TRX_TOTALPAID TRX_TOTALDUE"
    assert gateway.query("ARPYMT", fields)[0]["TRX_TOTALDUE"] == "6"
    apply = (
        f"<apply_arpayment><arpaymentkey>{paid}</arpaymentkey><paymentdate>{date('2026-03-06')}</paymentdate>"
        f"<arpaymentitems><arpaymentitem><invoicekey>{second}</invoicekey><amount>{{}}</amount></arpaymentitem>"
        "</arpaymentitems></apply_arpayment>"
    )
    assert "exceeds total amount due (6)" in gateway.call(apply.format("7")).errors[0]
    assert gateway.call(apply.format("5")).key == paid
    assert gateway.query("ARPYMT", fields) == [
        {
            "DOCNUMBER": "CHK 7",
            "TRX_TOTALENTERED": "16",
            "TRX_TOTALPAID": "15",
            "TRX_TOTALDUE": "1",
        }
    ]
    assert [one["TRX_TOTALDUE"] for one in gateway.query("ARINVOICE", "TRX_TOTALDUE")] == ["0", "5"]


def test_a_reversed_payment_leaves_two_records_and_an_open_invoice(gateway: Gateway) -> None:
    key = gateway.call(invoice(line("10"), line("5"), number="I-1")).key
    paid = number_of(gateway.call(payment(detail(key, "15"))).records)
    gateway.advance(86400)
    contra = gateway.call(reversal(paid)).key
    old, new = gateway.query("ARPYMT", "RECORDNO STATE DISPLAYSTATE TRX_TOTALENTERED AUWHENCREATED WHENMODIFIED")
    assert (old["RECORDNO"], old["STATE"], old["DISPLAYSTATE"]) == (paid, "Voided", "Reversed")
    assert (new["RECORDNO"], new["DISPLAYSTATE"], new["TRX_TOTALENTERED"]) == (contra, "Reversal", "-15")
    assert new["AUWHENCREATED"] == old["WHENMODIFIED"] == "03/06/2026 10:30:00"
    amounts = [one["TRX_PAYMENTAMOUNT"] for one in gateway.query("ARPYMTDETAIL", "TRX_PAYMENTAMOUNT")]
    assert amounts == ["10", "5", "-10", "-5"]
    (found,) = gateway.query("ARINVOICE", STANDING)
    assert (found["STATE"], found["TRX_TOTALDUE"], found["WHENPAID"]) == ("Posted", "15", "")
    assert "can't be reversed" in gateway.call(reversal(paid)).errors[0]
    assert "can't be reversed" in gateway.call(reversal(contra)).errors[0]


def test_a_payment_may_leave_the_invoices_stamp_alone(gateway: Gateway) -> None:
    gateway.act("configure", setting="payments_touch_invoices", value=False)
    gateway.call(invoice(line("10"), number="I-1"))
    gateway.advance(60)
    gateway.act("pay_invoice", invoice="I-1", amount="3")
    (found,) = gateway.query("ARINVOICE", STANDING)
    assert (found["TRX_TOTALDUE"], found["WHENMODIFIED"]) == ("7", "03/05/2026 10:30:00")


AMOUNTS = st.integers(min_value=1, max_value=5000).map(lambda cents: f"{Decimal(cents).scaleb(-2)}")
STEPS = st.lists(
    st.tuples(st.sampled_from(["bill", "pay", "pay", "overpay", "void"]), AMOUNTS, st.integers(0, 50)), max_size=12
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(STEPS)
def test_whatever_is_paid_and_voided_lines_and_totals_agree(
    gateway: Gateway, steps: list[tuple[str, str, int]]
) -> None:
    """Due is entered less paid, on every invoice and on all of them, and equals what the details say."""
    acts, world = gateway.sandbox.acts, gateway.world
    gateway.sandbox.reset()
    gateway.act("configure", setting="invoice_number_prefix", value="P-")
    _small_company(gateway)
    for what, amount, pick in steps:
        try:
            with world.transaction():
                _step(gateway, acts, what, amount, pick)
        except Refusal:
            continue
    books = gateway.books()
    assert books["unbalanced_invoices"] == []
    assert Decimal(books["invoiced"]) - Decimal(books["paid"]) == Decimal(books["due"])
    assert books["applied"] == books["paid"]
    for row in gateway.rows("ARINVOICE"):
        assert 0 <= Decimal(row["TRX_TOTALPAID"]) <= Decimal(row["TRX_TOTALENTERED"])


def _small_company(gateway: Gateway) -> None:
    from sf_intacct_tests.sandbox.intacct.harness import SEED

    gateway.sandbox.load(SEED)


def _step(gateway: Gateway, acts: object, what: str, amount: str, pick: int) -> None:
    do = dict(acts)  # type: ignore[call-overload]
    invoices = [row["RECORDNO"] for row in gateway.rows("ARINVOICE")]
    payments = [row["RECORDNO"] for row in gateway.rows("ARPYMT")]
    if what == "bill":
        do["create_invoice"](
            customer="C-1", lines=[{"account": "4000", "amount": amount}, {"account": "4000", "amount": "1"}]
        )
    elif what == "pay" and invoices:
        do["pay_invoice"](invoice=invoices[pick % len(invoices)], amount=amount)
    elif what == "overpay" and invoices:
        do["overpay_invoice"](invoice=invoices[pick % len(invoices)], extra=amount)
    elif what == "void" and payments:
        do["reverse_payment"](payment=payments[pick % len(payments)])

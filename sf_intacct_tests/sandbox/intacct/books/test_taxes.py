import pytest

from sf_intacct_tests.sandbox.intacct.harness import Gateway, date, invoice, line

DETAILS = (
    ("Standard", "20", "Sale", "UK VAT"),
    ("Zero", "0", "Sale", "UK VAT"),
    ("Bought", "20", "Purchase", "UK VAT"),
)
WRONG = "BL01001973 Tax details are either missing or don't belong to the tax solution."


def entry(detail: str, tax: str = "") -> str:
    return f"<taxentries><taxentry><detailid>{detail}</detailid><trx_tax>{tax}</trx_tax></taxentry></taxentries>"


def taxed(amount: str, detail: str = "Standard", tax: str = "") -> str:
    return line(amount, more=entry(detail, tax))


@pytest.fixture
def vat(gateway: Gateway) -> Gateway:
    gateway.act("configure", setting="tax_solutions", value="UK VAT")
    for name, percent, kind, solution in (*DETAILS, ("GST", "10", "Sale", "AU GST")):
        fields = {"DETAILID": name, "VALUE": percent, "TAXTYPE": kind, "TAXSOLUTIONID": solution, "GLACCOUNT": "1200"}
        body = "".join(f"<{tag}>{value}</{tag}>" for tag, value in fields.items())
        assert gateway.call(f"<create><TAXDETAIL>{body}</TAXDETAIL></create>").status == "success"
    return gateway


def head(gateway: Gateway, of: str = "ARINVOICE") -> dict[str, str]:
    return gateway.query(of, "RECORDNO TRX_TOTALENTERED TRX_TOTALDUE STATE TAXSOLUTIONID")[-1]


def test_tax_comes_on_top_and_below_each_line_stands_what_the_system_computed(vat: Gateway) -> None:
    made = vat.call(invoice(taxed("10.01"), taxed("5.02"), taxed("7", "Zero")))
    assert made.status == "success", made.errors
    assert head(vat) == {
        "RECORDNO": made.key,
        "TRX_TOTALENTERED": "25.03",
        "TRX_TOTALDUE": "25.03",
        "STATE": "Posted",
        "TAXSOLUTIONID": "UK VAT",
    }
    lines = vat.query("ARINVOICEITEM", "RECORDNO LINE_NO LINEITEM PARENTENTRY TRX_AMOUNT ACCOUNTNO", order="LINE_NO")
    real = [one for one in lines if one["LINEITEM"] == "T"]
    tax = {one["PARENTENTRY"]: (one["TRX_AMOUNT"], one["ACCOUNTNO"]) for one in lines if one["LINEITEM"] == "F"}
    assert [tax[one["RECORDNO"]] for one in real] == [("2", "1200"), ("1", "1200"), ("0", "1200")]
    assert vat.books()["unbalanced_invoices"] == []


def test_a_line_needs_an_active_detail_of_sales_of_the_solution(vat: Gateway) -> None:
    for wrong in (line("10"), taxed("10", "GST"), taxed("10", "Bought"), taxed("10", "Nobody")):
        assert vat.call(invoice(taxed("1"), wrong)).errors[0] == WRONG
    vat.act("set_status", object="TAXDETAIL", key="Standard", status="inactive")
    assert vat.call(invoice(taxed("10"))).errors[0] == "BL01001973 Tax detail 'Standard' is not valid."
    assert vat.query("ARINVOICE", "RECORDNO") == []


def test_a_tax_that_is_given_counts_within_a_cent_of_its_rate(vat: Gateway) -> None:
    assert vat.call(invoice(taxed("8.33", tax="1.67"), taxed("8.33", tax="1.66"))).status == "success"
    assert head(vat)["TRX_TOTALENTERED"] == "19.99"
    refused = vat.call(invoice(taxed("8.33", tax="1.69")))
    assert refused.errors[0].startswith("BL01001973 The tax 1.69 on line item 1 is not 1.67")


def test_who_is_exempt_is_not_taxed(vat: Gateway) -> None:
    vat.act("edit", object="CONTACT", key="Acme(CC-1)", fields={"TAXABLE": "false"})
    assert "not taxable" in vat.call(invoice(taxed("10"))).errors[0]
    assert vat.call(invoice(taxed("10", "Zero"), line("1"))).status == "success"
    assert head(vat)["TRX_TOTALENTERED"] == "11"


def test_a_credit_memo_takes_the_tax_back_and_a_reversal_too(vat: Gateway) -> None:
    lines = f"<aradjustmentitems>{taxed('-10.01')}</aradjustmentitems>"
    memo = f"<create_aradjustment><customerid>C-1</customerid><datecreated>{date('2026-03-05')}</datecreated>{lines}"
    assert vat.call(f"{memo}</create_aradjustment>").status == "success"
    assert head(vat, "ARADJUSTMENT")["TRX_TOTALENTERED"] == "-12.01"
    made = vat.call(invoice(taxed("10.01"), number="I-1"))
    vat.act("reverse_invoice", invoice="I-1")
    assert head(vat)["TRX_TOTALENTERED"] == "-12.01"
    contra = vat.query("ARINVOICEITEM", "RECORDKEY RECORDNO PARENTENTRY LINEITEM TRX_AMOUNT")
    theirs = [one for one in contra if one["RECORDKEY"] != made.key]
    (own,) = (one["RECORDNO"] for one in theirs if one["LINEITEM"] == "T")
    assert [one["PARENTENTRY"] for one in theirs if one["LINEITEM"] == "F"] == [own]


def test_what_is_due_includes_the_tax_and_lines_with_taxes_are_not_changed(vat: Gateway) -> None:
    vat.call(invoice(taxed("10"), number="I-1"))
    key = head(vat)["RECORDNO"]
    edit = "<updateinvoiceitems><updatelineitem line_num='1'><amount>9</amount></updatelineitem></updateinvoiceitems>"
    assert "not imitated" in vat.call(f"<update_invoice key='{key}'>{edit}</update_invoice>").errors[0]
    assert vat.call(f"<update_invoice key='{key}'><description>x</description></update_invoice>").status == "success"
    vat.act("pay_invoice", invoice="I-1")
    assert (head(vat)["STATE"], head(vat)["TRX_TOTALDUE"]) == ("Paid", "0")
    assert vat.books()["received"] == "12.00"


def test_where_jurisdictions_meet_the_top_level_says_which(vat: Gateway) -> None:
    vat.act("configure", setting="tax_solutions", value="US=UK VAT, EU=AU GST")

    def coded(location: str, detail: str) -> str:
        return line("10", more=f"<locationid>{location}</locationid>{entry(detail)}")

    solution = "<taxsolutionid>{}</taxsolutionid>"
    assert "Select a tax solution" in vat.call(invoice(coded("US-W", "Standard"))).errors[0]
    assert vat.call(invoice(coded("US-W", "Standard"), tail=solution.format("UK VAT"))).status == "success"
    assert "'AU GST' is not valid" in vat.call(invoice(coded("US-W", "GST"), tail=solution.format("AU GST"))).errors[0]
    assert vat.call(invoice(line("10", more=entry("GST"))), entity="EU").status == "success"
    assert [row["TAXSOLUTIONID"] for row in vat.rows("ARINVOICE")] == ["UK VAT", "AU GST"]


def test_without_a_tax_solution_nobody_is_taxed_and_nobody_may_tax(vat: Gateway) -> None:
    vat.act("configure", setting="tax_solutions", value="")
    assert vat.call(invoice(line("10"))).status == "success"
    assert head(vat)["TRX_TOTALENTERED"] == "10"
    assert vat.call(invoice(taxed("10"))).errors[0] == WRONG

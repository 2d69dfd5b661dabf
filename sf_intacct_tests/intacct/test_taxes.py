"""Documents with taxes: what is sent for a line, and the money by which the document is known again."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

import pytest

from sf_intacct.intacct import taxes
from sf_intacct.intacct.adjustment import create_adjustment
from sf_intacct.intacct.invoice import create_invoice
from sf_intacct.intacct.objects import TARGETS
from sf_intacct.intacct.xml import parse
from sf_intacct.sandbox.intacct.wire import grammar
from sf_intacct_tests.intents import intent

Line = dict[str, str | None]
HEAD = {"CUSTOMERID": "C-1", "WHENCREATED": "2026-03-05", "RECORDID": "1", "TAXSOLUTIONID": "UK VAT"}
LINE: Line = {"ACCOUNTNO": "4000", "TRX_AMOUNT": "10.01", "CLASSID": "HW", "SALESFORCE_LINE_ID": "802A"}


def line(tax: str | None = None) -> Line:
    return {**LINE, "TAXENTRIES.DETAILID": "Standard", "TAXENTRIES.TRX_TAX": tax}


def request(*lines: Line) -> str:
    return create_invoice({"fields": {**HEAD, "SALESFORCE_ID": "801A"}, "lines": list(lines)})


def test_a_line_names_its_tax_detail_last_and_a_tax_only_if_it_is_known() -> None:
    made = parse(request(line(), line("2.00")).encode())
    assert grammar.complaints(made) == []
    assert made.findtext("taxsolutionid") == "UK VAT"
    entries = [[(node.tag, node.text) for node in entry] for entry in made.iter("taxentry")]
    assert entries == [[("detailid", "Standard")], [("detailid", "Standard"), ("trx_tax", "2.00")]]


def test_an_adjustment_names_its_taxes_too() -> None:
    made = parse(create_adjustment({"fields": HEAD, "lines": [line()]}).encode())
    assert grammar.complaints(made) == []
    assert made.findtext("taxsolutionid") == "UK VAT"
    assert made.findtext(".//taxentry/detailid") == "Standard"


@pytest.mark.parametrize(
    ("lines", "meant"),
    [
        ([LINE], taxes.Meant(Decimal("100.00"))),
        ([line("2.00"), line("1.99")], taxes.Meant(Decimal("24.01"))),
        ([line("2.00"), line()], taxes.Meant(Decimal("20.02"), before_tax=True)),
    ],
)
def test_a_document_is_known_by_its_total_or_before_taxes_that_are_not_ours(
    lines: list[Line], meant: taxes.Meant
) -> None:
    assert taxes.meant([intent(request=request(*lines))]) == {"k1": meant}


def test_before_taxes_a_document_is_what_its_own_lines_come_to_shown_or_not() -> None:
    def read(name: str, fields: Iterable[str], key: str, values: Sequence[str]) -> dict[str, list[taxes.Row]]:
        assert (name, key, list(values)) == ("ARINVOICEITEM", "RECORDKEY", ["7"])
        own: taxes.Row = {"LINEITEM": "T", "TRX_AMOUNT": "10.01"}
        return {"7": [own, {"LINEITEM": "F", "TRX_AMOUNT": "2"}, own]}

    named: dict[str, list[taxes.Row]] = {
        "SO-1": [{"RECORDNO": "7", "TRX_TOTALENTERED": "22.02"}],
        "SO-2": [{"RECORDNO": "8", "TRX_TOTALENTERED": "5"}],
    }
    taxes.take_out(read, TARGETS["ARINVOICE"], named, ["SO-1", "SO-9"])
    assert [rows[0]["TRX_TOTALENTERED"] for rows in named.values()] == ["20.02", "5"]

import pytest
from lxml import etree

from sf_intacct.sandbox.intacct.wire import grammar
from sf_intacct.sandbox.intacct.wire.functions import FUNCTIONS
from sf_intacct_tests.sandbox.intacct.harness import Gateway, date, invoice, line

HEAD = f"<create_invoice><customerid>C</customerid><datecreated>{date('2026-03-05')}</datecreated>"
ITEMS = f"<invoiceitems>{line('1')}</invoiceitems></create_invoice>"


def complaints(text: str) -> list[str]:
    return grammar.complaints(etree.fromstring(text))


def test_every_function_of_the_grammar_is_carried_out_and_no_other() -> None:
    assert set(FUNCTIONS) == set(grammar.names())


@pytest.mark.parametrize(
    "inside",
    [
        "<batchkey>1</batchkey><action>Submit</action>",
        "<action>Submit</action><batchkey>1</batchkey>",
        "<ponumber/><onhold>false</onhold><description/>",
        "<taxsolutionid>T</taxsolutionid><customfields/>",
        "<customfields/><taxsolutionid>T</taxsolutionid>",
        "<basecurr/><currency>EUR</currency><exchratetype/>",
        "<currency>EUR</currency><exchrate>1.1</exchrate>",
        "<billto><contactname>A</contactname></billto><shipto><contact><printas>B</printas></contact></shipto>",
    ],
)
def test_what_clients_in_production_send_is_accepted(inside: str) -> None:
    assert complaints(HEAD + inside + ITEMS) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            HEAD + "<invoiceitems/></create_invoice>",
            "Element 'invoiceitems': Missing child element(s). Expected is ( lineitem ).",
        ),
        (HEAD + "<invoiceno/><termname/>" + ITEMS, "Element 'termname': This element is not expected."),
        (HEAD + "<currency>EUR</currency>" + ITEMS, "Expected is one of ( exchratedate, exchratetype, exchrate )."),
        ("<create_invoice><customerid>C</customerid></create_invoice>", "Expected is ( datecreated )."),
        (
            f"<reverse_invoice><datereversed>{date('2026-03-05')}</datereversed></reverse_invoice>",
            "The attribute 'key' is required but missing.",
        ),
        (
            "<create_arpayment><customerid/><paymentamount/><arpaymentitem><amount/></arpaymentitem></create_arpayment>",
            "Element 'amount': This element is not expected. Expected is ( invoicekey ).",
        ),
    ],
)
def test_an_older_function_out_of_order_is_a_schema_error_in_the_librarys_words(text: str, sentence: str) -> None:
    (complaint,) = complaints(text)
    assert complaint.startswith("XML Parse schema error: Error 18")
    assert sentence in complaint


def test_one_function_out_of_order_stops_the_whole_request(gateway: Gateway) -> None:
    answer = gateway.call(invoice(line("1")), invoice())
    assert answer.xml.findtext("control/status") == "failure"
    assert answer.errors[0].startswith("XL03000003 XML Parse schema error")
    assert gateway.books()["invoices"] == 0

"""update_invoice: only what is changed, contacts under the names of this function, lines by their numbers."""

from lxml import etree

from sf_intacct.intacct.functions import update
from sf_intacct.sandbox.intacct.wire import grammar


def _update(fields: dict[str, str | None], *lines: dict[str, str | None]) -> str:
    text = update("ARINVOICE", "17", {"fields": fields, "lines": list(lines)})
    assert grammar.complaints(etree.fromstring(text)) == [], text
    return text


def test_a_change_of_the_head_says_only_what_changed() -> None:
    assert _update({"DOCNUMBER": "PO 7"}) == '<update_invoice key="17"><ponumber>PO 7</ponumber></update_invoice>'


def test_contacts_have_other_names_than_in_a_create() -> None:
    text = _update({"BILLTOPAYTOCONTACTNAME": "Ada", "SHIPTORETURNTOCONTACTNAME": "Bo"})
    assert "<payto><contactname>Ada</contactname></payto><returnto><contactname>Bo</contactname></returnto>" in text


def test_every_line_is_addressed_by_its_number() -> None:
    lines: list[dict[str, str | None]] = [
        {"LINE_NO": str(n), "TRX_AMOUNT": f"{n}.00", "SALESFORCE_LINE_ID": f"l{n}"} for n in (1, 2)
    ]
    text = _update({"WHENCREATED": "2026-11-25"}, *lines)
    assert "<datecreated><year>2026</year><month>11</month><day>25</day></datecreated>" in text
    assert '<updatelineitem line_num="2"><amount>2.00</amount><customfields>' in text
    assert "LINE_NO" not in text

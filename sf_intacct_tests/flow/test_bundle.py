"""Bundles: written and read again the same, of one version, and nothing that could leave its folder."""

import json
from typing import Any

import pytest

from sf_intacct.errors import FixNeeded
from sf_intacct.flow.bundle import Bundle, Case, Leaf, leaves, masked_request, read_bundle, request_differs
from sf_intacct.flow.masking import Mask, Secrecy

CASE = Case("e1", "refused", "", "order_to_invoice", "Order", "801", "1", "no", "2026-11-25T00:00:00+00:00")
BUNDLE = Bundle(
    case=CASE,
    made_at="2026-11-25T00:00:00+00:00",
    revision="r1",
    overrides=[],
    mappings={"company.yaml": "constants: {}\n"},
    described="",
    salesforce={"Order": [{"Id": "801", "PoNumber": None}]},
    intacct={},
    request=[Leaf("create_invoice/termname", "Net 30", True)],
)
XML = (
    "<create_invoice><customerid>C-1</customerid><datecreated><year>2026</year></datecreated>"
    "<memo>Ada &amp; Co</memo><empty/><amount>12.00</amount></create_invoice>"
)


def test_a_bundle_is_read_as_it_was_written() -> None:
    assert read_bundle(BUNDLE.written(), "b") == BUNDLE


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"format": "something"},
        {"mappings": {"../../etc/passwd.yaml": ""}},
        {"mappings": {"/etc/x.yaml": ""}},
        {"mappings": {"a.yaml": 1}},
        {"salesforce": {"../Order": []}},
        {"salesforce": {"Order": [{"Id": {"deep": 1}}]}},
        {"intacct": {"ITEM": 7}},
        {"case": {}},
        {"request": [1]},
        {"surprise": 1},
    ],
)
def test_what_is_no_bundle_of_this_version_is_refused_with_a_word(change: dict[str, Any]) -> None:
    told = {**json.loads(BUNDLE.written()), **change}
    with pytest.raises(FixNeeded, match="replay bundle"):
        read_bundle(json.dumps(told), "b")


@pytest.mark.parametrize("text", ["", "[]", "{", "null", "[" * 100_000, '{"format": "sf_intacct replay bundle"}'])
def test_no_text_at_all_breaks_the_reading(text: str) -> None:
    with pytest.raises(FixNeeded):
        read_bundle(text, "b")


def test_a_request_is_told_by_its_leaves() -> None:
    assert list(leaves(XML)) == [
        ("create_invoice/customerid", "C-1"),
        ("create_invoice/datecreated/year", "2026"),
        ("create_invoice/memo", "Ada & Co"),
        ("create_invoice/amount", "12.00"),
    ]
    record = '{"attributes": {"type": "Order"}, "Amount": 1.10, "Flag": true, "Note": null}'
    assert list(leaves(record)) == [("/attributes/type", "Order"), ("/Amount", "1.10"), ("/Flag", "true")]


def test_codes_and_money_of_a_request_are_compared_and_names_are_not() -> None:
    recorded = masked_request(XML, Secrecy(Mask(b"k" * 32), ["C-1"], ["Ada & Co"]))
    assert [leaf.is_kept for leaf in recorded] == [True, True, False, True]
    assert "Ada" not in str(recorded)
    assert request_differs(recorded, XML) == ""
    assert request_differs(recorded, XML.replace("Ada", "Xyz")) == ""
    assert "amount says 13.00, recorded was 12.00" in request_differs(recorded, XML.replace("12.00", "13.00"))
    assert "termname" in request_differs(recorded, XML.replace("<empty/>", "<termname>Net 30</termname>"))

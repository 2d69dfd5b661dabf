"""The page: one story from the numbers, in HTML that fetches nothing and Markdown that nothing in it can break."""

import re
from datetime import date
from decimal import Decimal
from html.parser import HTMLParser
from typing import Any

import pytest

from sf_intacct.cli.discovery.figures import figures
from sf_intacct.cli.discovery.html import as_html
from sf_intacct.cli.discovery.markdown import as_markdown
from sf_intacct.cli.discovery.page import page
from sf_intacct.orchestration.discovering import Discovery

EVIL = "<script>alert(1)</script> | *x* `y"


def _deal(outcome: str, records: int, money: str, **other: Any) -> dict[str, Any]:
    kind = {"crossing": "order_to_invoice", "month": date(2026, 10, 1), "currency": "USD"}
    return {**kind, "outcome": outcome, "records": records, "money": Decimal(money), **other}


def _cause(words: str, money: str, **other: Any) -> dict[str, Any]:
    said = {"crossing": "order_to_invoice", "cause": "no_value", "words": words, "remedy": "Mend it.", "who": "sales"}
    return {**said, "currency": "USD", "records": 2, "money": Decimal(money), **other}


def _found(**rows: Any) -> Discovery:
    return Discovery(date(2026, 6, 1), date(2026, 11, 25), "ACME", **rows)


FULL = _found(
    deals=[_deal("to make", 90, "9000.00"), _deal("kept", 10, "1000.10"), _deal("kept", 1, "5.00", currency="EUR")],
    causes=[_cause("Dear.", "900.00"), _cause("Cheap.", "100.10"), _cause(EVIL, "5.00", currency="EUR")],
    examples=[{"label": "1", "amount": Decimal("900.00"), "currency": "USD", "words": EVIL}],
    matching=[
        {"crossing": "account_to_customer", "source": "Account", "target": "CUSTOMER", "linked": 3, "by_key": 2}
        | {"for_a_person": 1, "alike": 4, "alone": 5, "targets_alone": 6}
    ],
    doubles=[{"system": "salesforce", "object": "Account", "records": 2, "names": EVIL, "score": 91, "evidence": "x"}],
    crossings=[
        {"crossing": "product_to_item", "source": "Product2", "target": "ITEM", "there": 1, "to_make": 2, "kept": 3}
    ],
    lacking=[{"object": "Product2", "label": EVIL, "words": "No code."}],
    coverage=[{"says": "Department", "field": "DEPARTMENTID", "asked": 10, "found": 7}],
    currencies=[{"system": "intacct", "object": "ARINVOICE", "value": "USD", "records": 2, "money": Decimal("3.00")}],
    tables=[{"system": "intacct", "object": "ITEM", "says": "Items.", "records": 4, "quarantined": 0}],
)


def test_the_first_sentence_says_how_many_how_much_and_how_few_causes_and_adds_no_currencies() -> None:
    assert page(FULL).lede == (
        "Of 101 deals since 1 June 2026, worth 10,000.10 USD and 5.00 EUR, 11 worth 1,000.10 USD and 5.00 EUR would "
        "not have become an invoice by themselves. One of three causes keeps most of that money."
    )


@pytest.mark.parametrize(
    ("deals", "lede"),
    [
        ([], "No deal since 1 June 2026 asks for an invoice yet."),
        ([_deal("there", 1, "7.00")], "The one deal since 1 June 2026, worth 7.00 USD, is an invoice or would be one."),
        (
            [_deal("there", 2, "7.00")],
            "All 2 deals since 1 June 2026, worth 7.00 USD, are invoices already or would become one.",
        ),
    ],
)
def test_good_news_is_told_as_such(deals: list[dict[str, Any]], lede: str) -> None:
    assert page(_found(deals=deals)).lede == lede


class _Seen(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [value or "" for name, value in attrs if name in ("href", "src", "xlink:href")]


def test_the_html_fetches_nothing_runs_nothing_and_has_its_figures_inside() -> None:
    seen = _Seen()
    seen.feed(as_html(page(FULL), figures(FULL)))
    assert not {"script", "link", "img", "iframe"} & set(seen.tags)
    assert [link for link in seen.links if not link.startswith("#")] == []
    assert seen.tags.count("figure") == seen.tags.count("svg") == 4


def test_what_people_typed_stays_text_in_the_html() -> None:
    html = as_html(page(FULL), {})
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; | *x* `y" in html


def test_what_people_typed_breaks_no_table_of_the_markdown() -> None:
    text = as_markdown(page(FULL), figures(FULL))
    for table in re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE):
        widths = {len(re.findall(r"(?<!\\)\|", row)) for row in table.strip().splitlines()}
        assert len(widths) == 1, table
    assert "<script" not in text
    assert "![Deals, month by month](deals.svg)" in text


def test_the_same_numbers_draw_the_same_figures() -> None:
    assert figures(FULL) == figures(FULL)
    assert set(figures(FULL)) == {"deals", "causes", "matching", "coverage"}


def test_a_page_without_numbers_has_no_figures_and_still_says_so() -> None:
    assert figures(_found()) == {}
    assert "No deal since" in as_markdown(page(_found()), {})


def test_long_lists_are_cut_and_say_so() -> None:
    many = _found(deals=FULL.deals, causes=[_cause(f"Cause {n}.", "1.00") for n in range(40)])
    text = as_markdown(page(many), {})
    assert "The 15 dearest are shown" in text
    assert text.count("Mend it.") == 15

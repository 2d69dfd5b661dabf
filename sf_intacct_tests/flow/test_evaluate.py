"""Evaluation: what each record would say on the other side, and every reason why it cannot go."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings, strategies as st
from lxml import etree

from sf_intacct.errors import MappingError
from sf_intacct.flow.contracts import CONTRACTS
from sf_intacct.flow.described import with_described
from sf_intacct.flow.evaluate import Evaluated, evaluate, meets
from sf_intacct.flow.mapping_text import parse
from sf_intacct.flow.scope import LINKS, NEEDS, Surroundings
from sf_intacct.model.described import Described
from sf_intacct_tests.flow.company import TEXTS, edited
from sf_intacct_tests.flow.descriptions import but
from sf_intacct_tests.flow.frames import causes, core, finding

STAMP = datetime(2026, 3, 17, 9, 30, 15, 123_456, tzinfo=UTC)
BOOKS = {
    "salesforce_accounts": core(
        "salesforce_accounts",
        {"account_id": "a1", "name": "Acme", "payment_terms": "Net 30"},
        {"account_id": "a2", "name": "Beta", "payment_terms": "Net 99"},
        {"account_id": "a3", "name": "Gamma", "payment_terms": None},
    ),
    "salesforce_products": core(
        "salesforce_products",
        {"product_id": "p1", "name": "Drill", "family": "Hardware"},
        {"product_id": "p2", "name": "Course", "family": "Training"},
    ),
    "intacct_terms": core("intacct_terms", {"name": "N30", "status": "active"}, {"name": "N60", "status": "inactive"}),
    "intacct_gl_accounts": core("intacct_gl_accounts", {"account_number": "4000", "status": "active"}),
    "intacct_customers": core(
        "intacct_customers", {"customer_id": "C-1", "status": "active"}, {"customer_id": "C-9", "status": "inactive"}
    ),
    "intacct_items": core("intacct_items", {"item_id": "DRL", "status": "active"}),
}


def _links(*rows: tuple[str, str, str | None, str | None, bool | None]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema=LINKS, orient="row")


KNOWN = _links(
    ("account_to_customer", "a1", "Acme", "C-1", True),
    ("account_to_customer", "a2", "Beta", "C-1", True),
    ("account_to_customer", "a3", "Gamma", "C-1", True),
    ("product_to_item", "p1", "Drill", "DRL", True),
    ("product_to_item", "p2", "Course", "CRS", False),
)


def _order(**columns: Any) -> dict[str, Any]:
    return {
        "order_id": "o1",
        "order_number": "100",
        "account_id": "a1",
        "status_code": "Activated",
        "effective_on": "2026-03-17",
        "po_number": "PO 7",
        "department": "100",
        "total_amount": "30.00",
        "modified_at": STAMP,
        **columns,
    }


def _line(number: int = 1, **columns: Any) -> dict[str, Any]:
    return {
        "order_item_id": f"l{number}",
        "order_id": "o1",
        "order_item_number": str(number),
        "product_id": "p1",
        "quantity": "1",
        "total_price": "15.00",
        **columns,
    }


def _invoice(
    *orders: dict[str, Any],
    lines: list[dict[str, Any]] | None = None,
    links: pl.DataFrame = KNOWN,
    texts: dict[str, str] = TEXTS,
    **tables: pl.DataFrame,
) -> Evaluated:
    """The orders and lines mapped to invoices."""
    mappings = parse(texts)
    items = [_line(1), _line(2)] if lines is None else lines
    return evaluate(
        mappings.crossings["order_to_invoice"],
        mappings,
        core("salesforce_orders", *(orders or (_order(),))),
        core("salesforce_order_items", *items),
        Surroundings({**BOOKS, **tables}, links),
    )


def _customer(*accounts: dict[str, Any], texts: dict[str, str] = TEXTS, **tables: pl.DataFrame) -> Evaluated:
    """The accounts mapped to customers."""
    mappings = parse(texts)
    row = {"account_id": "a1", "name": "Acme", "account_number": "1", "payment_terms": "Net 30", "modified_at": STAMP}
    return evaluate(
        mappings.crossings["account_to_customer"],
        mappings,
        core("salesforce_accounts", *({**row, **account} for account in accounts or ({},))),
        None,
        Surroundings({**BOOKS, **tables}, _links()),
    )


# A lawful document


def test_an_order_becomes_an_invoice_field_by_field() -> None:
    evaluated = _invoice()
    assert evaluated.findings.is_empty()
    assert evaluated.needs.is_empty()
    (head,) = evaluated.heads.drop("source_hash", "fixed_hash").to_dicts()
    assert head == {
        "source_id": "o1",
        "label": "100",
        "source_version": "2026-03-17T09:30:15.123456Z",
        "claim": None,
        "amount": Decimal("30.00"),
        "currency": "USD",
        "entity": None,
        "RECORDID": "SO-100",
        "CUSTOMERID": "C-1",
        "WHENCREATED": "2026-03-17",
        "TERMNAME": "N30",
        "DOCNUMBER": "PO 7",
        "SALESFORCE_ID": "o1",
        "natural_key": "SO-100",
    }


def test_every_line_becomes_a_line_with_what_stands_beside_it_and_above_it() -> None:
    lines = _invoice(lines=[_line(1), _line(2, description="Bespoke", total_price="-0.01")]).lines
    assert lines is not None
    assert lines.columns[0] == "source_id"
    assert lines.drop("source_id").rows() == [
        ("4000", "15.00", "Drill", "100", "DRL", "l1"),
        ("4000", "-0.01", "Bespoke", "100", "DRL", "l2"),
    ]


def test_lines_stand_in_the_order_the_mapping_says_whatever_order_they_came_in() -> None:
    lines = _invoice(
        _order(),
        _order(order_id="o2"),
        lines=[_line(3), _line(1, order_id="o2", order_item_id="x"), _line(1), _line(2)],
    ).lines
    assert lines is not None
    assert lines.select("source_id", "SALESFORCE_LINE_ID").rows() == [
        ("o1", "l1"),
        ("o1", "l2"),
        ("o1", "l3"),
        ("o2", "x"),
    ]


def test_a_line_of_an_order_that_is_not_mapped_is_left_out() -> None:
    lines = _invoice(lines=[_line(1), _line(2, order_id="elsewhere")]).lines
    assert lines is not None
    assert lines["SALESFORCE_LINE_ID"].to_list() == ["l1"]


def test_records_keep_the_order_they_came_in() -> None:
    heads = _customer({"account_id": "a9"}, {"account_id": "a1"}, {"account_id": "a5"}).heads
    assert heads["source_id"].to_list() == ["a9", "a1", "a5"]


def test_a_record_may_claim_the_counterpart_it_already_names() -> None:
    assert _customer({"intacct_customer_id": "C-77"}).heads["claim"].to_list() == ["C-77"]


def test_nothing_to_map_is_nothing_mapped() -> None:
    mappings = parse(TEXTS)
    for mapping in mappings.crossings.values():
        heads = core(mapping.source)
        lines = core(mapping.lines.each) if mapping.lines else None
        evaluated = evaluate(mapping, mappings, heads, lines, Surroundings(BOOKS, _links()))
        assert (evaluated.heads.height, evaluated.findings.height, evaluated.needs.height) == (0, 0, 0)


def test_the_texts_are_all_text() -> None:
    evaluated = _invoice()
    fields = parse(TEXTS).crossings["order_to_invoice"].fields
    assert {evaluated.heads.schema[name] for name in fields} == {pl.String()}
    assert evaluated.lines is not None
    assert set(evaluated.lines.dtypes) == {pl.String()}


# Which records cross at all


@pytest.mark.parametrize(
    ("account", "crosses"),
    [
        ({"type": "Customer"}, True),
        ({"type": "Customer", "is_excluded": False}, True),
        ({"type": "Customer", "is_excluded": True}, False),
        ({"type": "Vendor"}, False),
        ({"type": None}, False),  # no answer is a no
    ],
)
def test_a_record_crosses_when_the_predicate_says_so_and_not_otherwise(account: dict[str, Any], crosses: bool) -> None:
    mappings = parse(TEXTS)
    heads = core("salesforce_accounts", {"account_id": "a1", **account})
    met = meets(mappings.crossings["account_to_customer"], mappings, heads, Surroundings({}, _links()))
    assert met.to_list() == [crosses]


def test_a_predicate_may_look_beside_the_record_and_nobody_beside_it_is_a_no() -> None:
    texts = edited("order_to_invoice.yaml", "when: status_code = 'Activated'", "when: account.name = 'Acme'")
    mappings = parse(texts)
    heads = core("salesforce_orders", _order(), _order(account_id="a2"), _order(account_id="nobody"))
    met = meets(mappings.crossings["order_to_invoice"], mappings, heads, Surroundings(BOOKS, _links()))
    assert met.to_list() == [True, False, False]


def test_without_a_predicate_everything_crosses() -> None:
    mappings = parse(TEXTS)
    heads = core("salesforce_products", {"product_id": "p1"}, {"product_id": "p2"})
    met = meets(mappings.crossings["product_to_item"], mappings, heads, Surroundings({}, _links()))
    assert met.to_list() == [True, True]


# Links


def test_a_link_names_the_counterpart_as_people_name_it() -> None:
    assert _invoice().heads["CUSTOMERID"].to_list() == ["C-1"]


@pytest.mark.parametrize(
    ("links", "subject"),
    [
        (_links(("account_to_customer", "a1", "Acme", None, False), *KNOWN.rows()[3:]), "Acme"),
        (_links(*KNOWN.rows()[3:]), "a1"),
    ],
    ids=["known but not on the other side", "never heard of"],
)
def test_a_document_waits_for_the_counterpart_it_needs(links: pl.DataFrame, subject: str) -> None:
    evaluated = _invoice(links=links)
    assert evaluated.findings.to_dicts() == [finding("o1", "missing_customer", subject, "CUSTOMER", "a1")]
    assert evaluated.heads["CUSTOMERID"].to_list() == [None]


def test_what_is_still_on_its_way_is_a_need_and_no_finding() -> None:
    evaluated = _invoice(
        lines=[_line(1), _line(2, product_id="p2"), _line(3, product_id="p2")],
        salesforce_products=_hardware("p1", "p2"),
    )
    assert evaluated.findings.is_empty()
    assert evaluated.needs.rows() == [("o1", "product_to_item", "p2")]
    assert dict(evaluated.needs.schema) == dict(NEEDS)


def _hardware(*products: str) -> pl.DataFrame:
    return core("salesforce_products", *({"product_id": product, "family": "Hardware"} for product in products))


def test_a_link_may_be_left_out_when_the_mapping_says_so() -> None:
    omit = "CUSTOMERID: {link: account_to_customer, of: account_id, otherwise: omit}"
    texts = edited("order_to_invoice.yaml", "CUSTOMERID: {link: account_to_customer, of: account_id}", omit)
    evaluated = _invoice(links=_links(*KNOWN.rows()[3:]), texts=texts)
    assert evaluated.heads["CUSTOMERID"].to_list() == [None]
    assert evaluated.findings.is_empty()


@pytest.mark.answers("D28")
def test_a_counterpart_that_the_books_have_made_inactive_is_told() -> None:
    links = _links(("account_to_customer", "a1", "Acme", "C-9", True), *KNOWN.rows()[3:])
    told = [finding("o1", "inactive_in_books", "CUSTOMER C-9")]
    assert _invoice(links=links).findings.to_dicts() == told


def test_two_counterparts_of_one_record_do_not_make_two_documents() -> None:
    evaluated = _invoice(links=pl.concat([KNOWN, KNOWN]))
    assert evaluated.heads.height == 1
    assert evaluated.lines is not None
    assert evaluated.lines.height == 2


# Links back


def _mirror(invoice: dict[str, Any], links: pl.DataFrame) -> Evaluated:
    mappings = parse(TEXTS)
    row = {"invoice_key": "7", "invoice_number": "SO-100", "customer_id": "C-1", "total": "1.00", "modified_at": STAMP}
    heads = core("intacct_invoices", {**row, **invoice})
    return evaluate(mappings.crossings["invoice_to_mirror"], mappings, heads, None, Surroundings(BOOKS, links))


def test_a_link_back_names_the_record_that_a_counterpart_came_from() -> None:
    links = _links(
        ("account_to_customer", "a1", "Acme", "C-1", True), ("order_to_invoice", "o1", "100", "SO-100", True)
    )
    evaluated = _mirror({}, links)
    assert evaluated.heads.select("Account__c", "Order__c").rows() == [("a1", "o1")]
    assert evaluated.findings.is_empty()


def test_an_invoice_nobody_ordered_has_no_order_and_is_no_problem() -> None:
    evaluated = _mirror({"invoice_number": None}, _links(("account_to_customer", "a1", "Acme", "C-1", True)))
    assert evaluated.heads.select("Account__c", "Order__c").rows() == [("a1", None)]
    assert evaluated.findings.is_empty()


@pytest.mark.parametrize(
    "links",
    [
        _links(),
        _links(("account_to_customer", "a1", "Acme", "C-1", False)),
        _links(("account_to_customer", "a1", "Acme", None, True)),
        _links(("order_to_invoice", "a1", "Acme", "C-1", True)),
    ],
    ids=["no link", "planned only", "no counterpart", "another crossing"],
)
def test_a_link_back_goes_by_accepted_counterparts_of_that_crossing_only(links: pl.DataFrame) -> None:
    evaluated = _mirror({}, links)
    assert evaluated.findings.to_dicts() == [finding("7", "not_linked", "C-1")]


# Lookups


def test_a_lookup_says_what_the_books_call_it() -> None:
    assert _customer().heads["TERMNAME"].to_list() == ["N30"]


@pytest.mark.parametrize(
    ("terms", "cause", "subject", "column", "seen"),
    [
        (None, "no_value", "Payment terms", "", ""),
        ("Net 99", "unmapped_value", "Payment terms 'Net 99'", "crosswalks/terms.csv", "Net 99"),
        ("Net 60", "inactive_in_books", "ARTERM N60", "", ""),
    ],
)
@pytest.mark.answers("A26", "D29")
def test_a_required_lookup_tells_what_is_not_chosen_not_mapped_or_not_usable(
    terms: str | None, cause: str, subject: str, column: str, seen: str
) -> None:
    accounts = core("salesforce_accounts", {"account_id": "a1", "payment_terms": terms})
    evaluated = _invoice(salesforce_accounts=accounts)
    assert evaluated.findings.to_dicts() == [finding("o1", cause, subject, column, seen)]


@pytest.mark.answers("D29")
def test_a_lookup_into_something_the_books_do_not_list_is_told() -> None:
    evaluated = _invoice(intacct_terms=core("intacct_terms", {"name": "N60", "status": "active"}))
    assert evaluated.findings.to_dicts() == [finding("o1", "unknown_in_books", "ARTERM N30")]


def test_an_optional_lookup_may_be_empty_but_not_wrong() -> None:
    """`otherwise: omit` forgives that nothing was chosen; a choice that has no counterpart is still a mistake."""
    assert _customer({"payment_terms": None}).findings.is_empty()
    assert causes(_customer({"payment_terms": "Net 99"}).findings) == {("a1", "unmapped_value")}
    assert causes(_customer({"payment_terms": "Net 60"}).findings) == {("a1", "inactive_in_books")}


def test_a_lookup_without_a_list_in_the_books_takes_the_crosswalks_word() -> None:
    texts = edited("company.yaml", "    in: intacct_terms\n", "")
    assert _customer({"payment_terms": "Net 60"}, texts=texts).heads["TERMNAME"].to_list() == ["N60"]
    assert _customer({"payment_terms": "Net 60"}, texts=texts).findings.is_empty()


def test_a_lookup_is_literal() -> None:
    for nearly in ("net 30", "Net 30 ", "Net  30"):
        assert causes(_customer({"payment_terms": nearly}).findings) == {("a1", "unmapped_value")}


# Neighbours


def test_a_neighbour_that_is_not_there_is_what_is_missing_and_not_its_values() -> None:
    evaluated = _invoice(_order(account_id="nobody"))
    assert evaluated.heads["TERMNAME"].to_list() == [None]
    assert causes(evaluated.findings) == {("o1", "missing_customer")}
    assert evaluated.heads.height == 1


def test_a_neighbour_of_a_line_that_is_not_there_is_what_is_missing_too() -> None:
    found = _invoice(lines=[_line(1, product_id="gone"), _line(2)]).findings
    assert causes(found) == {("o1", "missing_item")}
    assert set(found["seen"]) == {"gone"}


def test_a_neighbour_that_crosses_nowhere_is_told_by_its_own_name() -> None:
    flat = edited("order_to_invoice.yaml", "{link: account_to_customer, of: account_id}", "account_id")
    found = _invoice(_order(account_id="nobody"), texts=flat).findings
    assert found.to_dicts() == [finding("o1", "missing_record", "Account nobody", "account_id", "nobody")]


@settings(max_examples=20)
@given(st.lists(st.sampled_from(["a1", "a2", "a3", "nobody"]), min_size=1, max_size=5))
def test_neighbours_never_make_or_lose_a_record(accounts: list[str]) -> None:
    orders = [_order(order_id=f"o{n}", account_id=account) for n, account in enumerate(accounts)]
    lines = [_line(order_id=f"o{n}", product_id="nothing") for n in range(len(accounts))]
    evaluated = _invoice(*orders, lines=lines)
    assert evaluated.heads["source_id"].to_list() == [order["order_id"] for order in orders]
    assert evaluated.lines is not None
    assert evaluated.lines.height == len(lines)


# Holds


@pytest.mark.parametrize(
    ("order", "lines", "held"),
    [
        ({}, [_line(1), _line(2)], set()),
        ({}, [_line(1), _line(2, quantity="-1")], {"negative_line"}),
        ({}, [_line(1, quantity="-1"), _line(2, quantity="-1")], {"negative_line"}),
        ({"total_amount": "0.00"}, [_line(1)], {"validation_rule"}),
        ({"total_amount": None}, [_line(1)], set()),  # no answer is a no
    ],
)
def test_a_hold_keeps_a_document_back_once(order: dict[str, Any], lines: list[dict[str, Any]], held: set[str]) -> None:
    found = _invoice(_order(**order), lines=lines).findings
    assert sorted(found["cause"]) == sorted(held)


def test_a_hold_is_told_before_anything_that_is_missing() -> None:
    """What a person has to decide about is not hidden behind what will come by itself."""
    head = _invoice(_order(total_amount="0.00"), links=_links(*KNOWN.rows()[3:])).findings
    line = _invoice(lines=[_line(1, quantity="-1")], links=_links(*KNOWN.rows()[3:])).findings
    assert head["cause"].to_list() == ["validation_rule", "missing_customer"]
    assert line["cause"].to_list() == ["negative_line", "missing_customer"]


def test_a_hold_comes_first_in_a_mapping_without_lines_too() -> None:
    hold = "hold:\n  - {when: not is_active, cause: refused}\nfields:"
    texts = edited("product_to_item.yaml", "fields:", hold)
    item = texts["product_to_item.yaml"].replace("product_code", "{value: product_code, required: true}")
    mappings = parse({**texts, "product_to_item.yaml": item})
    heads = core("salesforce_products", {"product_id": "p1", "name": "Drill", "is_active": False})
    found = evaluate(mappings.crossings["product_to_item"], mappings, heads, None, Surroundings(BOOKS, _links()))
    assert found.findings["cause"].to_list() == ["refused", "missing_value"]


# Limits

NINES = "9" * 19


@pytest.mark.parametrize(
    ("account", "told"),
    [
        ({"name": "x" * 100}, []),
        ({"name": "x" * 101}, [("too_long", "Name (NAME)", "x" * 101 + " (at most 100 characters)")]),
        ({"name": "😀" * 100}, []),  # characters, not bytes
        ({"account_number": "9" * 18}, []),
        (
            {"account_number": "9" * 19},
            [("too_long", "Customer id (CUSTOMERID)", f"C-{'9' * 19} (at most 20 characters)")],
        ),
        ({"account_number": None}, [("missing_value", "Customer id (CUSTOMERID)", "(nothing)")]),
        ({"name": "a\x00b"}, [("unlawful_character", "Name (NAME)", "a\x00b")]),
        ({"name": "a\x0bb"}, [("unlawful_character", "Name (NAME)", "a\x0bb")]),
        ({"name": "a\ufffeb"}, [("unlawful_character", "Name (NAME)", "a\ufffeb")]),
        ({"name": "a\uffffb"}, [("unlawful_character", "Name (NAME)", "a\uffffb")]),
        ({"name": "a\tb\nc\rd"}, []),
        ({"name": "<&>'\" 𐍈 \u200b"}, []),
        ({"tax_id": None}, []),  # nothing is required that is not said to be
    ],
)
@pytest.mark.answers("E11", "E12", "E13", "S2")
def test_a_value_the_other_side_cannot_hold_is_told(account: dict[str, Any], told: list[tuple[str, str, str]]) -> None:
    found = _customer(account).findings
    assert found.select("cause", "subject", "seen").rows() == told


def _causes_if(known: Described, account: dict[str, Any], rule: str = "NAME: name") -> list[str]:
    """What is found of a customer when the systems have said so of themselves."""
    mappings = with_described(parse(edited("account_to_customer.yaml", "NAME: name", rule)), known)
    heads = core("salesforce_accounts", {"account_id": "a1", "account_number": "1", "name": "Acme", **account})
    crossing = mappings.crossings["account_to_customer"]
    return evaluate(crossing, mappings, heads, None, Surroundings(BOOKS, KNOWN)).findings["cause"].to_list()


@pytest.mark.answers("E13")
def test_what_a_system_says_of_its_fields_counts_before_what_we_ship() -> None:
    assert _causes_if(Described(), {"name": "x" * 101}) == ["too_long"]
    assert _causes_if(but("intacct", "CUSTOMER", "NAME", length=101), {"name": "x" * 101}) == []
    assert _causes_if(but("intacct", "CUSTOMER", "NAME", length=3), {}) == ["too_long"]
    # One that does not say how long is as long as we ship it.
    assert _causes_if(but("intacct", "CUSTOMER", "NAME"), {"name": "x" * 101}) == ["too_long"]


def test_a_value_that_is_not_in_the_list_waits_and_nothing_is_no_value() -> None:
    known = but("intacct", "CUSTOMER", "NAME", values=("Acme", "Beta"))
    assert _causes_if(known, {}) == []
    assert _causes_if(known, {"name": "acme"}) == ["not_in_list"]
    assert _causes_if(known, {"name": None}) == []


def test_decimals_that_the_field_does_not_keep_wait_whatever_computed_them() -> None:
    known = but("intacct", "CUSTOMER", "CREDITLIMIT", decimals=0)
    rule = "NAME: name\n  CREDITLIMIT: credit_limit * 1.5"
    assert _causes_if(known, {"credit_limit": "2.00"}, rule) == []
    assert _causes_if(known, {"credit_limit": "3.00"}, rule) == ["too_many_decimals"]


def test_a_number_that_somebody_entered_is_not_rounded_and_one_that_is_computed_is() -> None:
    def invoice(amount: str) -> list[str]:
        texts = edited("order_to_invoice.yaml", "TRX_AMOUNT: total_price", f"TRX_AMOUNT: {amount}")
        return _invoice(lines=[_line(quantity="1.2345")], texts=texts).findings["cause"].to_list()

    assert invoice("quantity") == ["too_many_decimals"]
    assert invoice("quantity * 1.0") == []
    assert invoice("total_price") == []


def test_a_document_of_a_function_of_its_own_is_held_to_the_shorter_of_what_is_said() -> None:
    def found(length: int) -> list[str]:
        mappings = with_described(parse(TEXTS), but("intacct", "ARINVOICE", "RECORDID", length=length))
        heads = core("salesforce_orders", _order(order_number="9" * 30))
        crossing = mappings.crossings["order_to_invoice"]
        lines = core("salesforce_order_items", _line())
        return evaluate(crossing, mappings, heads, lines, Surroundings(BOOKS, KNOWN)).findings["cause"].to_list()

    assert found(45) == ["too_long"]  # create_invoice takes 30, whatever the object's field takes
    assert found(20) == ["too_long"]


@settings(max_examples=60)
@given(st.text(max_size=5))
@pytest.mark.answers("E12")
def test_what_is_let_through_can_be_carried_by_xml(name: str) -> None:
    if _customer({"name": f"x{name}"}).findings.is_empty():
        etree.Element("NAME").text = f"x{name}"  # lxml raises ValueError for what XML cannot carry


def test_an_expression_that_gives_a_float_stops_the_mapping() -> None:
    texts = edited("account_to_customer.yaml", "TAXID: tax_id", "TAXID: cast(intacct_balance as double)")
    with pytest.raises(MappingError, match="account_to_customer, TAXID"):
        _customer(texts=texts)


def _cast(*names: str, rule: str = "cast(name as integer)") -> Evaluated:
    """Accounts under a mapping that reads their names as numbers, which no check lets through any more."""
    texts = edited("account_to_customer.yaml", "TAXID: tax_id", f"TAXID: {rule}")
    return _customer(
        *({"account_id": f"a{place}", "account_number": str(place), "name": name} for place, name in enumerate(names)),
        texts=texts,
    )


def test_a_record_on_which_an_expression_fails_waits_alone() -> None:
    evaluated = _cast("1", "two", "3", "4", "five")
    assert evaluated.heads["TAXID"].to_list() == ["1", None, "3", "4", None]
    found = evaluated.findings.select("document_id", "cause", "subject").rows()
    assert found == [(record, "incomputable", "Tax registration number (TAXID)") for record in ("a1", "a4")]


@pytest.mark.parametrize("rule", ["cast(name as integer)", "cast(name as decimal(99, 2))"])
def test_an_expression_that_fails_on_every_record_stops_the_mapping_by_its_name(rule: str) -> None:
    with pytest.raises(MappingError, match="account_to_customer") as stopped:
        _cast("one", "two", rule=rule)
    assert "try_cast" in stopped.value.remedy


def test_a_predicate_that_fails_stops_the_mapping_by_its_name() -> None:
    texts = edited("account_to_customer.yaml", "type = 'Customer'", "cast(type as integer) = 1")
    mappings = parse(texts)
    heads = core("salesforce_accounts", {"account_id": "a1", "type": "Customer"})
    with pytest.raises(MappingError, match="account_to_customer, when"):
        meets(mappings.crossings["account_to_customer"], mappings, heads, Surroundings(BOOKS, KNOWN))


# What the source itself said


def _hashes(evaluated: Evaluated) -> list[str]:
    return evaluated.heads["source_hash"].to_list()


def test_the_source_hash_does_not_move_with_the_mapping() -> None:
    texts = edited("order_to_invoice.yaml", "DOCNUMBER: po_number", "DOCNUMBER: upper(description)")
    assert _hashes(_invoice(texts=texts)) == _hashes(_invoice())


@pytest.mark.parametrize("column", ["po_number", "department", "effective_on"])
def test_the_source_hash_moves_with_the_source_even_where_no_field_does(column: str) -> None:
    other = {"po_number": "PO 8", "department": "200", "effective_on": "2026-03-18"}[column]
    assert _hashes(_invoice(_order(**{column: other}))) != _hashes(_invoice())


def test_every_record_has_a_version_to_the_microsecond() -> None:
    assert set(_invoice().heads["source_version"]) == {"2026-03-17T09:30:15.123456Z"}
    assert CONTRACTS["salesforce_orders"].stamp == "modified_at"


# What stands in the place of a value


def _worded(old: str, new: str, file: str = "order_to_invoice.yaml") -> Evaluated:
    return _invoice(texts=edited(file, old, new))


def test_a_constant_says_the_same_of_every_record_as_it_stands() -> None:
    said = _worded("DOCNUMBER: po_number", "DOCNUMBER: {constant: the buyer's 007}").heads["DOCNUMBER"].to_list()
    assert said == ["the buyer's 007"]


DEFAULT = {
    **edited("order_to_invoice.yaml", "of: account.payment_terms,", "of: account.payment_terms, default: N30,"),
}


@pytest.mark.parametrize(
    ("account", "terms", "found"),
    [
        ("a1", "N30", []),  # Net 30
        ("a3", "N30", []),  # nothing is chosen
        ("a2", None, ["unmapped_value"]),  # a choice that nobody mapped is no reason to guess
    ],
)
def test_a_default_stands_where_nothing_is_chosen_and_never_for_a_choice_without_counterpart(
    account: str, terms: str | None, found: list[str]
) -> None:
    evaluated = _invoice(_order(account_id=account), texts=DEFAULT)
    assert evaluated.heads["TERMNAME"].to_list() == [terms]
    assert evaluated.findings["cause"].to_list() == found


def test_a_default_that_the_books_no_longer_use_waits() -> None:
    texts = edited("order_to_invoice.yaml", "of: account.payment_terms,", "of: account.payment_terms, default: N60,")
    evaluated = _invoice(_order(account_id="a3"), texts=texts)
    assert evaluated.findings["cause"].to_list() == ["inactive_in_books"]


BY_ENTITY = edited(
    "order_to_invoice.yaml",
    "DEPARTMENTID: document.department",
    "DEPARTMENTID:\n      value: document.department\n      by_entity: {DE: \"'DE-' || document.department\", "
    "FR: {lookup: terms, of: document.po_number}}",
)
BY_ENTITY["order_to_invoice.yaml"] = BY_ENTITY["order_to_invoice.yaml"].replace("mark:", "entity: region\nmark:")


def test_each_entity_has_its_own_rule_and_its_own_findings() -> None:
    orders = [
        _order(order_id="o1", region=None),
        _order(order_id="o2", order_number="2", region="DE"),
        _order(order_id="o3", order_number="3", region="FR"),
        _order(order_id="o4", order_number="4", region="UK"),
        _order(order_id="o5", order_number="5", region="FR", po_number="Net 30"),
    ]
    lines = [_line(n, order_id=f"o{n}") for n in (5, 4, 3, 2, 1)]
    evaluated = _invoice(*orders, lines=lines, texts=BY_ENTITY)
    assert evaluated.heads["entity"].to_list() == [None, "DE", "FR", "UK", "FR"]
    assert evaluated.lines is not None
    said = dict(evaluated.lines.select("source_id", "DEPARTMENTID").iter_rows())
    assert said == {"o1": "100", "o2": "DE-100", "o3": None, "o4": "100", "o5": "N30"}
    assert evaluated.findings.select("document_id", "cause").rows() == [("o3", "unmapped_value")]


def test_lines_that_do_not_cross_are_left_out_of_the_document() -> None:
    texts = edited("order_to_invoice.yaml", "  order_by:", "  when: total_price <> 0\n  order_by:")
    lines = [_line(1), _line(2, total_price="0.00"), _line(3, total_price=None)]
    evaluated = _invoice(lines=lines, texts=texts)
    assert evaluated.lines is not None
    assert evaluated.lines["SALESFORCE_LINE_ID"].to_list() == ["l1"]


def test_several_sources_make_one_field_and_one_source_makes_several() -> None:
    texts = edited("order_to_invoice.yaml", "DOCNUMBER: po_number", "DOCNUMBER: coalesce(po_number, description)")
    texts["order_to_invoice.yaml"] = texts["order_to_invoice.yaml"].replace(
        "  SALESFORCE_ID: order_id", "  SALESFORCE_ID: order_id\n  DESCRIPTION: \"po_number || ' ' || account.name\""
    )
    (head,) = _invoice(texts=texts).heads.to_dicts()
    assert (head["DOCNUMBER"], head["DESCRIPTION"]) == ("PO 7", "PO 7 Acme")

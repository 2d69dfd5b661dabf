"""Whether mappings can work at all: everything they name exists, and each mistake is told at its own line."""

from pathlib import Path

import pytest

from sf_intacct.errors import MappingError
from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.contracts import CONTRACTS, target_contract
from sf_intacct.flow.mapping import Otherwise
from sf_intacct.flow.mapping_check import checked, problems
from sf_intacct.flow.mapping_text import parse
from sf_intacct.store.mapping_files import read_mappings
from sf_intacct_tests.flow.company import TEXTS, edited, line_of

COMMITTED = Path(__file__).resolve().parents[2] / "mappings"
ORDER, ACCOUNT, MIRROR = "order_to_invoice.yaml", "account_to_customer.yaml", "invoice_to_mirror.yaml"


def test_the_small_company_is_in_order() -> None:
    mappings = parse(TEXTS)
    assert problems(mappings) == []
    assert checked(mappings) is mappings


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "seen", "remedy"),
    [
        (ACCOUNT, "claim:", "amendments: update\nclaim:", "amendments", "CUSTOMER cannot be amended by update", "hold"),
        (ORDER, "changed: hold", "changed: update\namendments: update", "amendments", "only documents", "when_changed"),
        (ACCOUNT, "from: salesforce_accounts", "from: salesforce_acounts", "from", "no table", "salesforce_accounts?"),
        (ACCOUNT, "from: salesforce_accounts", "from: intacct_prices", "from", "no stamp", "made of them"),
        (ACCOUNT, "to: intacct.CUSTOMER", "to: intacct.SOPRICELIST", "to:", "no stamp", "made of them"),
        (ACCOUNT, "to: intacct.CUSTOMER", "to: intacct.CUSTOMERS", "to:", "is not read back", "intacct.CUSTOMER?"),
        (ACCOUNT, "  TAXID:", "  TAX_ID:", "TAX_ID", "CUSTOMER has no field TAX_ID that we read back", "TAXID?"),
        (ACCOUNT, "NAME: name", "NAME: nam", "NAME", "'nam' cannot be computed", ""),
        (ACCOUNT, "NAME: name", "NAME: account_nunber", "NAME", "cannot be computed", "account_number?"),
        (ACCOUNT, "NAME: name", "NAME: name ||", "NAME", "cannot be computed", ""),
        (ACCOUNT, "NAME: name", "NAME: current_date", "NAME", "has no place in a mapping", ""),
        (ACCOUNT, "NAME: name", "NAME: cast(intacct_balance as double)", "NAME", "floating point", "decimal"),
        (ACCOUNT, "lookup: terms", "lookup: term", "TERMNAME", "there is no lookup term", "terms?"),
        (ACCOUNT, "of: payment_terms", "of: payment_term", "TERMNAME", "cannot be computed", "payment_terms?"),
        (ACCOUNT, "claim: intacct_customer_id", "claim: customer_id", "claim", "cannot be computed", ""),
        (ACCOUNT, "when: type = 'Customer' and", "when: tpye = 'x' and", "when", "cannot be computed", "type?"),
        (ACCOUNT, "when: type = 'Customer' and not", "when: type or not", "when", "cannot be computed", ""),
        (ACCOUNT, "when: type = 'Customer' and not", "when: left(type, 1) --", "when", "is not true or false", ""),
        (ORDER, "table: salesforce_accounts", "table: accounts", "account: {", "no table accounts", ""),
        (ORDER, "on: account_id}", "on: acount_id}", "account: {", "no column acount_id", "account_id?"),
        (ORDER, "link: account_to_customer", "link: account_to_cust", "CUSTOMERID", "no crossing", "to_customer?"),
        (ORDER, "amount: total_amount", "amount: total", "stake", "cannot be computed", ""),
        (ORDER, "currency: company.currency", "currency: company.curency", "stake", "cannot be computed", ""),
        (ORDER, "cause: validation_rule", "cause: validation_rul", "when: total_amount", "no cause", "validation_rule"),
        (ORDER, "when: total_amount = 0", "when: amount = 0", "when: amount", "cannot be computed", ""),
        (ORDER, "when: total_amount = 0", "when: total_amount", "when: total_amount", "is not true or false", ""),
        (ORDER, "when: quantity < 0", "when: quantty < 0", "any_line", "cannot be computed", "quantity?"),
        (ORDER, "each: salesforce_order_items", "each: salesforce_orders", "each", "is not a table of lines", ""),
        (ORDER, "order_by: order_item_number", "order_by: item_number", "order_by", "no column", "order_item_number?"),
        (ORDER, "table: salesforce_products", "table: products", "product: {", "no table products", ""),
        (ORDER, "on: product_id}", "on: id}", "product: {", "no column id", ""),
        (ORDER, "document.department", "document.departement", "DEPARTMENTID", "cannot be computed", ""),
        (ORDER, "    TRX_AMOUNT:", "    AMOUNT:", " AMOUNT:", "ARINVOICEITEM has no field AMOUNT", "TRX_AMOUNT?"),
        (ORDER, "link: product_to_item", "link: product_to_thing", "ITEMID", "no crossing", "product_to_item?"),
        (ORDER, "lookup: revenue_accounts", "lookup: accounts", "ACCOUNTNO", "no lookup accounts", ""),
        (MIRROR, "linked_back: order_to_invoice", "linked_back: orders", "Order__c", "no crossing orders", ""),
        (ORDER, "WHENCREATED: effective_on", "WHENCREATED: activated_at", "WHENCREATED", "takes a date", "as date)"),
        (ORDER, "WHENCREATED: effective_on", "WHENCREATED: order_number", "WHENCREATED", "takes a date", "as date)"),
        (ORDER, "DOCNUMBER: po_number", "DOCNUMBER: activated_at", "DOCNUMBER", "takes text", "as date)"),
        (ORDER, "TRX_AMOUNT: total_price", "TRX_AMOUNT: description", "TRX_AMOUNT", "takes an amount", "(18, 3)"),
        (ORDER, "TRX_AMOUNT: total_price", "TRX_AMOUNT: {constant: 1.2345}", "TRX_AMOUNT", "not an amount", ""),
        (ORDER, "WHENCREATED: effective_on", "WHENCREATED: {constant: 17.3.2026}", "WHENCREATED", "not a date", ""),
        (ORDER, "mark: SALESFORCE_ID", "mark: SALESFORCE_ID\nentity: regoin", "entity: regoin", "cannot be", "region"),
        (ORDER, "  order_by:", "  when: total_price\n  order_by:", "  when:", "is not true or false", ""),
        ("company.yaml", "in: intacct_terms", "in: intacct_term", "intacct_term", "no table", "intacct_terms?"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_its_line_and_the_nearest_right_name(
    file: str, old: str, new: str, at: str, seen: str, remedy: str
) -> None:
    texts = edited(file, old, new)
    found = problems(parse(texts))
    assert found
    assert found[0].record == f"{file}, line {line_of(texts, file, at)}"
    assert seen in found[0].seen
    assert remedy in found[0].remedy
    with pytest.raises(MappingError, match=r".") as refused:
        checked(parse(texts))
    assert str(refused.value) == str(found[0])


@pytest.mark.parametrize(
    ("sql", "seen"),
    [
        ("cast(name as integer)", "cannot be computed"),  # a text that is no number would stop the whole crossing
        ("cast(name as date)", "cannot be computed"),
        ("cast(name as decimal(99, 2))", "cannot be computed"),  # polars panics
        ("least()", "cannot be computed"),  # and here
        ("interval '1 day'", "the field takes text"),
        ("array[1, 2]", "the field takes text"),
    ],
)
def test_what_would_only_fail_on_a_record_is_told_before_there_is_one(sql: str, seen: str) -> None:
    (problem,) = problems(parse(edited("account_to_customer.yaml", "NAME: name", f'NAME: "{sql}"')))
    assert problem.record == "account_to_customer.yaml, line 12"
    assert seen in problem.seen


def test_every_mistake_is_told_not_only_the_first() -> None:
    texts = edited(ACCOUNT, "NAME: name", "NAME: nam")
    texts[ORDER] = texts[ORDER].replace("po_number", "po").replace("order_by: order_item_number", "order_by: x")
    texts["company.yaml"] = texts["company.yaml"].replace("in: intacct_terms", "in: x")
    told = [error.record.split(",")[0] for error in problems(parse(texts))]
    assert sorted(told) == [ACCOUNT, "company.yaml", ORDER, ORDER]


def test_lines_into_a_target_without_lines_are_refused() -> None:
    lines = TEXTS[ORDER][TEXTS[ORDER].index("lines:") :]
    texts = edited(ACCOUNT, "  SALESFORCE_ID: account_id\n", f"  SALESFORCE_ID: account_id\n{lines}")
    assert [error.seen for error in problems(parse(texts))] == ["intacct.CUSTOMER has no lines"]


def test_a_hold_by_lines_needs_lines() -> None:
    """Without them it would never hold anything, and nobody would know."""
    hold = "hold:\n  - {any_line: true, when: quantity < 0, cause: negative_line}\nidentity: ITEMID"
    texts = edited("product_to_item.yaml", "identity: ITEMID", hold)
    assert [error.seen for error in problems(parse(texts))] == ["this mapping has no lines: nothing would be held"]


def test_a_line_may_look_at_its_document_and_at_neighbours_of_both() -> None:
    wide = "coalesce(product.family, document.department, document.account.name, company.currency)"
    assert problems(parse(edited(ORDER, "DEPARTMENTID: document.department", f'DEPARTMENTID: "{wide}"'))) == []


def test_what_an_entity_says_otherwise_is_checked_at_its_own_line() -> None:
    rule = "DOCNUMBER:\n    value: po_number\n    by_entity:\n      DE: po_numbr\n      FR: {lookup: trms, of: region}"
    texts = edited(ORDER, "DOCNUMBER: po_number", rule)
    texts[ORDER] = texts[ORDER].replace("mark:", "entity: region\nmark:")
    told = {error.record: (error.seen, error.remedy) for error in problems(parse(texts))}
    german, french = (line_of(texts, ORDER, words) for words in ("DE: po_numbr", "FR: {"))
    assert told.keys() == {f"{ORDER}, line {german}", f"{ORDER}, line {french}"}
    assert told[f"{ORDER}, line {german}"][1] == "did you mean po_number?"
    assert told[f"{ORDER}, line {french}"] == ("there is no lookup trms", "did you mean terms?")


# The mappings of this repository


def test_the_committed_mappings_are_in_order() -> None:
    assert problems(read_mappings(COMMITTED)) == []


def test_every_cause_the_committed_mappings_can_give_has_words() -> None:
    mappings = read_mappings(COMMITTED)
    held = {hold.cause for mapping in mappings.crossings.values() for hold in mapping.hold}
    linked = {
        f"missing_{mappings.crossings[rule.link].target_object.lower()}"
        for mapping in mappings.crossings.values()
        for rule in [*mapping.fields.values(), *(mapping.lines.fields.values() if mapping.lines else ())]
        if rule.link and rule.otherwise is Otherwise.REQUIRED
    }
    assert (held | linked) - set(CAUSES) == set()


def test_no_committed_mapping_needs_itself_through_another() -> None:
    """Otherwise its records would wait for one another for ever. Kin within one crossing are put in order by it."""
    needs = {name: mapping.needs - {name} for name, mapping in read_mappings(COMMITTED).crossings.items()}
    done: set[str] = set()
    while ready := {name for name in needs if name not in done and needs[name] <= done}:
        done |= ready
    assert done == set(needs)


def test_every_committed_create_can_be_found_again_by_our_mark_or_its_identity() -> None:
    for mapping in read_mappings(COMMITTED).crossings.values():
        target = target_contract(mapping.target)
        assert target is not None
        assert mapping.identity in target.by_source
        if mapping.mark is None:  # no room for one: the number is ours, and the total is compared
            assert mapping.target == "intacct.ARADJUSTMENT"
            assert mapping.stake is not None
            continue
        assert mapping.mark in target.by_source
        if mapping.creates:
            mark = mapping.fields[mapping.mark]
            assert mark.value == CONTRACTS[mapping.source].key


def test_invoices_of_the_committed_mappings_are_never_changed_by_us() -> None:
    posted = [m for m in read_mappings(COMMITTED).crossings.values() if m.target == "intacct.ARINVOICE"]
    assert [(mapping.crossing, mapping.when_changed.value) for mapping in posted] == [("order_to_invoice", "hold")]
    assert all(mapping.stake for mapping in posted)


TAXED = """lines:
  tax: {detail: TAXENTRIES.DETAILID, amount: TAXENTRIES.TRX_TAX, net: TRX_AMOUNT, included: is_free}
"""


def test_taxes_name_line_fields_that_are_filled_and_predicates_that_can_be_computed() -> None:
    with pytest.raises(MappingError, match=r"tax names TAXENTRIES\.DETAILID, but fields does not fill it"):
        parse(edited(ORDER, "lines:\n", TAXED))
    filled = "    TRX_AMOUNT: total_price\n    TAXENTRIES.DETAILID: description\n    TAXENTRIES.TRX_TAX: total_price\n"
    text = TEXTS[ORDER].replace("lines:\n", TAXED).replace("    TRX_AMOUNT: total_price\n", filled)
    (wrong,) = problems(parse({**TEXTS, ORDER: text}))
    assert "'is_free' cannot be computed" in str(wrong)

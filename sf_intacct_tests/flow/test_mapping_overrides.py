"""Overrides: what one environment says otherwise, merged before anything is judged, and told where it stands."""

from typing import Any

import pytest
import yaml
from hypothesis import given, settings, strategies as st

from sf_intacct.errors import MappingError
from sf_intacct.flow.mapping_check import problems
from sf_intacct.flow.mapping_text import Mappings, parse, revision
from sf_intacct_tests.flow.company import TEXTS, line_of

FILE = "overrides/production.yaml"
SOUND = """\
says: The books of the live company.
company:
  constants: {currency: EUR}
  lookups:
    terms: {crosswalk: crosswalks/revenue_accounts.csv}
crossings:
  order_to_invoice:
    when: status_code = 'Activated' and total_amount > 0
    fields:
      TERMNAME: "'Net 10'"
      DESCRIPTION: description
    lines:
      without: [DEPARTMENTID]
      fields:
        LOCATIONID: {constant: E100}
  account_to_customer:
    without: [TAXID]
"""


def _with(text: str, name: str = "production") -> dict[str, str]:
    return {**TEXTS, f"overrides/{name}.yaml": text}


def _refused(text: str) -> MappingError:
    with pytest.raises(MappingError) as refused:
        parse(_with(text), ["production"])
    return refused.value


def test_keys_are_laid_over_keys_and_a_rule_is_replaced_whole() -> None:
    mappings = parse(_with(SOUND), ["production"])
    order = mappings.crossings["order_to_invoice"]
    assert problems(mappings) == []
    assert order.when == "status_code = 'Activated' and total_amount > 0"
    assert (order.fields["TERMNAME"].value, order.fields["TERMNAME"].lookup) == ("'Net 10'", None)
    assert order.fields["DOCNUMBER"].value == "po_number"
    assert order.lines is not None
    assert order.lines.fields["LOCATIONID"].constant == "E100"
    assert "DEPARTMENTID" not in order.lines.fields
    assert "TAXID" not in mappings.crossings["account_to_customer"].fields
    assert mappings.company.constants == {"currency": "EUR"}
    assert mappings.company.lookups["terms"].says == "Payment terms"
    assert mappings.crosswalks["terms"].rows()[0] == ("Hardware", "4000")


def test_an_override_that_was_not_chosen_does_not_count() -> None:
    unchosen = parse(_with(SOUND))
    assert unchosen.crossings == parse(TEXTS).crossings
    assert unchosen.revision == revision(TEXTS)
    assert parse(_with(SOUND), ["production"]).revision != revision(TEXTS)


def test_of_several_overrides_the_last_has_the_last_word() -> None:
    texts = _with("company: {constants: {currency: EUR, a: x}}\n") | _with(
        "company: {constants: {currency: GBP}}\n", "uk"
    )
    assert parse(texts, ["production", "uk"]).company.constants == {"currency": "GBP", "a": "x"}
    assert parse(texts, ["uk", "production"]).company.constants == {"currency": "EUR", "a": "x"}
    assert parse(texts, ["uk", "production"]).revision != parse(texts, ["production", "uk"]).revision


@pytest.mark.parametrize(
    ("old", "new", "at", "seen", "remedy"),
    [
        ("crossings:", "crosings:", "crosings", "unknown key crosings", "crossings?"),
        ("  order_to_invoice:", "  order_to_invoise:", "invoise", "there is no crossing", "order_to_invoice?"),
        ("    when: ", "    wen: ", "wen:", "unknown key wen", "when?"),
        ("[DEPARTMENTID]", "[DEPARTMENT]", "[DEPARTMENT]", "there is no field DEPARTMENT", "DEPARTMENTID?"),
        ("[DEPARTMENTID]", "DEPARTMENTID", "without: D", "not a list of fields", ""),
        ("[TAXID]", "[]\n    crossing: other", "crossing: other", "cannot rename", ""),
        ("{constant: E100}", "{constnt: E100}", "constnt", "unknown key constnt", "constant?"),
        ("    when: status_code = 'Activated' and total_amount > 0", "    stake: x", "stake: x", "stake: Input", ""),
        ("revenue_accounts.csv", "revenue.csv", "revenue.csv", "there is no file", "revenue_accounts.csv?"),
        ("constants: {currency: EUR}", "constants:", "constants:", "constants has no value", ""),
        ("  order_to_invoice:", "  order_to_invoice: x\n  product_to_item:", ": x", "not a set of keys", ""),
    ],
)  # fmt: skip
def test_a_mistake_in_an_override_is_told_at_its_own_line(old: str, new: str, at: str, seen: str, remedy: str) -> None:
    assert SOUND.count(old) == 1
    text = SOUND.replace(old, new)
    error = _refused(text)
    assert error.record == f"{FILE}, line {line_of({FILE: text}, FILE, at)}"
    assert seen in error.seen
    assert remedy in error.remedy


def test_what_cannot_be_computed_is_told_in_the_file_that_says_it() -> None:
    text = SOUND.replace("DESCRIPTION: description", "DESCRIPTION: descripton").replace("E100}", "E100, owner: x}")
    assert _refused(text).record == f"{FILE}, line {line_of({FILE: text}, FILE, 'E100')}"
    text = SOUND.replace("DESCRIPTION: description", "DESCRIPTION: descripton")
    (problem,) = problems(parse(_with(text), ["production"]))
    assert problem.record == f"{FILE}, line {line_of({FILE: text}, FILE, 'descripton')}"
    assert problem.remedy == "did you mean description?"


def test_what_the_base_says_wrong_is_told_in_the_base() -> None:
    texts = {**_with(SOUND), "order_to_invoice.yaml": TEXTS["order_to_invoice.yaml"].replace("po_number", "po_numbr")}
    (problem,) = problems(parse(texts, ["production"]))
    line = line_of(texts, "order_to_invoice.yaml", "po_numbr")
    assert problem.record == f"order_to_invoice.yaml, line {line}"


def test_an_override_that_is_not_there_is_told_with_the_nearest_name() -> None:
    with pytest.raises(MappingError) as refused:
        parse(_with(SOUND), ["prodction"])
    assert refused.value.record == "overrides/prodction.yaml, line 1"
    assert refused.value.remedy == "did you mean production?"


KEYS = """
company crossings order_to_invoice fields lines without when lookups terms stake constants identity beside hold of value
by_entity entity DOCNUMBER each says x
"""
keys = st.sampled_from(KEYS.split())
values = st.recursive(
    st.sampled_from(["x", "true", "''", "0", "name", "DOCNUMBER", "SALESFORCE_ID"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(keys, inner, max_size=3),
    max_leaves=10,
)


@settings(max_examples=300, deadline=None)
@given(st.dictionaries(keys, values, max_size=4), st.text(max_size=6))
def test_no_override_at_all_ends_in_anything_but_a_mapping_error(plain: dict[str, Any], noise: str) -> None:
    """Whole or not at all: either all of it counts, or a MappingError with file and line says no."""
    text = yaml.safe_dump(plain, allow_unicode=True) + "# " + noise.replace("\r", "") + "\n"
    wrong: list[MappingError] = []
    loaded: Mappings | None = None
    try:
        loaded = parse(_with(text), ["production"])
        wrong = problems(loaded)
    except MappingError as error:
        wrong = [error]
    assert [str(error) for error in wrong if ", line " not in error.record] == []
    if loaded is not None:
        assert loaded.crossings.keys() == parse(TEXTS).crossings.keys()

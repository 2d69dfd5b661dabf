"""From text to mappings: whole or not at all, every error with file, line and a way out, and nothing guessed."""

from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings, strategies as st

from sf_intacct.errors import MappingError
from sf_intacct.flow.mapping import Mode
from sf_intacct.flow.mapping_check import problems
from sf_intacct.flow.mapping_document import read_yaml, suggestion
from sf_intacct.flow.mapping_text import Mappings, parse, revision
from sf_intacct.store.mapping_files import read_texts
from sf_intacct_tests.flow.company import TEXTS, edited, line_of

COMMITTED = Path(__file__).resolve().parents[2] / "mappings"
ORDER, ACCOUNT = "order_to_invoice.yaml", "account_to_customer.yaml"


def _refused(texts: dict[str, str]) -> MappingError:
    with pytest.raises(MappingError) as refused:
        parse(texts)
    return refused.value


# What is read


def test_files_become_crossings_by_the_name_they_give_themselves() -> None:
    mappings = parse({**TEXTS, "renamed.yaml": TEXTS[ACCOUNT]} | {ACCOUNT: TEXTS[ORDER], ORDER: TEXTS[ORDER]} and TEXTS)
    assert set(mappings.crossings) == {
        "account_to_customer",
        "product_to_item",
        "order_to_invoice",
        "invoice_to_mirror",
    }
    assert mappings.crossings["account_to_customer"].fields["CUSTOMERID"].mode is Mode.CREATE_ONLY
    assert mappings.company.constants == {"currency": "USD"}
    assert mappings.crosswalks["terms"].rows() == [("Net 30", "N30"), ("Net 60", "N60")]


def test_a_company_without_lookups_needs_no_company_file() -> None:
    mappings = parse({"product_to_item.yaml": TEXTS["product_to_item.yaml"]})
    assert list(mappings.crossings) == ["product_to_item"]
    assert mappings.crosswalks == {}


@pytest.mark.parametrize(
    "number",
    ["00123", "1_000", "0x10", "1e3", "2026-03-17", "12:30:00", "~", "null", "yes", "on", "True", "3.10", ".inf"],
)
@pytest.mark.answers("E17")
def test_what_looks_like_a_number_a_date_or_a_yes_stays_text(number: str) -> None:
    constants = parse(edited("company.yaml", "currency: USD", f"entity: {number}")).company.constants
    assert constants == {"entity": number}


def test_true_and_false_are_the_only_values_that_are_not_text() -> None:
    plain = read_yaml("x.yaml", "a: true\nb: false\nc: 'true'\nd: TRUE\ne: 7\n").values
    assert plain == {"a": True, "b": False, "c": "true", "d": "TRUE", "e": "7"}


@pytest.mark.answers("H4")
def test_crosswalks_stay_text_as_a_spreadsheet_would_not_leave_them() -> None:
    texts = edited("crosswalks/terms.csv", "Net 30,N30", '00123,3-1\nTRUE,1E5\n"a, b","say ""x"""')
    assert parse(texts).crosswalks["terms"].rows()[:3] == [("00123", "3-1"), ("TRUE", "1E5"), ("a, b", 'say "x"')]


@pytest.mark.answers("H4")
def test_a_crosswalk_of_nothing_but_numbers_stays_text() -> None:
    texts = {**TEXTS, "crosswalks/revenue_accounts.csv": "salesforce,intacct\n001,0400\n002,0500\n"}
    assert parse(texts).crosswalks["revenue_accounts"].rows() == [("001", "0400"), ("002", "0500")]


def test_the_revision_hangs_on_every_file_and_on_nothing_else() -> None:
    assert revision(TEXTS) == revision(dict(reversed(TEXTS.items())))
    for file in TEXTS:
        assert revision({**TEXTS, file: TEXTS[file] + "#"}) != revision(TEXTS)
        assert revision({**TEXTS, f"{file}.bak": ""}) != revision(TEXTS)
    assert parse(TEXTS).revision == revision(TEXTS)


def test_fields_that_some_crossing_writes_are_known_but_not_those_it_goes_by() -> None:
    mappings = parse(TEXTS)
    assert mappings.written("intacct", "CUSTOMER") == {"NAME", "TAXID", "TERMNAME", "SALESFORCE_ID"}
    assert mappings.written("salesforce", "Account") == frozenset()


# What is refused


@pytest.mark.parametrize(
    ("file", "old", "new", "at", "seen", "remedy"),
    [
        (ORDER, "identity: RECORDID", "identify: RECORDID", "identify", "unknown key identify", "mean identity?"),
        (ORDER, "  TRX_AMOUNT: total_price", "  TRX_AMOUNT: {valeu: x}", "valeu", "unknown key valeu", "value"),
        (ORDER, "of: account_id", "off: account_id", "CUSTOMERID:", "unknown key off", "of"),
        (ORDER, "amount: total_amount, ", "", "stake", "the key amount is missing", ""),
        (ORDER, "stake: {amount", "stake: {sum", "stake", "unknown key sum", ""),
        (ORDER, "when_changed: hold", "when_changed: panic", "when_changed", "'update' or 'hold'", ""),
        (ORDER, "ed: hold", "ed: hold\namendments: credit_and_rebill", "amendments", "'hold' or 'update'", ""),
        (ORDER, "to: intacct.ARINVOICE", "to: ARINVOICE", "to: ARINVOICE", "to: String should match", ""),
        (ORDER, "any_line: true", "any_line: perhaps", "any_line", "any_line: Input should be a valid boolean", ""),
        (ORDER, "  each: salesforce_order_items\n", "", "lines:", "the key each is missing", ""),
        (ORDER, "mode: create_only}\n  DOC", "mode: once}\n  DOC", "TERMNAME", "'create_only' or 'sync_once'", ""),
        (ORDER, "{lookup: terms, of: account", "{lookup: terms, link: x, of: account", "TERMNAME", "exactly one", ""),
        ("company.yaml", "    crosswalk: crosswalks/terms.csv\n", "", "terms:", "crosswalk is missing", ""),
        ("company.yaml", "lookups:", "look_ups:", "look_ups", "unknown key look_ups", "lookups?"),
        ("company.yaml", "constants:\n  currency: USD", "constants: USD", "constants", "valid dictionary", ""),
        ("company.yaml", "crosswalks/terms.csv", "crosswalks/term.csv", "crosswalks/term.csv", "no file", "terms.csv?"),
    ],
)  # fmt: skip
def test_an_error_says_where_what_and_what_was_meant(
    file: str, old: str, new: str, at: str, seen: str, remedy: str
) -> None:
    texts = edited(file, old, new)
    error = _refused(texts)
    assert error.doing == "reading the mappings"
    assert error.record == f"{file}, line {line_of(texts, file, at)}"
    assert seen in error.seen
    assert remedy in error.remedy


@pytest.mark.parametrize(
    ("text", "line", "seen"),
    [
        ("a: 1\nb: 2\na: 3\n", 3, "the key a stands here twice"),
        ("a:\n  b: 1\n  b: 2\n", 3, "the key b stands here twice"),
        ("1: x\n'1': y\n", 2, "the key 1 stands here twice"),
        ("a: &anchor 1\n", 1, "the anchor or alias anchor"),
        ("a: 1\nb: *anchor\n", 2, "the anchor or alias anchor"),
        ("a: &loop [*loop]\n", 1, "the anchor or alias loop"),
        ("a: x\nb: !!python/object/apply:os.system ['id']\n", 2, "python/object/apply:os.system"),
        ("a: !!python/name:os.system x\n", 1, "python/name:os.system"),
        ("a: !!binary aGk=\n", 1, "binary"),
        ("a: !!set {b, c}\n", 1, "set"),
        ("a: !mine x\n", 1, "!mine"),
        ("a: b: c\n", 1, "mapping values are not allowed"),
        ("a: 'open\n", 2, "while scanning a quoted scalar"),
        ("a:\n\t- b\n", 2, "cannot start any token"),
        ("a: 1\n---\nb: 2\n", 2, "single document"),
        ("<<<<<<< ours\na: 1\n=======\na: 2\n>>>>>>> theirs\n", 2, "mapping values are not allowed"),
        ("a: \0\n", 1, "special characters are not allowed"),
        ("a: x\nb:\n", 2, "b has no value"),
        ("a: [x, ]\nb:\n  - x\n  -\n", 4, "1 has no value"),
        ("a: x\nb:\n  # c: x\n", 2, "b has no value"),
        ("[" * 600 + "]" * 600 + "\n", 1, "too deeply nested"),
    ],
)
@pytest.mark.answers("H5", "H6")
def test_text_that_says_more_than_plain_values_is_refused_with_its_line(text: str, line: int, seen: str) -> None:
    with pytest.raises(MappingError) as refused:
        read_yaml("some.yaml", text)
    assert refused.value.record == f"some.yaml, line {line}"
    assert seen in refused.value.seen


def test_a_small_file_cannot_grow_large() -> None:
    """Nine references of nine references, nine times over, would be 400 million values."""
    bomb = "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 10))
    assert "anchor" in _refused({**TEXTS, "company.yaml": bomb}).seen


@pytest.mark.parametrize("text", ["- a\n- b\n", "just words\n", "7\n"])
def test_a_file_that_is_no_set_of_keys_is_refused(text: str) -> None:
    error = _refused({**TEXTS, "company.yaml": text})
    assert (error.record, error.seen) == ("company.yaml, line 1", "the file is not a set of keys and values")


def test_an_empty_file_is_no_mapping() -> None:
    assert "the key crossing is missing" in _refused({**TEXTS, "new.yaml": "# to be written\n"}).seen


@pytest.mark.answers("H5")
def test_one_crossing_cannot_be_declared_in_two_files() -> None:
    error = _refused({**TEXTS, "z.yaml": "# a copy\n" + TEXTS[ORDER]})
    assert error.record == "z.yaml, line 2"
    assert error.seen == "the crossing order_to_invoice is declared twice"


@pytest.mark.parametrize(
    ("csv", "seen"),
    [
        ("salesforce,intacct\nNet 30,N30\nNet 30,N60\n", "says two things about 'Net 30'"),
        ("salesforce,intacct\nNet 30,N30\nNet 30,N30\n", "says two things about 'Net 30'"),
        ("sales,books\nNet 30,N30\n", "not a CSV with columns salesforce and intacct"),
        ("salesforce;intacct\nNet 30;N30\n", "not a CSV with columns salesforce and intacct"),
        ("salesforce,intacct\nNet 30,N30,extra\n", "not a CSV with columns salesforce and intacct"),
        ("\n", "not a CSV with columns salesforce and intacct"),
    ],
)
@pytest.mark.answers("H5")
def test_a_crosswalk_that_contradicts_itself_or_is_none_is_refused(csv: str, seen: str) -> None:
    error = _refused({**TEXTS, "crosswalks/terms.csv": csv})
    assert error.record == f"company.yaml, line {line_of(TEXTS, 'company.yaml', 'crosswalks/terms.csv')}"
    assert seen in error.seen


def test_a_value_without_a_counterpart_is_kept_to_be_told_later() -> None:
    crosswalk = parse({**TEXTS, "crosswalks/terms.csv": "salesforce,intacct\nNet 30,\n"}).crosswalks["terms"]
    assert crosswalk.rows() == [("Net 30", None)]


@pytest.mark.parametrize(
    ("name", "known", "said"),
    [
        ("identfy", ["identity", "mark"], "did you mean identity?"),
        ("acount_id", ["account_id", "amount"], "did you mean account_id?"),
        ("zzz", ["identity", "mark"], ""),
        ("", ["identity"], ""),
        ("x", [], ""),
    ],
)
def test_a_suggestion_is_near_or_is_not_made(name: str, known: list[str], said: str) -> None:
    assert suggestion(name, known) == said


@pytest.mark.parametrize("file", [ORDER, "crosswalks/terms.csv"])
def test_a_character_that_was_lost_on_the_way_is_not_taken_for_one(file: str) -> None:
    """What an editor writes in the place of a character that it could not read."""
    error = _refused({**TEXTS, file: TEXTS[file] + "# f\ufffdllig\n"})
    assert error.record == f"{file}, line {TEXTS[file].count(chr(10)) + 1}"
    assert error.seen == "a character that was lost when the file was saved"


# Whole or not at all


def _in_order(texts: dict[str, str]) -> Mappings | None:
    """The mappings if they load and nothing is wrong with them; None if a MappingError with file and line says no."""
    wrong: list[MappingError] = []
    try:
        mappings = parse(texts)
        wrong = problems(mappings)
    except MappingError as error:
        wrong = [error]
    assert [str(error) for error in wrong if ", line " not in error.record] == []
    return None if wrong else mappings


@pytest.mark.parametrize("file", TEXTS)
@pytest.mark.answers("H3")
def test_a_file_cut_in_the_middle_of_a_line_never_loads(file: str) -> None:
    text = TEXTS[file]
    halves = [text[:end] for end in range(len(text)) if text[end - 1] != "\n"]
    assert [half for half in halves if _in_order({**TEXTS, file: half})] == []


@pytest.mark.answers("H3")
def test_one_bad_file_means_that_none_is_read() -> None:
    for file in TEXTS:
        with pytest.raises(MappingError):
            parse({**TEXTS, file: TEXTS[file].rstrip("\n")})


def test_the_cut_that_would_have_coded_to_another_account_says_what_to_do() -> None:
    error = _refused(edited("crosswalks/revenue_accounts.csv", "Services,4300\n", "Services,43"))
    assert error.record == "crosswalks/revenue_accounts.csv, line 3"
    assert "line break at its end" in error.remedy


committed = read_texts(COMMITTED)
shared_by_all = {file: text for file, text in committed.items() if file == "company.yaml" or file.endswith(".csv")}
noise = st.text(max_size=8) | st.sampled_from(
    ["\n", "\t", "[", "{", "&a ", "*a", "!!", "- ", ": ", "'", '"', "|", "%", "`"]
)


@settings(max_examples=200)
@given(st.sampled_from(sorted(committed)), st.data())
def test_no_damage_to_a_file_ends_in_anything_but_a_mapping_error(file: str, data: st.DataObject) -> None:
    text = committed[file]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 40)))
    _in_order({**shared_by_all, file: text[:start] + data.draw(noise) + text[end:]})


@settings(max_examples=150)
@given(st.sampled_from([ORDER, "company.yaml", "crosswalks/terms.csv"]), st.text(max_size=120))
def test_no_text_at_all_ends_in_anything_but_a_mapping_error(file: str, text: str) -> None:
    _in_order({**TEXTS, file: text + "\n"})


@pytest.mark.long
@settings(max_examples=600, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_no_damage_in_several_files_at_once_ends_in_anything_but_a_mapping_error(data: st.DataObject) -> None:
    """Whole, with everything that refers to everything else: lines lost, doubled and swapped, words of other files."""
    texts = dict(committed)
    for file in data.draw(st.lists(st.sampled_from(sorted(committed)), min_size=1, max_size=3)):
        lines = texts[file].splitlines(keepends=True) or [""]
        at, other = (data.draw(st.integers(0, len(lines) - 1)) for _ in range(2))
        damage = data.draw(st.sampled_from(["lose", "double", "swap", "noise", "sql", "indent"]))
        changed = {
            "lose": "",
            "double": lines[at] * 2,
            "swap": lines[other],
            "noise": lines[at].rstrip("\n") + data.draw(noise) + "\n",
            "sql": lines[at].partition(":")[0] + ": " + data.draw(st.sampled_from(_AWKWARD)) + "\n",
            "indent": "  " + lines[at],
        }
        texts[file] = "".join([*lines[:at], changed[damage], *lines[at + 1 :]])
    _in_order(texts)


# Expressions that polars understands otherwise than it computes, or does not foresee.
_AWKWARD = [
    '"least()"',
    '"cast(name as decimal(99, 2))"',
    '"cast(1 as decimal(38, 40))"',
    '"(select 1)"',
    "\"name ~ '('\"",
    '"x.y.z"',
    '"*"',
    "\"interval '1 day'\"",
    '"array[1, 2]"',
    '"company"',
    "[[[[]]]]",
    "{value: {value: x}}",
    "{link: a, of: [b]}",
    "{by_entity: {a: {by_entity: {b: c}}}}",
    "~",
    "true",
]
words = st.text("abcdefghij_ABC. '()=<>|,", max_size=24)


@settings(max_examples=150)
@given(words, words)
def test_no_sql_at_all_ends_in_anything_but_a_mapping_error(when: str, value: str) -> None:
    text = f"""\
crossing: product_to_item
says: A product becomes an item.
from: salesforce_products
to: intacct.ITEM
identity: ITEMID
when: {_quoted(when)}
fields:
  ITEMID: {_quoted(value)}
"""
    _in_order({"product_to_item.yaml": text})


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


values = st.recursive(
    st.text("ab é#:-", max_size=6) | st.booleans(),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=100)
@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), values, max_size=4))
def test_plain_values_survive_the_way_through_yaml(plain: dict[str, object]) -> None:
    assert read_yaml("x.yaml", yaml.safe_dump(plain, allow_unicode=True)).values == plain

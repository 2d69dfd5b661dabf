"""The catalogue: every cause has words, every refusal that matters is recognised, and no data can break a sentence."""

import ast
import inspect
import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

import pytest
from hypothesis import given, strategies as st

import sf_intacct
from sf_intacct.flow.amendments import Change, Policy, Stage, ruling
from sf_intacct.flow.catalogue import CAUSES, remedy, where, who, words
from sf_intacct.flow.messages import MESSAGES
from sf_intacct.flow.places import PLACES
from sf_intacct.flow.refusals import recognised
from sf_intacct.sandbox.intacct import problems
from sf_intacct.sandbox.intacct.problems import Problem
from sf_intacct.store.mapping_files import read_mappings
from sf_intacct_tests.shared_data import shared

SOURCE = Path(sf_intacct.__file__).parent
# A label in the plan for what somebody left alone; it is never told as an exception.
NEVER_TOLD = {"ignored"}


# Every cause that is used has words


def _texts(node: ast.AST) -> Iterator[str]:
    for one in ast.walk(node):
        if isinstance(one, ast.Constant) and isinstance(one.value, str):
            yield one.value


def _named(node: ast.Call) -> str:
    return node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")


def _causes_in(node: ast.AST) -> Iterator[str]:
    """Causes as the house spells them: what `findings` is called with, and what a column or key `cause` is set to."""
    match node:
        case ast.Call(args=[_, ast.JoinedStr(), *_]):
            return  # missing_<target>: the mappings say which there are, and test_mapping_check asks them
        case ast.Call(args=[_, cause, *_]) if _named(node) in ("findings", "_told"):
            yield from _texts(cause)
        case ast.Call(args=[ast.Constant("cause")]) if _named(node) == "alias":
            for call in ast.walk(node.func):
                yield from _texts(call) if isinstance(call, ast.Call) and _named(call) == "lit" else ()
        case ast.Dict():
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "cause" and isinstance(value, ast.Constant):
                    yield from _texts(value)
        case ast.Assign(targets=[ast.Name("causes")], value=ast.Dict(values=values)):
            for value in values:
                yield from _texts(value)


def _used() -> set[str]:
    files = [file for file in SOURCE.rglob("*.py") if "sandbox" not in file.parts]
    nodes = (node for file in files for node in ast.walk(ast.parse(file.read_text())))
    ruled = {ruling(*cell).cause or "" for cell in product(Policy, Change, Stage)}
    return ruled | {cause for node in nodes for cause in _causes_in(node)}


def test_every_cause_that_is_used_anywhere_is_in_the_catalogue() -> None:
    used = _used()
    assert {
        "lines_do_not_sum",
        "identity_taken",
        "cannot_settle",
        "withdrawn_after_posting",
        "duplicate_record",
    } <= used
    assert used - set(CAUSES) - {"", *NEVER_TOLD} == set()


def test_no_cause_of_the_catalogue_has_become_unused() -> None:
    """Besides what the code names, mappings hold documents and miss links, and refusals are recognised."""
    mappings = read_mappings(SOURCE.parent / "mappings").crossings.values()
    named = {hold.cause for mapping in mappings for hold in mapping.hold}
    named |= {cause for cause in CAUSES if cause.startswith("missing_")}
    named |= {message.cause for message in MESSAGES} | {"refused"}
    assert set(CAUSES) - named - _used() == set()


def test_every_recognised_refusal_is_in_the_catalogue() -> None:
    assert {message.cause for message in MESSAGES} - set(CAUSES) == set()


def test_every_place_is_that_of_a_cause() -> None:
    assert set(PLACES) - set(CAUSES) == set()


@pytest.mark.parametrize("cause", CAUSES)
def test_every_cause_says_why_what_mends_it_and_who(cause: str) -> None:
    declared = CAUSES[cause]
    assert declared.who in ("sales", "finance", "operations")
    assert re.fullmatch(r".*(\.|\{subject\}|\{seen\})", declared.words)
    assert re.fullmatch(r"[A-Z].*\.", declared.remedy)
    holes = set(re.findall(r"\{(\w+)\}", declared.words + declared.remedy + where(cause, "{seen}", "", "")))
    assert holes <= {"subject", "seen", "column"}


@pytest.mark.parametrize("cause", [*CAUSES, "a cause of tomorrow"])
def test_every_cause_says_where_it_is_mended(cause: str) -> None:
    assert re.match(r"[A-Zm]", where(cause, "SKU-9", "x", "crosswalks/terms.csv"))


def test_the_place_names_the_very_thing_or_file() -> None:
    assert (
        where("unmapped_value", "Region 'East'", "East", "crosswalks/locations.csv")
        == "mappings/crosswalks/locations.csv"
    )
    assert where("missing_item", "SKU-9", "01t") == "Salesforce: Products, SKU-9 > Product Code, Active"


# Words


def test_the_holes_are_filled_with_what_was_seen() -> None:
    assert words("unreadable_value", "Due date", "tomorrow") == "Due date cannot be read: tomorrow."
    assert remedy("unmapped_value", "x", "y", "crosswalks/terms.csv").startswith("Add it to crosswalks/terms.csv,")
    assert who("number_taken") == "finance"


def test_a_cause_nobody_knows_keeps_the_words_it_came_with() -> None:
    assert words("NEW-1", "The moon is full", "") == "The moon is full"
    assert who("NEW-1") == "operations"
    assert remedy("NEW-1", "", "") == CAUSES["refused"].remedy


anything = st.text() | st.sampled_from(
    ["{subject}", "{seen}", "{", "}", "{0}", "%s", "\\g<0>", "\\1", "{column}{seen}"]
)


@given(st.sampled_from(sorted(CAUSES)), anything, anything, anything)
def test_no_brace_and_no_backslash_in_data_can_break_a_sentence(
    cause: str, subject: str, seen: str, column: str
) -> None:
    template = CAUSES[cause].words
    before, *rest = re.split(r"\{\w+\}", template)
    sentence = words(cause, subject, seen, column)
    assert sentence.startswith(before)
    assert sentence.endswith(rest[-1] if rest else before)
    if "{subject}" in template:
        assert subject in sentence
    given_texts = {"subject": subject, "seen": seen, "column": column}
    filled = sum(len(given_texts[hole]) - len(hole) - 2 for hole in re.findall(r"\{(\w+)\}", template))
    assert len(sentence) == len(template) + filled


# Refusals, in the sandbox's words


SPOKEN: list[tuple[Problem, str, str]] = [
    (problems.period_closed("BL1", "02/28/2026"), "period_closed", "2026-02"),
    (problems.missing_dimension("Department", "4000"), "missing_dimension", "Department"),
    (problems.missing_dimension("Cost Code", "4000"), "missing_dimension", "Cost Code"),
    (problems.on_hold("C-1"), "customer_on_hold", "C-1"),
    (problems.number_taken("SO-100"), "number_taken", "SO-100"),
    (problems.unknown_reference("CUSTOMER", "C-1"), "invalid_in_books", "Customer 'C-1'"),
    (problems.unknown_reference("CONTACT", "Ann B. (x1)"), "invalid_in_books", "Contact 'Ann B. (x1)'"),
    (problems.unknown_reference("ITEM", "SKU.9"), "invalid_in_books", "item 'SKU.9'"),
    (problems.unknown_reference("ARTERM", "Net 30"), "invalid_in_books", "term name 'Net 30'"),
    (problems.unknown_reference("GLACCOUNT", "4000"), "invalid_in_books", "Account 4000"),
    (problems.unknown_reference("ARACCOUNTLABEL", "Sales"), "invalid_in_books", "account label 'Sales'"),
    (problems.unknown_reference("DEPARTMENT", "100"), "invalid_in_books", "department '100'"),
    (problems.unknown_reference("LOCATION", "E01"), "invalid_in_books", "location 'E01'"),
    (problems.unknown_reference("CLASS", "HW"), "invalid_in_books", "Class 'HW'"),
    (problems.inactive_reference("CUSTOMER", "Customer", "C-1"), "invalid_in_books", "Customer 'C-1'"),
    (problems.inactive_reference("DEPARTMENT", "Department", "100"), "invalid_in_books", "Department 100"),
    (problems.inactive_reference("LOCATION", "Location", "E01"), "invalid_in_books", "Location 'E01'"),
    (problems.inactive_reference("ITEM", "Item", "DRL"), "invalid_in_books", "item 'DRL'"),
]


@pytest.mark.parametrize(("problem", "cause", "subject"), SPOKEN, ids=lambda value: getattr(value, "text", ""))
def test_a_refusal_of_the_books_is_recognised_with_what_it_is_about(problem: Problem, cause: str, subject: str) -> None:
    assert recognised(problem.errorno, problem.text) == (cause, subject)
    sentence = words(cause, subject, problem.text)
    assert sentence.endswith(".")
    assert "Invalid" not in sentence


def _every_problem() -> Iterator[Problem]:
    for name, make in vars(problems).items():
        if inspect.isfunction(make) and make.__module__ == problems.__name__ and name != "bad_fields":
            parameters = inspect.signature(make).parameters.values()
            yield make(**{one.name: 7 if one.annotation is int else "Thing" for one in parameters})


@pytest.mark.parametrize("problem", list(_every_problem()), ids=lambda problem: problem.text)
def test_whatever_the_books_say_ends_as_a_sentence(problem: Problem) -> None:
    cause, subject = recognised(problem.errorno, problem.text)
    sentence = words(cause, subject, problem.text)
    assert sentence
    assert cause in CAUSES
    if cause == "refused":
        assert sentence == problem.text
    else:
        assert subject in problem.text or subject == problem.errorno


# Refusals, in words seen in production


@pytest.mark.parametrize(
    ("family", "cause"),
    [
        (r"missing .* dimension", "missing_dimension"),
        (r"(department|location|project|account|customer) .*(is invalid|is not valid)", "invalid_in_books"),
        (r"^invalid (department|project)", "invalid_in_books"),
    ],
)
def test_a_family_of_real_refusals_is_recognised_whole(family: str, cause: str) -> None:
    said = shared("data/wire-samples/intacct-schema/error-messages.txt").read_text(encoding="utf-8").splitlines()
    members = [line for line in said if re.search(family, line, re.IGNORECASE) and "restricted" not in line]
    assert members
    assert [line for line in members if recognised("BL01001973", line)[0] != cause] == []


def test_a_real_refusal_nobody_has_recognised_keeps_its_words() -> None:
    said = shared("data/wire-samples/intacct-schema/error-messages.txt").read_text(encoding="utf-8").splitlines()
    for line in said:
        cause, subject = recognised("BL01001973", line)
        assert subject
        assert cause != "refused" or words(cause, subject, line) == line


@pytest.mark.parametrize(
    ("code", "message", "recognised_as"),
    [
        ("", "Date must be on or after 03/01/2026", ("period_closed", "2026-03")),
        ("BL1", "The account number '4000' requires a Department", ("missing_dimension", "Department")),
        ("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Close it first", ("validation_rule", "Close it first")),
        ("identity_taken", "customer C-1", ("identity_taken", "customer C-1")),
        ("cannot_settle", "no answer", ("cannot_settle", "no answer")),
        (
            "UNABLE_TO_LOCK_ROW",
            "unable to obtain exclusive access",
            ("out_of_service", "unable to obtain exclusive access"),
        ),
        ("XL03000009", "", ("rolled_back", "XL03000009")),
        ("SOME_RULE_OF_TOMORROW", "Customer 'C-1' is on hold.", ("refused", "Customer 'C-1' is on hold.")),
        ("BL09999999", "The moon is full", ("refused", "The moon is full")),
        ("", "", ("refused", "")),
    ],
)
def test_a_refusal_is_recognised_by_code_else_by_words_else_kept(
    code: str, message: str, recognised_as: tuple[str, str]
) -> None:
    assert recognised(code, message) == recognised_as


@given(st.text(), st.text())
def test_whatever_is_said_is_recognised_or_kept(code: str, message: str) -> None:
    cause, subject = recognised(code, message)
    assert cause in CAUSES
    assert subject in (message, code) or subject in message

"""The messages on record: each is really said by somebody, is recognised as itself, and nothing else is guessed at."""

import ast
import inspect
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.messages import INTACCT, MESSAGES, SALESFORCE, Message
from sf_intacct.flow.refusals import message_of, recognised
from sf_intacct.sandbox import salesforce
from sf_intacct.sandbox.intacct import problems
from sf_intacct_tests.shared_data import shared


def test_there_are_more_than_sixty_and_no_two_have_one_name() -> None:
    assert len(MESSAGES) > 60
    assert len({message.slug for message in MESSAGES}) == len(MESSAGES) == len(INTACCT) + len(SALESFORCE)


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: message.slug)
def test_a_message_is_recognised_as_itself_and_not_as_an_earlier_one(message: Message) -> None:
    for code in message.codes or ("BL01001973", ""):
        heard = message_of(code, message.said)
        assert heard is not None
        assert heard[0].slug == message.slug
        cause, subject = recognised(code, message.said)
        assert cause == message.cause
        # A period is called by its month, as the plan calls it; everything else by what Intacct names.
        assert re.fullmatch(r"\d{4}-\d{2}", subject) if cause == "period_closed" else subject == heard[1]
        assert heard[1]


Utterance = tuple[str, str]


@cache
def _sandbox_says() -> list[Utterance]:
    """Code and words of every refusal of the Intacct sandbox, and every code of the Salesforce one."""
    said: list[Utterance] = []
    for name, make in vars(problems).items():
        if inspect.isfunction(make) and make.__module__ == problems.__name__ and name != "bad_fields":
            parameters = inspect.signature(make).parameters.values()
            made = make(**{one.name: 7 if one.annotation is int else "EUR" for one in parameters})
            said.append((made.errorno, made.text))
    said += [(problems.WRAPPER, sentence.format("C-1")) for sentence in problems._UNKNOWN.values()]
    for file in Path(salesforce.__file__).parent.rglob("*.py"):
        said += [(text, "") for text in _texts(ast.parse(file.read_text())) if re.fullmatch(r"[A-Z_]+", text)]
    return said


def _texts(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@cache
def _recorded() -> list[Utterance]:
    """Code and words of refusals on record: in documents, in messages seen in production, in answers off the wire."""
    lines = shared("data/wire-samples/intacct-schema/error-messages.txt").read_text(encoding="utf-8").splitlines()
    heard = [(problems.WRAPPER, line) for line in lines]
    for file in sorted(shared("data/wire-samples/intacct").glob("*failure*.xml")):
        text = file.read_text(encoding="utf-8")
        heard += re.findall(r"<errorno>(.*?)</errorno>.*?<description2>(.*?)</description2>", text, re.DOTALL)
    for name in ("intacct-objects", "intacct-api", "salesforce-api"):
        text = shared(f"reference/{name}.md").read_text(encoding="utf-8")
        rows = [line.split("|") for line in text.splitlines()]
        heard += [one for row in rows if len(row) > 4 for one in _in_row(row[1], row[2])]
        heard += [(problems.WRAPPER, quoted) for quoted in re.findall(r"`([^`\n]{10,})`", text)]
    return heard


def _in_row(codes: str, words: str) -> Iterator[Utterance]:
    """Every code of a row with each of its wordings, and the code alone; what changes is `..` in the documents."""
    yield "", codes.strip()
    for code in re.split(r"[ ,/]+", codes.strip()):
        for said in re.split(r" / |; ", words.strip()):
            yield code, said.replace("..", "7").replace("<Dimension>", "Location").replace("<X>", "Customer")


def _reached(utterances: list[Utterance]) -> set[str]:
    heard = (message_of(code, said) for code, said in utterances)
    return {one[0].slug for one in heard if one}


# Said by our own client, not by either system.
OURS = {"entity-not-entered", "not-sent"}


def test_every_assumed_message_is_one_that_a_sandbox_says() -> None:
    assumed = {message.slug for message in MESSAGES if message.sure == "A"}
    assert assumed - OURS - _reached(_sandbox_says()) == set()


def test_every_other_message_is_reached_by_one_that_was_recorded_or_that_a_sandbox_says() -> None:
    """By the very words; of Salesforce, whose words are translated, by the code."""
    heard = _recorded() + _sandbox_says()
    codes = {code for code, _ in heard}
    by_code = {message.slug for message in SALESFORCE if codes & set(message.codes)}
    assert {message.slug for message in MESSAGES} - OURS - by_code - _reached(heard) == set()


@pytest.mark.parametrize("make", ["not_imitated", "more_than_is_left", "unknown_subtotal"])
def test_words_that_nobody_has_recognised_are_unknown_and_shown_whole(make: str) -> None:
    problem = getattr(problems, make)(*(7 if make == "more_than_is_left" else "X",))
    assert message_of(problem.errorno, problem.text) is None
    assert recognised(problem.errorno, problem.text) == ("refused", problem.text)
    assert CAUSES["refused"].words == "{subject}"


def test_words_of_a_rule_in_salesforce_are_never_taken_for_words_of_intacct() -> None:
    assert recognised("FIELD_CUSTOM_VALIDATION_EXCEPTION", "Customer 'C-1' is on hold")[0] == "validation_rule"
    assert recognised("A_CODE_OF_TOMORROW", "Customer 'C-1' is on hold")[0] == "refused"

"""The classification table of docs: what a reply proves about a write, one row each. Success is a whitelist."""

from copy import deepcopy
from dataclasses import replace

import pytest
from hypothesis import assume, given, strategies as st
from lxml import etree

from sf_intacct.errors import Throttled, TryLater
from sf_intacct.intacct.outcomes import not_executed, proven, uncertain
from sf_intacct.intacct.reply import read_reply
from sf_intacct.intacct.xml import parse, written
from sf_intacct.model.intent import Action
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct_tests.intacct import samples
from sf_intacct_tests.intacct.replies import AUTHENTICATION_FAILURE, CONTROL_FAILURE, error, reply, result
from sf_intacct_tests.intents import intent

FIRST = intent(attempt=1)  # on its first send
SECOND = intent(attempt=2)  # sent before, under the same identity
IDENTITY = FIRST.wire_identity
REFUSAL = result(IDENTITY, "failure", error("BL01001973", "Invalid Customer 'C-9' specified."))


def outcome(body: bytes, sent: object = FIRST) -> Outcome:
    (only,) = proven([sent], read_reply(body))  # type: ignore[list-item]
    return only


@pytest.mark.parametrize("inside", ["<key>7</key>", "<data><ARINVOICE><RECORDNO>7</RECORDNO></ARINVOICE></data>"])
def test_a_success_that_names_its_record_is_accepted(inside: str) -> None:
    assert outcome(reply(result(IDENTITY, inside=inside))) == Outcome(Result.ACCEPTED, target_id="7")


@pytest.mark.parametrize(
    "inside", ["", "<key/>", "<key> </key>", "<data/>", "<data><A><RECORDNO> </RECORDNO></A></data>"]
)
def test_a_success_that_names_no_record_is_uncertain(inside: str) -> None:
    assert outcome(reply(result(IDENTITY, inside=inside))).result is Result.UNCERTAIN


def test_an_update_that_succeeds_is_of_the_record_it_was_sent_to() -> None:
    update = intent(action=Action.UPDATE, target_id="7", attempt=1)
    body = reply(result(update.wire_identity, inside='<data listtype="objects" count="1"/>'))
    assert outcome(body, update) == Outcome(Result.ACCEPTED, target_id="7")


def test_a_plain_failure_of_a_first_send_is_refused_in_the_other_sides_own_words() -> None:
    found = outcome(reply(REFUSAL))
    assert (found.result, found.code) == (Result.REFUSED, "BL01001973")
    assert found.message == "Invalid Customer 'C-9' specified."
    assert found.answer.startswith("<result><status>failure</status>"), "all of it is kept, as it came"


@pytest.mark.parametrize(
    ("why", "body", "sent"),
    [
        ("a repeat is answered without a status", reply(result(IDENTITY, "", "")), FIRST),
        (
            "records were made before it failed",
            reply(result(IDENTITY, "failure", '<data count="1"/>' + error("X"))),
            FIRST,
        ),
        ("a second send fails if the first got through", reply(REFUSAL), SECOND),
        ("that name is there already", reply(result(IDENTITY, "failure", error("BL34000061"))), FIRST),
        ("that number is there already", reply(result(IDENTITY, "failure", error("BL03002185"))), FIRST),
        ("a status nobody knows", reply(result(IDENTITY, "pending", "")), FIRST),
    ],
)
@pytest.mark.answers("D19", "D40", "D41", "D42")
def test_what_smells_of_a_repeat_is_looked_up_first(why: str, body: bytes, sent: object) -> None:
    assert outcome(body, sent).result is Result.DOUBTFUL, why


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("the request was refused before it was looked at", CONTROL_FAILURE.replace(b"XL03000003", b"XL03000006")),
        ("we were not let in", AUTHENTICATION_FAILURE),
        ("the transaction was rolled back", reply(result(IDENTITY, "aborted", error("XL03000009")))),
    ],
)
@pytest.mark.answers("D15", "D16", "D43")
def test_what_was_provably_not_carried_out_may_be_sent_again(why: str, body: bytes) -> None:
    assert outcome(body).result is Result.NOT_EXECUTED, why


def test_a_request_that_cannot_be_read_is_refused_when_only_one_record_can_be_to_blame() -> None:
    assert outcome(CONTROL_FAILURE) == Outcome(Result.REFUSED, code="XL03000003", message="no")
    both = proven([FIRST, intent("k2", attempt=1)], read_reply(CONTROL_FAILURE))
    assert {one.result for one in both} == {Result.NOT_EXECUTED}
    assert {one.code for one in both} == {"XL03000003"}  # by which the batch is known to be sent one by one


@pytest.mark.parametrize(
    ("why", "body"),
    [
        ("no result", reply()),
        ("somebody else's result", reply(result("other-0"))),
        ("more results than functions", reply(result(IDENTITY), result("other-0"))),
        ("two results for one function", reply(result(IDENTITY), result(IDENTITY, "failure"))),
        ("no word on whether we were let in", reply(result(IDENTITY), authentication="")),
        ("no word on the request", reply(result(IDENTITY), control="")),
        ("a refused request with a success in it", reply(result(IDENTITY), control="failure")),
        ("a refused sign-in with a success in it", reply(result(IDENTITY), authentication="failure")),
    ],
)
@pytest.mark.answers("C19", "D13")
def test_everything_else_is_uncertain(why: str, body: bytes) -> None:
    assert outcome(body).result is Result.UNCERTAIN, why


@pytest.mark.answers("D13")
def test_a_missing_result_throws_doubt_on_the_whole_reply() -> None:
    both = proven([FIRST, intent("k2", attempt=1)], read_reply(reply(result(IDENTITY))))
    assert [one.result for one in both] == [Result.UNCERTAIN, Result.UNCERTAIN]


@pytest.mark.answers("C19", "D14")
def test_results_are_matched_by_identity_and_never_by_place() -> None:
    other = intent("k2", attempt=1)
    body = reply(result(other.wire_identity, inside="<key>8</key>"), result(IDENTITY, inside="<key>7</key>"))
    assert [one.target_id for one in proven([FIRST, other], read_reply(body))] == ["7", "8"]


@pytest.mark.answers("D17")
def test_functions_of_one_request_succeed_and_fail_by_themselves() -> None:
    other = intent("k2", attempt=1)
    body = reply(REFUSAL, result(other.wire_identity))
    assert [one.result for one in proven([FIRST, other], read_reply(body))] == [Result.REFUSED, Result.ACCEPTED]


@pytest.mark.parametrize(
    ("error_", "code"), [(Throttled("x", seen="wait"), "throttled"), (TryLater("x", seen="wait"), "not_sent")]
)
def test_what_never_got_there_says_so_for_every_intent(error_: TryLater, code: str) -> None:
    assert not_executed([FIRST, SECOND], error_) == [Outcome(Result.NOT_EXECUTED, code=code, message="wait")] * 2
    assert uncertain([FIRST], "silence") == [Outcome(Result.UNCERTAIN, code="no_answer", message="silence")]


def test_no_recorded_reply_is_a_success_for_a_write_that_is_not_ours() -> None:
    for sample in samples.responses():
        assert outcome(sample.body).result is not Result.ACCEPTED, sample.file


@pytest.mark.parametrize(
    ("record", "expected"), [("381", Outcome(Result.ACCEPTED, target_id="381")), ("7", None), (None, None)]
)
def test_a_recorded_update_is_accepted_for_its_own_record_alone(record: str | None, expected: Outcome | None) -> None:
    sent = intent(action=Action.UPDATE, target_id=record, attempt=1)
    body = samples.response("update-objects-success.xml")
    (recorded,) = read_reply(body).results
    seen = outcome(body.replace(recorded.identity.encode(), sent.wire_identity.encode()), sent)
    assert seen == expected if expected else seen.result is Result.UNCERTAIN


def test_a_recorded_create_is_accepted_with_the_record_it_names() -> None:
    """The recording lacks the envelope around its operation; the result is as it was."""
    recorded = samples.response("create-objects-success.xml").decode()
    block = recorded.partition("<operation>")[2].partition("</operation>")[0]
    body = reply(block.replace("<controlid>1</controlid>", f"<controlid>{IDENTITY}</controlid>"))
    assert outcome(body) == Outcome(Result.ACCEPTED, target_id="27")


# Success is a whitelist

PROOF = reply(result(IDENTITY, inside="<key>7</key>"))
# Each of these is part of the proof. What else a reply holds, such as time stamps, proves nothing.
PROVING = ("control/status", "operation/authentication/status", "operation/result/status", "operation/result/controlid")
STRUCTURE = (*PROVING, "control", "operation", "operation/authentication", "operation/result", "operation/result/key")


def accepted(body: bytes) -> bool:
    try:
        return outcome(body).result is Result.ACCEPTED
    except ValueError:  # no reply at all: the gateway calls that uncertain
        return False


def node(root: etree._Element, path: str) -> etree._Element:
    found = root.find(path)
    assert found is not None
    return found


def test_the_proof_is_one() -> None:
    assert accepted(PROOF)


@given(st.integers(0, len(PROOF) - 1))
def test_a_proof_that_was_cut_is_none(length: int) -> None:
    assert not accepted(PROOF[:length])


@given(st.sampled_from(STRUCTURE))
def test_a_proof_that_lacks_a_part_is_none(path: str) -> None:
    root = parse(PROOF)
    part = node(root, path)
    node(root, path.rpartition("/")[0] or ".").remove(part)
    assert not accepted(written(root))


@given(st.sampled_from(PROVING), st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs", "Cn"])))
def test_a_proof_with_another_word_in_it_is_none(path: str, word: str) -> None:
    root = parse(PROOF)
    part = node(root, path)
    assume(word.strip() != part.text)
    part.text = word
    assert not accepted(written(root))


@pytest.mark.parametrize("before", [True, False])
@pytest.mark.parametrize(("tag", "text"), [("status", "failure"), ("status", "success"), ("controlid", "other-0")])
def test_a_proof_with_a_second_result_beside_it_is_none(before: bool, tag: str, text: str) -> None:
    root = parse(PROOF)
    original = node(root, "operation/result")
    second = deepcopy(original)
    node(second, tag).text = text
    (original.addprevious if before else original.addnext)(second)
    assert not accepted(written(root))


@given(st.integers(0, 9), st.integers(1, 9))
def test_the_proof_of_one_identity_is_none_of_another(refusals: int, other: int) -> None:
    """A definite refusal changes the identity: what the gateway says of the old one says nothing of the new."""
    sent = replace(FIRST, refusals=refusals)
    body = reply(result(replace(FIRST, refusals=refusals + other).wire_identity))
    assert outcome(body, sent).result is Result.UNCERTAIN

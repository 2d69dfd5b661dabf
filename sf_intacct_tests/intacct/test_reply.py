"""Every recorded reply of the real gateway, taken apart: what was refused, at which layer, in which words."""

import pytest

from sf_intacct.intacct.reply import Complaint, Reply, read_reply, told
from sf_intacct.intacct.xml import NotXml, parse
from sf_intacct_tests.intacct import replies, samples


def recorded(file: str) -> Reply:
    return read_reply(samples.response(file))


def test_every_recorded_reply_is_read() -> None:
    """Whatever the collector says of a whole recording is what the reply says of itself."""
    seen = 0
    for sample in samples.responses():
        reply = read_reply(sample.body)
        seen += 1
        if sample.whole != "yes":
            continue
        statuses = [result.status for result in reply.results]
        match sample.outcome:
            case "success" | "success-multi" | "empty" | "page-more" | "page-last":
                assert reply.let_in, sample.file
                assert set(statuses) == {"success"}, sample.file
            case "function-failure":
                assert reply.let_in, sample.file
                assert statuses == ["failure"], sample.file
            case "control-failure":
                assert reply.control_failed, sample.file
                assert not reply.let_in, sample.file
            case "auth-failure":
                assert reply.authentication_failed, sample.file
                assert not reply.control_failed, sample.file
            case "acknowledged" | "no-operation" | "no-result":
                assert not reply.results, sample.file
                assert not reply.control_failed, sample.file
                assert not reply.authentication_failed, sample.file
    assert seen > 80


def test_no_recorded_failure_is_without_its_code() -> None:
    for sample in samples.responses():
        if not sample.errors:
            continue
        reply = read_reply(sample.body)
        every = [*reply.complaints, *(one for result in reply.results for one in result.complaints)]
        assert every, sample.file
        # Codes with blanks cannot be told from several codes in the index.
        assert all(code in " ".join(one.code for one in every) for code in sample.errors.split()), sample.file


def test_a_control_failure_is_told_from_a_failed_sign_in() -> None:
    control = recorded("envelope-control-failure-XL03000006.xml")
    assert (control.control_failed, control.authentication_failed) == (True, False)
    sign_in = recorded("login-auth-failure-XL03000006.xml")
    assert (sign_in.control_failed, sign_in.authentication_failed) == (False, True)
    assert told(sign_in.complaints) == ("XL03000006", "Sign-in information is incorrect")
    assert sign_in.company_id == "fakecompany"


def test_the_layer_before_the_gateway_gives_its_words_in_another_element() -> None:
    refused = recorded("envelope-control-failure-XMLGW_JPP0002.xml")
    assert told(refused.complaints) == ("XMLGW_JPP0002", "Sign-in information is incorrect. Please check your request.")


def test_results_of_one_request_succeed_and_fail_by_themselves() -> None:
    reply = recorded("read-apbill-partial-failure-Invalid-fields-list-.xml")
    assert [(one.identity, one.succeeded) for one in reply.results] == [
        ("testFunctionId", False),
        ("abcdef", True),
        ("testFunctionId", False),
    ]
    assert [told(one.complaints)[0] for one in reply.results] == ["Invalid fields list x", "", "Invalid fields list y"]


def test_an_aborted_function_names_the_cause_and_not_the_rollback() -> None:
    (result,) = recorded("readByQuery-aborted-Query-Failed.xml").results
    assert result.status == "aborted"
    assert told(result.complaints) == ("Query Failed", "Object definition VENDOR9 not found")


def test_a_result_without_a_status_is_not_a_success() -> None:
    (result,) = recorded("readByQuery-department-malformed.xml").results
    assert (result.status, result.succeeded) == ("", False)


@pytest.mark.parametrize(
    "file",
    ["envelope-malformed.xml", "envelope-no-operation.xml", "envelope-no-result.xml", "async-acknowledged.xml"],
)
def test_a_status_that_is_not_there_is_neither_yes_nor_no(file: str) -> None:
    reply = recorded(file)
    assert (reply.let_in, reply.control_failed, reply.authentication_failed) == (False, False, False)


def test_a_failure_that_comes_with_results_is_neither_yes_nor_no() -> None:
    """Control and sign-in fail before any function is looked at: with results, one of the two is not true."""
    for statuses in ({"control": "failure"}, {"authentication": "failure"}):
        reply = read_reply(replies.reply(replies.result("k1-0"), **statuses))
        assert (reply.let_in, reply.control_failed, reply.authentication_failed) == (False, False, False)


def test_the_records_that_a_failed_create_made_are_counted() -> None:
    (result,) = recorded("create-objects-function-failure-BL34000061.xml").results
    assert result.created == 0
    made = replies.result("k1-0", "failure", '<data listtype="objects" count="1"/>')
    assert read_reply(replies.reply(made)).results[0].created == 1
    unreadable = replies.result("k1-0", "failure", '<data listtype="objects" count="many"/>')
    assert read_reply(replies.reply(unreadable)).results[0].created == 0


@pytest.mark.parametrize(
    ("file", "code", "words"),
    [
        (
            "create-objects-function-failure-BL34000061.xml",
            "BL34000061",
            "Another Contact with the given value(s)   already exists",
        ),
        ("create-objects-function-failure-BL03000018.xml", "BL03000018", "Illegal format for Contactversion"),
        ("envelope-function-failure-DL02000001.xml", "DL02000001", "There was an error processing the request."),
    ],
)
def test_the_first_complaint_that_is_no_wrapper_is_told(file: str, code: str, words: str) -> None:
    told_code, told_words = told(recorded(file).results[0].complaints)
    assert told_code == code
    assert words in told_words


def test_wrappers_are_told_when_there_is_nothing_else() -> None:
    assert told((Complaint("BL01001973", "Could not create Customer record!"),)) == (
        "BL01001973",
        "Could not create Customer record!",
    )
    assert told(()) == ("", "the gateway gave no reason")
    assert told((Complaint("PL04000005", ""),)) == ("PL04000005", "PL04000005")


def test_a_support_id_is_not_part_of_the_reason() -> None:
    """It is another one each time, and the same cause has to stay the same cause."""
    failed = replies.result(
        "k", "failure", replies.error("BL1", "Invalid Customer 'C-9' specified. [Support ID: a%7Eb]")
    )
    assert told(read_reply(replies.reply(failed)).results[0].complaints) == ("BL1", "Invalid Customer 'C-9' specified.")


def test_xml_that_is_no_reply_is_refused() -> None:
    with pytest.raises(ValueError, match="<html> is no reply"):
        read_reply(b"<html><body/></html>")
    with pytest.raises(NotXml):
        read_reply(b"<response>")


def test_what_is_left_of_a_reply_is_never_a_success() -> None:
    """A proxy may answer with anything; nothing but the whole says that we were let in."""
    for body in (b"<response/>", b"<response><control/></response>", b"<response><operation/></response>"):
        reply = read_reply(body)
        assert not reply.let_in
        assert reply.results == ()


def test_a_key_is_read_without_the_blanks_around_it() -> None:
    body = replies.reply(replies.result("k1-0", inside="<key>\n 7 </key>"))
    assert read_reply(body).results[0].key == "7"
    assert parse(body).findtext("operation/result/key") == "\n 7 "

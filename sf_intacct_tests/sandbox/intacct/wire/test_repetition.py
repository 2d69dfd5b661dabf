"""Function control ids and transactions: what is carried out once, again, or not at all."""

from sf_intacct_tests.sandbox.intacct.harness import Gateway, invoice, line, login, query

BAD = invoice(line("1"), customer="C-9")


def statuses(gateway: Gateway, *functions: str, **envelope: object) -> list[str | None]:
    return [one.findtext("status") for one in gateway.call(*functions, **envelope).results]


def test_a_repeated_control_id_is_answered_without_a_status_and_not_carried_out(gateway: Gateway) -> None:
    first = gateway.call(invoice(line("1")), ids=["K-1"], unique="true")
    second = gateway.call(invoice(line("1")), ids=["K-1"], unique="true")
    assert first.key
    assert [str(one.tag) for one in second.result] == ["function", "controlid"]
    assert second.result.findtext("controlid") == "K-1"
    assert gateway.books()["invoices"] == 1


def test_the_check_is_on_unless_it_is_switched_off(gateway: Gateway) -> None:
    for _ in range(2):
        gateway.call(invoice(line("1")), ids=["K-1"], unique=None)
    assert gateway.books()["invoices"] == 1
    for _ in range(2):
        gateway.call(invoice(line("1")), ids=["K-2"], unique="false")
    assert gateway.books()["invoices"] == 3
    assert gateway.books()["repeated_executions"] == {"K-2": 2}


def test_an_id_used_without_the_check_is_not_remembered(gateway: Gateway) -> None:
    gateway.call(invoice(line("1")), ids=["K-1"], unique="false")
    assert gateway.call(invoice(line("1")), ids=["K-1"], unique="true").status == "success"


def test_the_refusal_may_be_an_ordinary_failure(gateway: Gateway) -> None:
    gateway.act("configure", setting="repeated_control_id_answer", value="failure")
    gateway.act("configure", setting="repeated_control_id_errorno", value="XL99")
    gateway.call(invoice(line("1")), ids=["K-1"], unique="true")
    again = gateway.call(invoice(line("1")), ids=["K-1"], unique="true")
    assert (again.status, again.errors[0].partition(" ")[0]) == ("failure", "XL99")


def test_twins_in_one_request_are_carried_out_once(gateway: Gateway) -> None:
    answer = gateway.call(invoice(line("1")), invoice(line("1")), ids=["K-1", "K-1"], unique="true")
    assert [one.findtext("status") for one in answer.results] == ["success", None]
    assert gateway.books()["invoices"] == 1


def test_a_failed_function_may_be_sent_again_under_its_id(gateway: Gateway) -> None:
    assert gateway.call(BAD, ids=["K-1"], unique="true").status == "failure"
    assert gateway.call(invoice(line("1")), ids=["K-1"], unique="true").status == "success"


def test_reads_are_remembered_like_writes_but_do_not_count_as_executions(gateway: Gateway) -> None:
    assert statuses(gateway, query("CLASS", "CLASSID"), ids=["R-1"], unique="true") == ["success"]
    assert statuses(gateway, query("CLASS", "CLASSID"), ids=["R-1"], unique="true") == [None]
    gateway.call(query("CLASS", "CLASSID"), query("CLASS", "CLASSID"), ids=["R-2", "R-2"])
    assert gateway.books()["repeated_executions"] == {}


def test_the_memory_outlives_the_session_and_the_day(gateway: Gateway) -> None:
    gateway.call(invoice(line("1")), ids=["K-1"], unique="true")
    gateway.advance(86400 * 400)
    assert statuses(gateway, invoice(line("1")), ids=["K-1"], unique="true", authentication=login("US")) == [None]


def test_functions_are_independent_of_each_other(gateway: Gateway) -> None:
    assert statuses(gateway, invoice(line("1")), BAD, invoice(line("2"))) == ["success", "failure", "success"]
    assert gateway.books()["invoices"] == 2


def test_one_failure_rolls_back_a_transaction_and_the_innocent_are_aborted(gateway: Gateway) -> None:
    answer = gateway.call(invoice(line("1")), BAD, invoice(line("2")), transaction=True)
    assert [one.findtext("status") for one in answer.results] == ["aborted", "failure", "aborted"]
    numbers = [[error.findtext("errorno") for error in one.iter("error")] for one in answer.results]
    assert numbers[0] == numbers[2] == ["XL03000009"]
    assert numbers[1] == ["BL01001973", "BL01001973", "XL03000009"]
    assert answer.errors[-1] == (
        "XL03000009 The entire transaction in this operation has been rolled back due to an error."
    )
    assert gateway.books()["invoices"] == 0
    assert gateway.rows("AUDITHISTORY")[-1]["OBJECTTYPE"] != "arinvoice"


def test_the_culprit_may_be_aborted_too(gateway: Gateway) -> None:
    gateway.act("configure", setting="culprit_is_aborted", value=True)
    assert statuses(gateway, invoice(line("1")), BAD, transaction=True) == ["aborted", "aborted"]


def test_a_rolled_back_function_is_not_remembered(gateway: Gateway) -> None:
    envelope = {"ids": ["K-1", "K-2"], "unique": "true", "transaction": True}
    gateway.call(invoice(line("1")), BAD, **envelope)
    assert statuses(gateway, invoice(line("1")), invoice(line("2")), **envelope) == ["success", "success"]


def test_a_partly_successful_create_is_undone_by_its_transaction(gateway: Gateway) -> None:
    two = "<create><CLASS><CLASSID>A</CLASSID><NAME>a</NAME></CLASS><CLASS><CLASSID>B</CLASSID></CLASS></create>"
    assert gateway.call(two, transaction=True).result.find("data") is None
    assert len(gateway.query("CLASS", "CLASSID")) == 1
    assert gateway.call(two).data["count"] == "1"
    assert len(gateway.query("CLASS", "CLASSID")) == 2

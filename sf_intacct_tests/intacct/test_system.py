"""Intacct as one of the two systems, over HTTP against the sandbox: changes, read, peek, apply, find."""

import json
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from sf_intacct.errors import Refused, Uncertain
from sf_intacct.flow.contracts.intacct.catalogue import ITEMS
from sf_intacct.flow.contracts.intacct.invoices import INVOICE_ITEMS, INVOICES
from sf_intacct.flow.contracts.intacct.parties import CUSTOMERS
from sf_intacct.flow.contracts.intacct.reference import CLASSES
from sf_intacct.intacct.gateway import Account, Gateway
from sf_intacct.intacct.system import IntacctSystem
from sf_intacct.model.intent import Action, Intent
from sf_intacct.model.receipt import NAME_TAKEN, Outcome, Result
from sf_intacct.model.system import Kind, Peek, Selection, SourceField
from sf_intacct.sandbox.intacct.books.tables import PREFIX
from sf_intacct_tests import canned
from sf_intacct_tests.canned import Canned
from sf_intacct_tests.intacct import replies
from sf_intacct_tests.intacct.conftest import LOGIN, PAGE_SIZE, SENDER
from sf_intacct_tests.intacct.sessions import in_session
from sf_intacct_tests.intents import intent
from sf_intacct_tests.pauses import Pauses
from sf_intacct_tests.sandbox.intacct import harness

MINUTE = timedelta(minutes=1)
# What a gateway that is signed in calls its reads: every request and every function takes the next number.
FIRST_READ, SECOND_READ = "read-2", "read-4"


def classes(company: harness.Gateway, *names: str) -> None:
    """Makes classes of these ids, one a minute."""
    for name in names:
        company.advance(60)
        made = company.call(f"<create><CLASS><CLASSID>{name}</CLASSID><NAME>{name}</NAME></CLASS></create>")
        assert made.status == "success", made.errors


def ids(pages: list[pl.DataFrame]) -> list[str]:
    return [name for page in pages for name in page["CLASSID"]]


def changed(system: IntacctSystem, since: datetime | None = None) -> list[pl.DataFrame]:
    return list(system.changes(CLASSES.selection, since))


def requests_of(company: harness.Gateway, operation: str) -> int:
    lines = company.http.get(f"{company.root}/_sandbox/requests", timeout=60).json()["lines"]
    return sum(operation in line["operations"] for line in lines)


def number_of(company: harness.Gateway, table: str, **named: str) -> str:
    """The record number of a living record: they go on counting from test to test."""
    (row,) = [
        one
        for one in company.rows(table)
        if one["DELETED_AT"] is None and all(one[name] == value for name, value in named.items())
    ]
    return str(row["RECORDNO"])


def forget_stamp(company: harness.Gateway, name: str) -> None:
    """A record that was never modified: the real system leaves its stamp empty."""
    company.sandbox.company.store.execute(f'update "{PREFIX}CLASS" set WHENMODIFIED = null where CLASSID = ?', [name])


# changes


def test_every_record_comes_once_page_by_page(company: harness.Gateway, system: IntacctSystem) -> None:
    classes(company, *"BCDEFGHIJ")
    pages = changed(system)
    assert [page.height for page in pages] == [3, 3, 3, 1]
    assert ids(pages) == ["NEW", *"BCDEFGHIJ"]
    assert requests_of(company, "query CLASS") == 4


def test_a_last_page_that_is_full_is_known_to_be_the_last(company: harness.Gateway, system: IntacctSystem) -> None:
    classes(company, *"BCDEF")
    assert [page.height for page in changed(system)] == [3, 3]
    assert requests_of(company, "query CLASS") == 2


@pytest.mark.answers("C7")
def test_a_record_deleted_while_we_page_leaves_no_hole(company: harness.Gateway, system: IntacctSystem) -> None:
    classes(company, *"BCDEFG")
    pages = system.changes(CLASSES.selection, None)
    first = next(pages)
    company.act("delete", object="CLASS", key="B")
    assert ids([first, *pages]) == ["NEW", *"BCDEFG"]


@pytest.mark.answers("C7")
def test_a_record_changed_while_we_page_is_not_lost(company: harness.Gateway, system: IntacctSystem) -> None:
    classes(company, *"BCDEFG")
    pages = system.changes(CLASSES.selection, harness.START)
    first = next(pages)
    company.act("rename", object="CLASS", key="G", name="renamed meanwhile")
    rest = list(pages)
    assert ids([first, *rest]) == ["NEW", *"BCDEFG"]
    assert rest[-1].filter(pl.col("CLASSID") == "G")["NAME"].to_list() == ["renamed meanwhile"]


@pytest.mark.answers("C8")
def test_more_records_of_one_stamp_than_a_page_holds_come_once_each(
    company: harness.Gateway, system: IntacctSystem
) -> None:
    company.advance(60)
    for name in "BCDEFGH":
        company.call(f"<create><CLASS><CLASSID>{name}</CLASSID><NAME>{name}</NAME></CLASS></create>")
    pages = changed(system, harness.START + MINUTE)
    assert {stamp for page in pages for stamp in page["WHENMODIFIED"]} == {"2026-03-05T10:31:00Z"}
    assert [page.height for page in pages] == [3, 3, 1]
    assert ids(pages) == [*"BCDEFGH"]


@pytest.mark.answers("C1")
def test_a_session_that_ends_between_pages_is_renewed_and_no_record_is_left_out_or_comes_twice(
    company: harness.Gateway, system: IntacctSystem
) -> None:
    classes(company, *"BCDEFG")
    pages = system.changes(CLASSES.selection, None)
    first = next(pages)
    company.faults({"kind": "expire_session", "operation": "query*"})
    assert ids([first, *pages]) == ["NEW", *"BCDEFG"]
    assert requests_of(company, "getAPISession") == 2


def test_only_what_changed_since_is_read_and_the_boundary_is_part_of_it(
    company: harness.Gateway, system: IntacctSystem
) -> None:
    classes(company, *"BCD")
    assert ids(changed(system, harness.START + 2 * MINUTE)) == ["C", "D"]
    assert ids(changed(system, harness.START + 2 * MINUTE + timedelta(seconds=1))) == ["D"]
    assert ids(changed(system, harness.START + 9 * MINUTE)) == []


def test_an_overlap_reads_again_what_was_read_and_what_came_late(
    company: harness.Gateway, system: IntacctSystem
) -> None:
    classes(company, *"BCD")
    watermark = max(page["WHENMODIFIED"].max() for page in changed(system))  # type: ignore[type-var]
    assert watermark == "2026-03-05T10:33:00Z"
    assert ids(changed(system, datetime.fromisoformat(str(watermark)) - 2 * MINUTE)) == ["B", "C", "D"]


@pytest.mark.answers("C9")
def test_a_record_without_a_stamp_comes_with_every_read(company: harness.Gateway, system: IntacctSystem) -> None:
    classes(company, *"BCD")
    forget_stamp(company, "B")
    (page,) = changed(system, harness.START + 3 * MINUTE)
    assert page.select("CLASSID", "WHENMODIFIED").rows() == [("B", None), ("D", "2026-03-05T10:33:00Z")]


@pytest.mark.parametrize("zone", ["+00:00", "-08:00", "+09:30"])
@pytest.mark.answers("C11")
def test_stamps_are_utc_whatever_zone_the_user_has(company: harness.Gateway, system: IntacctSystem, zone: str) -> None:
    company.act("configure", setting="gmt_offset", value=zone)
    classes(company, *"BC")
    pages = changed(system, harness.START + MINUTE)
    assert [stamp for page in pages for stamp in page["WHENMODIFIED"]] == [
        "2026-03-05T10:31:00Z",
        "2026-03-05T10:32:00Z",
    ]


def test_every_value_is_spelt_as_the_house_does(company: harness.Gateway, system: IntacctSystem) -> None:
    company.act("create_invoice", customer="C-1", number="I-1", lines=[{"account": "4000", "amount": "1234.5"}])
    (page,) = system.changes(INVOICES.selection, None)
    (row,) = page.to_dicts()
    assert set(page.schema.values()) == {pl.String(), pl.Boolean()}
    assert page.columns == [*(field.name for field in INVOICES.selection.fields), "is_deleted"]
    wanted = {"WHENCREATED": "2026-03-05", "TRX_TOTALENTERED": "1234.5", "WHENPAID": None, "is_deleted": False}
    assert {name: row[name] for name in wanted} == wanted
    assert row["AUWHENCREATED"] == row["WHENMODIFIED"] == "2026-03-05T10:30:00Z"


def test_the_users_formatting_is_asked_for_once(company: harness.Gateway, system: IntacctSystem) -> None:
    changed(system)
    changed(system, harness.START)
    system.peek([(CLASSES.selection, harness.START)])
    assert requests_of(company, "readUserFormatting") == 1


@pytest.mark.answers("C20")
def test_a_page_that_is_shorter_than_it_claims_is_no_page(pauses: Pauses) -> None:
    one = "<CLASS><RECORDNO>1</RECORDNO></CLASS>"
    short = f'<data listtype="CLASS" totalcount="2" count="2" numremaining="0">{one}</data>'
    answer = Canned(replies.reply(replies.result(FIRST_READ, inside=short)))
    with in_session(answer) as (gateway, _), pytest.raises(Uncertain, match="1 records in a page that claims 2"):
        changed(IntacctSystem(gateway, PAGE_SIZE))


# Deletions


def deleted(system: IntacctSystem, since: datetime) -> list[tuple[Any, ...]]:
    pages = [page.filter("is_deleted") for page in changed(system, since)]
    return [row for page in pages for row in page.select("RECORDNO", "CLASSID", "WHENMODIFIED").rows()]


@pytest.mark.answers("C14")
def test_deletions_come_from_the_audit_history_as_tombstones(company: harness.Gateway, system: IntacctSystem) -> None:
    classes(company, *"BCDEF")
    numbers = [number_of(company, "CLASS", CLASSID=name) for name in "BCDEF"]
    for name in "BCDEF":
        company.advance(60)
        company.act("delete", object="CLASS", key=name)
    since = harness.START + 7 * MINUTE
    assert deleted(system, since) == [  # more than one page of them
        (numbers[1], None, "2026-03-05T10:37:00Z"),
        (numbers[2], None, "2026-03-05T10:38:00Z"),
        (numbers[3], None, "2026-03-05T10:39:00Z"),
        (numbers[4], None, "2026-03-05T10:40:00Z"),
    ]
    assert {tuple(page.columns) for page in changed(system, since)} == {
        (*(field.name for field in CLASSES.selection.fields), "is_deleted")
    }


def test_the_audit_history_keeps_gmt_whatever_zone_the_user_has(company: harness.Gateway) -> None:
    """A tombstone stamped hours ahead would carry the watermark past changes that nobody has read."""
    for zone in ("-08:00", "+09:30"):
        company.act("configure", setting="gmt_offset", value=zone)
        classes(company, zone[1:3])
        company.act("delete", object="CLASS", key=zone[1:3])
        now = company.world.clock.now()
        system = IntacctSystem(Gateway(Account(company.url, SENDER, LOGIN)), PAGE_SIZE)
        assert [row[2] for row in deleted(system, now - timedelta(seconds=1))] == [now.strftime("%Y-%m-%dT%H:%M:%SZ")]
        assert deleted(system, now + timedelta(seconds=1)) == []


def test_only_deletions_of_the_object_itself_count(company: harness.Gateway, system: IntacctSystem) -> None:
    number = number_of(company, "ITEM", ITEMID="OLD")
    company.act("delete", object="ITEM", key="OLD")
    assert deleted(system, harness.START) == []
    items = list(system.changes(ITEMS.selection, harness.START))
    assert [row for page in items for row in page.filter("is_deleted")["RECORDNO"]] == [number]


def test_a_first_read_has_no_past_and_asks_for_no_deletions(company: harness.Gateway, system: IntacctSystem) -> None:
    changed(system)
    assert requests_of(company, "query AUDITHISTORY") == 0


@pytest.mark.answers("C14")
def test_without_the_permission_deletions_are_refused_or_left_out_on_purpose(
    company: harness.Gateway, system: IntacctSystem, gateway: Gateway
) -> None:
    company.act("configure", setting="audit_history_permitted", value=False)
    with pytest.raises(Refused, match="permission to view audit history"):
        changed(system, harness.START)
    without = IntacctSystem(gateway, PAGE_SIZE, reads_audit_history=False)
    assert ids(changed(without, harness.START)) == ["NEW"]


# read and peek


def test_lines_are_read_by_their_documents(company: harness.Gateway, system: IntacctSystem) -> None:
    for number in ("I-1", "I-2", "I-3"):
        lines = [{"account": "4000", "amount": amount} for amount in ("1.00", "2.00")]
        company.act("create_invoice", customer="C-1", number=number, lines=lines)
    first, third = (number_of(company, "ARINVOICE", RECORDID=number) for number in ("I-1", "I-3"))
    spoken = replace(INVOICE_ITEMS, columns=tuple(column for column in INVOICE_ITEMS.columns if not column.silent))
    pages = list(system.read(spoken.selection, [first, third]))
    assert [page.height for page in pages] == [3, 1]
    rows = [row for page in pages for row in page.select("RECORDKEY", "TRX_AMOUNT", "is_deleted").rows()]
    assert rows == [(first, "1", False), (first, "2", False), (third, "1", False), (third, "2", False)]


def test_documents_are_read_by_their_own_ids(company: harness.Gateway, system: IntacctSystem) -> None:
    classes(company, *"BCD")
    b, d = (number_of(company, "CLASS", CLASSID=name) for name in "BD")
    assert ids(list(system.read(CLASSES.selection, [d, b, "999999"]))) == ["B", "D"]


def test_nothing_is_asked_for_when_nothing_is_wanted(company: harness.Gateway, system: IntacctSystem) -> None:
    assert list(system.read(CLASSES.selection, [])) == []
    assert system.calls == 0


def test_more_ids_than_one_filter_takes_are_asked_for_in_turn(company: harness.Gateway, system: IntacctSystem) -> None:
    new = int(number_of(company, "CLASS", CLASSID="NEW"))
    wanted = [str(new + number) for number in range(2001)]
    assert ids(list(system.read(CLASSES.selection, wanted))) == ["NEW"]
    assert requests_of(company, "query CLASS") == 3


def test_a_peek_at_many_objects_is_one_request(company: harness.Gateway, system: IntacctSystem) -> None:
    classes(company, *"BC")
    system.peek([(CLASSES.selection, harness.START)])  # signs in, and asks for the formatting
    before = system.calls
    assert system.peek(
        [
            (CLASSES.selection, None),
            (CLASSES.selection, harness.START + 2 * MINUTE),
            (CUSTOMERS.selection, harness.START + MINUTE),
        ]
    ) == [Peek(3, "2026-03-05T10:32:00Z"), Peek(1, "2026-03-05T10:32:00Z"), Peek(0, None)]
    assert system.calls == before + 1


@pytest.mark.parametrize(("count", "newest"), [("COUNT.RECORDNO", "MAX.WHENMODIFIED"), ("RECORDNO", "WHENMODIFIED")])
def test_a_peek_is_read_under_either_name_of_an_aggregate(count: str, newest: str) -> None:
    """The real system answers with a prefix in most recordings, and with the bare field in one."""
    selection = Selection("CLASS", (SourceField("RECORDNO", Kind.TEXT),), "RECORDNO", "WHENMODIFIED")
    record = f"<CLASS><{count}>12</{count}><{newest}>03/05/2026 10:30:00</{newest}></CLASS>"
    answer = replies.result(FIRST_READ, inside=f'<data listtype="CLASS" count="1">{record}</data>')
    formatting = replies.result(SECOND_READ, inside="<data/>")
    with in_session(Canned(replies.reply(answer)), Canned(replies.reply(formatting))) as (gateway, _):
        assert IntacctSystem(gateway, PAGE_SIZE).peek([(selection, None)]) == [Peek(12, "2026-03-05T10:30:00Z")]


# request_text and apply


def invoice(system: IntacctSystem, key: str = "k1", *, amount: str = "100.00", **changes: Any) -> Intent:
    """The intent of an invoice, its request frozen, as the journal hands it over on a first send."""
    sent = intent(key, source_id=changes.pop("source_id", "801A"), amount=Decimal(amount), attempt=1)
    sent = replace(sent, **changes)
    fields = {
        "RECORDID": sent.natural_key,
        "CUSTOMERID": "C-1",
        "WHENCREATED": "2026-03-05",
        "SALESFORCE_ID": sent.source.record_id,
    }
    payload = json.dumps({"fields": fields, "lines": [{"ACCOUNTNO": "4000", "TRX_AMOUNT": amount}]})
    return replace(sent, request=system.request_text(Action.CREATE, "ARINVOICE", None, payload))


def update(
    company: harness.Gateway, system: IntacctSystem, fields: dict[str, str | None], item: str = "WIDGET"
) -> Intent:
    """The intent of an update of an item."""
    number = number_of(company, "ITEM", ITEMID=item)
    request = system.request_text(Action.UPDATE, "ITEM", number, json.dumps({"fields": fields}))
    sent = intent("u1", action=Action.UPDATE, target_object="ITEM", target_id=number, natural_key=item, attempt=1)
    return replace(sent, request=request, amount=None, currency=None)


def test_dates_of_generic_functions_are_spelt_as_the_wire_wants_them(system: IntacctSystem) -> None:
    payload = json.dumps({"fields": {"RECEIPTDATE": "2026-03-05", "DOCNUMBER": "2026-03-05", "PAYMENTDATE": None}})
    text = system.request_text(Action.CREATE, "ARPYMT", None, payload)
    date, number = "<RECEIPTDATE>03/05/2026</RECEIPTDATE>", "<DOCNUMBER>2026-03-05</DOCNUMBER>"
    assert text == f"<create><ARPYMT>{date}{number}</ARPYMT></create>"


def test_an_update_without_the_record_it_updates_is_not_written_down(system: IntacctSystem) -> None:
    with pytest.raises(AssertionError):
        system.request_text(Action.UPDATE, "ITEM", None, json.dumps({"fields": {}}))


@pytest.mark.answers("E12")
def test_a_character_that_the_wire_cannot_carry_is_refused_before_anything_is_sent(system: IntacctSystem) -> None:
    with pytest.raises(ValueError, match="XML compatible"):
        system.request_text(Action.UPDATE, "ITEM", "1", json.dumps({"fields": {"NAME": "bell \a"}}))


def test_a_created_invoice_is_accepted_with_its_record_number(company: harness.Gateway, system: IntacctSystem) -> None:
    outcomes = system.apply([invoice(system)])
    (row,) = company.rows("ARINVOICE")
    assert outcomes == [Outcome(Result.ACCEPTED, target_id=str(row["RECORDNO"]))]
    assert (row["RECORDID"], row["SALESFORCE_ID"], row["TRX_TOTALENTERED"]) == ("SO-1", "801A", "100.00")


def test_an_update_is_accepted_for_its_own_record(company: harness.Gateway, system: IntacctSystem) -> None:
    said = update(company, system, {"NAME": "Better widget"})
    assert system.apply([said]) == [Outcome(Result.ACCEPTED, target_id=said.target_id)]
    assert company.rows("ITEM")[0]["NAME"] == "Better widget"


@pytest.mark.answers("D17")
def test_every_intent_has_its_own_outcome_in_the_order_it_was_sent(
    company: harness.Gateway, system: IntacctSystem
) -> None:
    good, bad, other = (
        invoice(system, "k1", natural_key="SO-1"),
        invoice(system, "k2", natural_key="SO-2"),
        invoice(system, "k3", natural_key="SO-3"),
    )
    bad = replace(bad, request=bad.request.replace("C-1", "C-99"))
    outcomes = system.apply([good, bad, other])
    assert [one.result for one in outcomes] == [Result.ACCEPTED, Result.REFUSED, Result.ACCEPTED]
    assert "C-99" in outcomes[1].message
    assert company.books()["invoices"] == 2


@pytest.mark.answers("D1", "D19", "D40")
def test_a_lost_reply_never_makes_a_second_invoice(company: harness.Gateway, system: IntacctSystem) -> None:
    sent = invoice(system)
    company.faults({"kind": "drop_reply", "operation": "create_invoice"})
    assert [one.result for one in system.apply([sent])] == [Result.UNCERTAIN]
    assert system.find([sent]) == [Outcome(Result.FOUND, target_id=number_of(company, "ARINVOICE", RECORDID="SO-1"))]
    again = replace(sent, attempt=2)
    assert [one.result for one in system.apply([again])] == [Result.DOUBTFUL]
    assert company.books()["invoices"] == 1
    assert company.books()["repeated_executions"] == {}


@pytest.mark.answers("D24")
def test_a_number_that_is_taken_is_doubtful_and_then_found_to_be_somebody_elses(
    company: harness.Gateway, system: IntacctSystem
) -> None:
    company.act("create_invoice", customer="C-1", number="SO-1", lines=[{"account": "4000", "amount": "100"}])
    sent = invoice(system)
    assert [one.result for one in system.apply([sent])] == [Result.DOUBTFUL]
    (seen,) = system.find([sent])
    assert seen.result is Result.DIFFERENT
    assert "belongs to nobody" in seen.message


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        (
            {"kind": "throttle"},
            Outcome(Result.NOT_EXECUTED, code="throttled", message="Too many requests. API rate limit exceeded."),
        ),
        (
            {"kind": "server_error", "settings": {"status": 503}},
            Outcome(Result.UNCERTAIN, code="no_answer", message="HTTP 503 "),
        ),
    ],
)
def test_what_befalls_a_request_befalls_every_intent_in_it(
    company: harness.Gateway, system: IntacctSystem, fault: dict[str, Any], expected: Outcome
) -> None:
    company.faults({**fault, "operation": "create_invoice"})
    sent = [invoice(system, "k1", natural_key="SO-1"), invoice(system, "k2", natural_key="SO-2")]
    for outcome in system.apply(sent):
        assert (outcome.result, outcome.code) == (expected.result, expected.code)
        assert outcome.message.startswith(expected.message.strip())
    assert company.books()["invoices"] == 0


def test_nobody_there_means_that_nothing_was_sent(system: IntacctSystem) -> None:
    sent = invoice(system)
    nobody = IntacctSystem(Gateway(Account(f"http://127.0.0.1:{canned.closed_port()}", SENDER, LOGIN)), PAGE_SIZE)
    assert [(one.result, one.code) for one in nobody.apply([sent])] == [(Result.NOT_EXECUTED, "not_sent")]


# find


def test_what_was_never_created_is_absent(system: IntacctSystem) -> None:
    assert system.find([invoice(system)]) == [Outcome(Result.ABSENT)]


@pytest.mark.answers("K8")
def test_one_that_belongs_to_another_order_is_different(company: harness.Gateway, system: IntacctSystem) -> None:
    system.apply([invoice(system, source_id="801B")])
    (seen,) = system.find([invoice(system, source_id="801A")])
    assert seen == Outcome(Result.DIFFERENT, code=NAME_TAKEN, message="SO-1 is there already and belongs to 801B")


@pytest.mark.answers("D24")
def test_one_of_another_amount_is_different(company: harness.Gateway, system: IntacctSystem) -> None:
    system.apply([invoice(system, amount="100.00")])
    (seen,) = system.find([invoice(system, amount="100.01")])
    assert seen == Outcome(Result.DIFFERENT, message="SO-1 is there with a total of 100, not 100.01")


@pytest.mark.answers("D23")
def test_two_of_one_number_are_different_even_if_both_are_ours(company: harness.Gateway, system: IntacctSystem) -> None:
    company.act("configure", setting="refuse_duplicate_invoice_numbers", value=False)
    system.apply([invoice(system, "k1"), invoice(system, "k2")])
    assert system.find([invoice(system)]) == [Outcome(Result.DIFFERENT, message="2 records are named SO-1")]


def test_ours_is_found_beside_anothers_of_the_same_number(company: harness.Gateway, system: IntacctSystem) -> None:
    company.act("configure", setting="refuse_duplicate_invoice_numbers", value=False)
    (ours,) = system.apply([invoice(system, "k1", source_id="801A")])
    system.apply([invoice(system, "k2", source_id="801B")])
    assert system.find([invoice(system, source_id="801A")]) == [Outcome(Result.FOUND, target_id=ours.target_id)]


@pytest.mark.answers("D25")
def test_ours_is_found_by_our_mark_though_the_company_gave_it_another_number(
    company: harness.Gateway, system: IntacctSystem
) -> None:
    (made,) = system.apply([invoice(system, "k1", natural_key="INV-77")])
    system.apply([invoice(system, "k2", natural_key="SO-2", source_id="801B")])
    assert system.find([invoice(system, natural_key="SO-1")]) == [Outcome(Result.FOUND, target_id=made.target_id)]
    (other,) = system.find([invoice(system, natural_key="SO-1", amount="7.00")])
    assert other.result is Result.DIFFERENT


def test_a_deleted_invoice_is_absent(company: harness.Gateway, system: IntacctSystem) -> None:
    system.apply([invoice(system)])
    company.act("delete_invoice", invoice="SO-1")
    assert system.find([invoice(system)]) == [Outcome(Result.ABSENT)]


def test_a_master_record_is_found_by_its_id_and_its_mark(company: harness.Gateway, system: IntacctSystem) -> None:
    item = intent(target_object="ITEM", natural_key="WIDGET", source_id="01tA00000000001AAA", amount=None)
    assert system.find([item]) == [Outcome(Result.FOUND, target_id=number_of(company, "ITEM", ITEMID="WIDGET"))]
    (other,) = system.find([replace(item, natural_key="OLD")])
    assert other == Outcome(Result.DIFFERENT, code=NAME_TAKEN, message="OLD is there already and belongs to nobody")


def test_an_update_is_found_when_the_record_says_what_it_said(company: harness.Gateway, system: IntacctSystem) -> None:
    said = update(company, system, {"NAME": "Better widget", "SODESCRIPTION": None})
    assert system.find([said]) == [Outcome(Result.ABSENT)]
    system.apply([said])
    assert system.find([said]) == [Outcome(Result.FOUND, target_id=said.target_id)]
    company.act("edit", object="ITEM", key="WIDGET", fields={"SODESCRIPTION": "written by hand"})
    assert system.find([said]) == [Outcome(Result.ABSENT)]


def test_an_update_of_a_record_that_is_gone_is_absent(company: harness.Gateway, system: IntacctSystem) -> None:
    said = update(company, system, {"NAME": "x"}, item="OLD")
    company.act("delete", object="ITEM", key="OLD")
    assert system.find([said]) == [Outcome(Result.ABSENT)]


def test_creates_and_updates_are_answered_in_the_order_they_were_asked(
    company: harness.Gateway, system: IntacctSystem
) -> None:
    made = intent("k1", target_object="ITEM", natural_key="WIDGET", source_id="01tA00000000001AAA", amount=None)
    missing = replace(made, key="k2", natural_key="NONE")
    said = update(company, system, {"NAME": "Widget"})
    results = [one.result for one in system.find([missing, said, made])]
    assert results == [Result.ABSENT, Result.FOUND, Result.FOUND]


def test_the_system_says_whose_it_is_and_how_long_a_call_may_take(system: IntacctSystem) -> None:
    assert (system.name, system.company) == ("intacct", LOGIN.company_id)
    assert system.call_timeout == timedelta(seconds=120)

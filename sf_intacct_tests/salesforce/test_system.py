"""Salesforce as one of the two systems, over HTTP against the sandbox: changes, read, peek, apply, find."""

import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

from sf_intacct.errors import ContractError, CredentialsError, Refused, Uncertain
from sf_intacct.flow.contracts.salesforce.catalogue import PRODUCTS
from sf_intacct.flow.contracts.salesforce.mirrors import APPLICATION_MIRRORS, INVOICE_MIRRORS
from sf_intacct.flow.contracts.salesforce.orders import ORDERS
from sf_intacct.flow.contracts.salesforce.parties import ACCOUNTS
from sf_intacct.flow.refusals import recognised
from sf_intacct.model.intent import Action, Intent
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.model.system import Kind, Peek, Selection, SourceField
from sf_intacct.salesforce.system import SalesforceSystem
from sf_intacct.sandbox.salesforce.company import Company
from sf_intacct_tests.canned import Canned
from sf_intacct_tests.intents import intent
from sf_intacct_tests.pauses import Pauses
from sf_intacct_tests.salesforce.sessions import in_session
from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.remote import Remote
from sf_intacct_tests.sandbox.salesforce.books import fill
from sf_intacct_tests.sandbox.salesforce.org import Org

MINUTE = timedelta(minutes=1)
PAGE = 2000  # records; what Salesforce answers with at once
NAMES = Selection(
    object="Account",
    fields=(SourceField("Id", Kind.TEXT), SourceField("Name", Kind.TEXT), SourceField("SystemModstamp", Kind.INSTANT)),
    record_id="Id",
    stamp="SystemModstamp",
)
LOCKED = {"code": "UNABLE_TO_LOCK_ROW", "message": "unable to obtain exclusive access to this record"}


def ids(pages: list[pl.DataFrame]) -> list[str]:
    return [record_id for page in pages for record_id in page["Id"]]


def many(company: Company, count: int) -> list[str]:
    """So many accounts of one stamp, straight into the books; their ids."""
    return fill(company, "Account", [{"Name": f"Account {number}"} for number in range(count)])


# changes


def test_every_record_comes_once_page_by_page(company: Company, system: SalesforceSystem, remote: Remote) -> None:
    wanted = many(company, PAGE + 5)
    before = len(remote.log())
    pages = list(system.changes(NAMES, None))
    assert [page.height for page in pages] == [PAGE, 5]
    assert ids(pages) == sorted(wanted)
    assert len(remote.log()) == before + 3  # the sign-in and two pages


@pytest.mark.answers("A3", "A19")
def test_a_lost_cursor_is_taken_up_where_it_broke(company: Company, system: SalesforceSystem) -> None:
    """All records have one stamp, and the cursor is lost after every page."""
    wanted = many(company, 2 * PAGE + 1)
    pages = []
    for page in system.changes(NAMES, None):
        pages.append(page)
        company.cursors.forget_all()
    assert [page.height for page in pages] == [PAGE, PAGE, 1]
    assert ids(pages) == sorted(wanted)


@pytest.mark.answers("A1")
def test_a_session_that_ends_between_pages_is_renewed_and_the_cursor_goes_on(
    company: Company, system: SalesforceSystem, remote: Remote, pauses: Pauses
) -> None:
    wanted = many(company, PAGE + 1)
    pages = system.changes(NAMES, None)
    first = next(pages)
    remote.fault("expire_session", operation="*")
    assert ids([first, *pages]) == sorted(wanted)
    assert pauses == []


@pytest.mark.answers("A1")
def test_a_session_that_cannot_be_renewed_between_pages_stops_the_read(
    company: Company, system: SalesforceSystem, remote: Remote
) -> None:
    many(company, PAGE + 1)
    pages = system.changes(NAMES, None)
    next(pages)
    remote.fault("expire_session", operation="query*", times=2)
    with pytest.raises(CredentialsError):
        list(pages)


@pytest.mark.answers("A17")
def test_a_record_that_moves_while_we_page_comes_once_and_again_with_the_next_read(
    company: Company, org: Org, system: SalesforceSystem, remote: Remote
) -> None:
    mover = org.create("Account", Name="still here")
    others = many(company, PAGE)
    pages = system.changes(NAMES, None)
    first = next(pages)
    assert mover in first["Id"].to_list(), "else this test shows nothing"
    remote.advance(60)
    remote.act("edit", object="Account", id=mover, fields={"Name": "moved"})
    assert ids([first, *pages]) == sorted([mover, *others])
    (again,) = system.changes(NAMES, START + MINUTE)
    assert again.select("Id", "Name").rows() == [(mover, "moved")]


@pytest.mark.answers("A19")
def test_only_what_changed_since_is_read_and_the_boundary_is_part_of_it(
    org: Org, remote: Remote, system: SalesforceSystem
) -> None:
    made = []
    for name in "ABC":
        made.append(org.create("Account", Name=name))
        remote.advance(60)
    assert ids(list(system.changes(NAMES, START + MINUTE))) == made[1:]
    assert ids(list(system.changes(NAMES, START + MINUTE + timedelta(milliseconds=1)))) == made[2:]
    assert ids(list(system.changes(NAMES, START + 9 * MINUTE))) == []


@pytest.mark.answers("A18")
def test_a_commit_that_came_late_is_seen_by_an_overlap(org: Org, remote: Remote, system: SalesforceSystem) -> None:
    """Its stamp lies before the newest that was read: that is what reads begin early for."""
    first = org.create("Account", Name="on time")
    remote.advance(60)
    remote.act("edit", object="Account", id=first, fields={"Name": "late"}, stamp_age_seconds=30)
    assert ids(list(system.changes(NAMES, START + MINUTE))) == []
    assert ids(list(system.changes(NAMES, START + MINUTE - timedelta(seconds=45)))) == [first]


@pytest.mark.answers("A20")
def test_a_deleted_record_comes_as_a_tombstone_until_the_bin_is_emptied(
    org: Org, remote: Remote, system: SalesforceSystem
) -> None:
    kept, gone = org.create("Account", Name="kept"), org.create("Account", Name="gone")
    remote.advance(60)
    remote.act("delete", object="Account", id=gone)
    (page,) = system.changes(NAMES, None)
    assert page.select("Id", "is_deleted").rows() == [(kept, False), (gone, True)]
    (page,) = system.changes(NAMES, START + MINUTE)
    assert page.select("Id", "is_deleted", "SystemModstamp").rows() == [(gone, True, "2026-03-17T09:31:15.000Z")]
    remote.act("empty_recycle_bin")
    assert ids(list(system.changes(NAMES, None))) == [kept]


def test_every_value_is_spelt_as_the_house_does(org: Org, system: SalesforceSystem) -> None:
    order = org.order(("2", "5000000.25"))
    org.update("Order", order, Status="Activated")
    (page,) = system.changes(ORDERS.selection, None)
    (row,) = page.to_dicts()
    assert set(page.schema.values()) == {pl.String(), pl.Boolean()}
    assert page.columns == [*(field.name for field in ORDERS.selection.fields), "is_deleted"]
    wanted = {
        "Id": order,
        "StatusCode": "Activated",
        "ActivatedDate": "2026-03-17T09:30:15.000Z",
        "EffectiveDate": "2026-03-01",
        "TotalAmount": "10000000.5",  # on the wire 1.00000005E7
        "Intacct_Skip_Sync__c": "false",
        "PoNumber": None,
        "is_deleted": False,
    }
    assert {name: row[name] for name in wanted} == wanted


@pytest.mark.parametrize("total", [0, 2])
@pytest.mark.answers("A9", "A12")
def test_a_read_that_brings_another_number_of_records_than_announced_is_none(total: int) -> None:
    record = {"Id": "001A", "Name": "Acme", "SystemModstamp": "2026-03-05T12:00:00.000+0000", "IsDeleted": False}
    body = json.dumps({"totalSize": total, "done": True, "records": [record]}).encode()
    with (
        in_session(Canned(body)) as (rest, _),
        pytest.raises(Uncertain, match=f"1 records where {total} were announced"),
    ):
        list(SalesforceSystem(rest).changes(NAMES, None))


@pytest.mark.answers("A25")
def test_a_field_that_is_hidden_stops_the_read_and_says_which(remote: Remote, system: SalesforceSystem) -> None:
    remote.act("hide_field", object="Account", field="Name")
    with pytest.raises(ContractError, match="No such column 'Name'"):
        list(system.changes(NAMES, None))


# read and peek


def test_records_are_read_by_their_ids_in_batches_that_an_address_can_hold(
    company: Company, system: SalesforceSystem, remote: Remote
) -> None:
    wanted = many(company, 401)
    list(system.read(NAMES, wanted[:1]))
    before = len(remote.log())
    pages = list(system.read(NAMES, wanted))
    assert sorted(ids(pages)) == sorted(wanted)
    assert [page.height for page in pages] == [200, 200, 1]
    assert len(remote.log()) == before + 3


def test_a_deleted_record_is_read_as_what_it_is(org: Org, remote: Remote, system: SalesforceSystem) -> None:
    gone = org.create("Account", Name="gone")
    remote.act("delete", object="Account", id=gone)
    (page,) = system.read(NAMES, [gone])
    assert page["is_deleted"].to_list() == [True]


def test_nothing_is_asked_for_when_nothing_is_wanted(system: SalesforceSystem) -> None:
    assert list(system.read(NAMES, [])) == []
    assert system.calls == 0


def test_the_fields_of_a_parent_are_read_beside_the_record(org: Org, system: SalesforceSystem) -> None:
    invoice = org.create("Intacct_Invoice__c", Name="SO-1", Invoice_Key__c="7")
    org.create("Intacct_Payment_Application__c", Application_Key__c="9", Invoice__c=invoice, Amount__c=10)
    (page,) = system.changes(APPLICATION_MIRRORS.selection, None)
    fields = ("Application_Key__c", "Invoice__r.Invoice_Key__c", "Payment__r.Payment_Key__c")
    assert page.select(*fields).rows() == [("9", "7", None)]


def test_a_peek_asks_five_objects_in_one_call(org: Org, remote: Remote, system: SalesforceSystem) -> None:
    org.create("Account", Name="A")
    remote.advance(60)
    org.create("Account", Name="B")
    asked: list[tuple[Selection, Any]] = [
        (ACCOUNTS.selection, None),
        (ACCOUNTS.selection, START + MINUTE),
        (ACCOUNTS.selection, START + 2 * MINUTE),
        (PRODUCTS.selection, None),
        (ORDERS.selection, START),
        (INVOICE_MIRRORS.selection, None),
    ]
    newest = "2026-03-17T09:31:15.000Z"
    assert system.peek(asked) == [
        Peek(2, newest),
        Peek(1, newest),
        Peek(0, None),
        Peek(0, None),
        Peek(0, None),
        Peek(0, None),
    ]
    assert system.calls == 2


def test_a_deletion_is_seen_by_a_peek(org: Org, remote: Remote, system: SalesforceSystem) -> None:
    gone = org.create("Account", Name="gone")
    remote.advance(60)
    remote.act("delete", object="Account", id=gone)
    assert system.peek([(NAMES, START + MINUTE)]) == [Peek(1, "2026-03-17T09:31:15.000Z")]


def test_a_peek_at_what_is_not_there_is_refused(system: SalesforceSystem) -> None:
    with pytest.raises(Refused, match="reading Nonsense__c"):
        system.peek([(replace(NAMES, object="Nonsense__c"), None)])


# request_text and apply


def mirror(system: SalesforceSystem, key: str = "7", **fields: str | None) -> Intent:
    """The intent of an invoice's mirror, its request frozen, as the journal hands it over on a first send."""
    said = {
        "Invoice_Key__c": key,
        "Name": f"SO-{key}",
        "Amount__c": "100.50",
        "Invoice_Date__c": "2026-03-05",
        **fields,
    }
    request = system.request_text(Action.CREATE, "Intacct_Invoice__c", None, json.dumps({"fields": said}))
    made = intent(f"m{key}", target_system="salesforce", target_object="Intacct_Invoice__c", natural_key=key, attempt=1)
    return replace(made, request=request)


def update(system: SalesforceSystem, account: str, **fields: str | None) -> Intent:
    """The intent of an update of an account."""
    request = system.request_text(Action.UPDATE, "Account", account, json.dumps({"fields": fields}))
    said = intent(f"u{account}", action=Action.UPDATE, target_system="salesforce", target_object="Account", attempt=1)
    return replace(said, target_id=account, natural_key=account, request=request)


def test_a_create_goes_by_its_external_id_and_is_accepted_with_its_id(remote: Remote, system: SalesforceSystem) -> None:
    outcomes = system.apply([mirror(system, "7"), mirror(system, "8")])
    rows = remote.rows("Intacct_Invoice__c")
    assert outcomes == [Outcome(Result.ACCEPTED, target_id=row["Id"]) for row in rows]
    assert [(row["Invoice_Key__c"], row["Name"], Decimal(row["Amount__c"])) for row in rows] == [
        ("7", "SO-7", Decimal("100.50")),
        ("8", "SO-8", Decimal("100.50")),
    ]


@pytest.mark.answers("B1")
def test_a_lost_reply_never_makes_a_second_mirror(remote: Remote, system: SalesforceSystem) -> None:
    sent = mirror(system)
    remote.fault("drop_reply", writes_only=True, operation="*")
    assert [one.result for one in system.apply([sent])] == [Result.UNCERTAIN]
    (row,) = remote.rows("Intacct_Invoice__c")
    assert system.find([sent]) == [Outcome(Result.FOUND, target_id=row["Id"])]
    assert system.apply([sent]) == [Outcome(Result.ACCEPTED, target_id=row["Id"])]
    assert len(remote.rows("Intacct_Invoice__c")) == 1


def test_updates_are_accepted_for_their_own_records(org: Org, remote: Remote, system: SalesforceSystem) -> None:
    first, second = (org.create("Account", Name=name) for name in "AB")
    outcomes = system.apply(
        [update(system, second, Intacct_Balance__c="5.00"), update(system, first, Intacct_Sync_Status__c="Synced")]
    )
    assert outcomes == [Outcome(Result.ACCEPTED, target_id=second), Outcome(Result.ACCEPTED, target_id=first)]
    found = {row["Id"]: row for row in remote.rows("Account")}
    assert (found[first]["Intacct_Sync_Status__c"], found[second]["Intacct_Balance__c"]) == ("Synced", "5.00")


@pytest.mark.answers("B2")
def test_each_record_succeeds_or_fails_by_itself_in_the_order_it_was_sent(
    org: Org, remote: Remote, system: SalesforceSystem
) -> None:
    account = org.create("Account", Name="A")
    outcomes = system.apply(
        [
            update(system, "001000000000000AAA", Intacct_Sync_Status__c="Synced"),
            update(system, account, Intacct_Sync_Status__c="Synced"),
            update(system, "no id at all", Intacct_Sync_Status__c="Synced"),
        ]
    )
    assert [one.result for one in outcomes] == [Result.REFUSED, Result.ACCEPTED, Result.REFUSED]
    assert outcomes[2].code == "MALFORMED_ID"
    assert outcomes[0].message
    assert remote.rows("Account")[0]["Intacct_Sync_Status__c"] == "Synced"


@pytest.mark.answers("B11")
def test_a_record_that_was_deleted_before_our_write_came_is_refused_as_what_it_is(
    org: Org, remote: Remote, system: SalesforceSystem
) -> None:
    gone = org.create("Account", Name="A")
    remote.act("delete", object="Account", id=gone)
    (outcome,) = system.apply([update(system, gone, Intacct_Sync_Status__c="Synced")])
    assert (outcome.result, outcome.code) == (Result.REFUSED, "ENTITY_IS_DELETED")
    assert recognised(outcome.code, outcome.message)[0] == "target_gone"


@pytest.mark.answers("B4")
def test_a_locked_row_passes_and_its_neighbours_are_not_held_up(
    org: Org, remote: Remote, system: SalesforceSystem
) -> None:
    accounts = [org.create("Account", Name=name) for name in "AB"]
    remote.fault("refuse", operation="update Account", settings=LOCKED)
    outcomes = system.apply([update(system, account, Intacct_Sync_Status__c="Synced") for account in accounts])
    assert [one.result for one in outcomes] == [Result.NOT_EXECUTED, Result.ACCEPTED]
    assert outcomes[0] == Outcome(Result.NOT_EXECUTED, code=LOCKED["code"], message=LOCKED["message"])


@pytest.mark.answers("B5")
def test_a_validation_rule_refuses_in_its_own_words(org: Org, remote: Remote, system: SalesforceSystem) -> None:
    account = org.create("Account", Name="A")
    rule = "No balances above a million, please"
    remote.act("add_validation_rule", object="Account", error_condition="Intacct_Balance__c > 1000000", message=rule)
    (outcome,) = system.apply([update(system, account, Intacct_Balance__c="2000000.00")])
    assert outcome == Outcome(Result.REFUSED, code="FIELD_CUSTOM_VALIDATION_EXCEPTION", message=rule)


@pytest.mark.parametrize(
    ("fault", "expected"),
    [
        ({"kind": "throttle"}, (Result.NOT_EXECUTED, "throttled")),
        ({"kind": "server_error"}, (Result.UNCERTAIN, "no_answer")),
        ({"kind": "truncate"}, (Result.UNCERTAIN, "no_answer")),
    ],
)
def test_what_befalls_a_request_befalls_every_intent_in_it(
    remote: Remote, system: SalesforceSystem, fault: dict[str, Any], expected: tuple[Result, str]
) -> None:
    remote.fault(**fault, writes_only=True, operation="*")
    outcomes = system.apply([mirror(system, "7"), mirror(system, "8")])
    assert [(one.result, one.code) for one in outcomes] == [expected] * 2
    assert len([line for line in remote.log() if line["is_write"]]) == 1


def test_a_request_that_cannot_be_read_is_refused_when_only_one_record_can_be_to_blame(
    remote: Remote, system: SalesforceSystem
) -> None:
    broken = replace(mirror(system, "7"), request='{"attributes":{"type":"Intacct_Invoice__c"},')
    (alone,) = system.apply([broken])
    assert (alone.result, alone.code) == (Result.REFUSED, "JSON_PARSER_ERROR")
    both = system.apply([broken, mirror(system, "8")])
    assert [(one.result, one.code) for one in both] == [(Result.NOT_EXECUTED, "unreadable")] * 2
    assert remote.rows("Intacct_Invoice__c") == []


ACCEPTED = {"id": "001A", "success": True, "errors": []}


@pytest.mark.parametrize(
    ("why", "answer"),
    [
        ("no list", {"success": True}),
        ("no result at all", []),
        ("a result too many", [ACCEPTED, ACCEPTED]),
        ("not quite a success", [{**ACCEPTED, "success": "true"}]),
        ("another record's result", [{**ACCEPTED, "id": "001B"}]),
    ],
)
@pytest.mark.answers("B2")
def test_success_is_a_whitelist(why: str, answer: Any) -> None:
    assert outcome_of(answer).result is not Result.ACCEPTED, why
    assert outcome_of([ACCEPTED]) == Outcome(Result.ACCEPTED, target_id="001A")


def outcome_of(answer: Any) -> Outcome:
    """What an answer proves about the update of the account 001A."""
    with in_session(Canned(json.dumps(answer).encode())) as (rest, server):
        system = SalesforceSystem(rest)
        (outcome,) = system.apply([update(system, "001A", Intacct_Sync_Status__c="Synced")])
        assert len(server.received) == 2
    return outcome


def test_a_create_that_succeeds_without_an_id_is_uncertain() -> None:
    with in_session(Canned(b'[{"success":true,"errors":[]}]')) as (rest, _):
        system = SalesforceSystem(rest)
        assert [one.result for one in system.apply([mirror(system)])] == [Result.UNCERTAIN]


# find


def test_what_was_never_created_is_absent(system: SalesforceSystem) -> None:
    assert system.find([mirror(system)]) == [Outcome(Result.ABSENT)]


def test_a_mirror_is_found_when_it_says_what_was_meant(remote: Remote, system: SalesforceSystem) -> None:
    said = mirror(system)
    system.apply([said, mirror(system, "8")])
    number = remote.rows("Intacct_Invoice__c")[0]["Id"]
    assert system.find([said]) == [Outcome(Result.FOUND, target_id=number)]
    assert system.find([mirror(system, Amount__c="100.5")]) == [Outcome(Result.FOUND, target_id=number)]
    for other in ({"Amount__c": "100.51"}, {"Name": "SO-77"}, {"Due_Date__c": "2026-04-01"}, {"Invoice_Date__c": None}):
        assert system.find([mirror(system, **other)]) == [Outcome(Result.ABSENT)]


@pytest.mark.answers("B1")
def test_an_update_is_found_when_the_record_says_what_it_said(org: Org, system: SalesforceSystem) -> None:
    account = org.create("Account", Name="A", Intacct_Sync_Error__c="old")
    said = update(
        system, account, Intacct_Balance__c="12.50", Intacct_Sync_Error__c=None, Intacct_Sync_Status__c="Synced"
    )
    assert system.find([said]) == [Outcome(Result.ABSENT)]
    system.apply([said])
    assert system.find([said]) == [Outcome(Result.FOUND, target_id=account)]


def test_every_intent_is_answered_in_the_order_it_was_asked(remote: Remote, system: SalesforceSystem) -> None:
    system.apply([mirror(system, "7"), mirror(system, "9")])
    found = system.find([mirror(system, "9"), mirror(system, "8"), mirror(system, "7")])
    assert [one.result for one in found] == [Result.FOUND, Result.ABSENT, Result.FOUND]
    assert [one.target_id for one in found][::-2] == [row["Id"] for row in remote.rows("Intacct_Invoice__c")]


def test_a_parent_that_was_named_by_its_key_is_looked_for_by_its_key(org: Org, system: SalesforceSystem) -> None:
    for key in ("7", "8"):
        org.create("Intacct_Invoice__c", Name=f"SO-{key}", Invoice_Key__c=key)

    def application(invoice: str) -> Intent:
        fields = {"Application_Key__c": "9", "Invoice__r.Invoice_Key__c": invoice, "Amount__c": "10.00"}
        request = system.request_text(
            Action.CREATE, "Intacct_Payment_Application__c", None, json.dumps({"fields": fields})
        )
        sent = intent("a9", target_object="Intacct_Payment_Application__c", natural_key="9", attempt=1)
        return replace(sent, request=request)

    system.apply([application("7")])
    assert [one.result for one in system.find([application("7")])] == [Result.FOUND]
    assert [one.result for one in system.find([application("8")])] == [Result.ABSENT]


def test_the_system_says_whose_it_is_and_how_long_a_call_may_take(org: Org, system: SalesforceSystem) -> None:
    assert (system.name, system.company) == ("salesforce", org.host)
    assert system.call_timeout == timedelta(seconds=120)

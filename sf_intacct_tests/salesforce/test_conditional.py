"""Lone updates carry a condition: what somebody touched since it was planned is not written over."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from sf_intacct.model.intent import Action, Intent
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.salesforce.records import lone, record_text
from sf_intacct.salesforce.system import SalesforceSystem
from sf_intacct_tests.intents import intent
from sf_intacct_tests.sandbox.conftest import START
from sf_intacct_tests.sandbox.remote import Remote
from sf_intacct_tests.sandbox.salesforce.org import Org

LATER = START + timedelta(seconds=5)


def _update(system: SalesforceSystem, account: str, **fields: str) -> Intent:
    request = system.request_text(Action.UPDATE, "Account", account, json.dumps({"fields": fields}))
    made = intent(action=Action.UPDATE, target_system="salesforce", target_object="Account", attempt=1)
    seen = START.strftime("%Y-%m-%dT%H:%M:%S.%fZ")
    return replace(made, target_id=account, target_version=seen, natural_key=account, request=request)


def test_a_lone_update_of_an_untouched_record_is_accepted(org: Org, system: SalesforceSystem) -> None:
    account = org.create("Account", Name="Acme")
    assert system.apply([_update(system, account, Name="Acme Ltd")]) == [Outcome(Result.ACCEPTED, target_id=account)]
    assert org.get("Account", account)["Name"] == "Acme Ltd"


@pytest.mark.answers("B13")
def test_a_lone_update_of_a_record_that_somebody_touched_since_is_not_executed(
    org: Org, remote: Remote, system: SalesforceSystem
) -> None:
    account = org.create("Account", Name="Acme")
    update = _update(system, account, Name="Acme Ltd")
    remote.move_to(LATER)
    org.update("Account", account, Name="Typed by hand")
    (outcome,) = system.apply([update])
    assert (outcome.result, outcome.code) == (Result.NOT_EXECUTED, "target_moved")
    assert org.get("Account", account)["Name"] == "Typed by hand"


def test_what_a_lone_update_cannot_write_is_refused_in_salesforces_words(org: Org, system: SalesforceSystem) -> None:
    account = org.create("Account", Name="Acme")
    (outcome,) = system.apply([_update(system, account, Name="x" * 300)])
    assert (outcome.result, outcome.code) == (Result.REFUSED, "STRING_TOO_LONG")


@pytest.mark.parametrize("fields", [{"Name": 'A, }{ "b"'}, {"Intacct_Balance__c": "12.50", "Name": None}, {}])
def test_the_body_of_a_lone_call_says_what_the_collection_would_have_said(fields: dict[str, str | None]) -> None:
    text = record_text("Account", fields, "001")
    whole = json.loads(text, parse_float=str)
    del whole["attributes"], whole["Id"]
    assert json.loads(lone(text, "Account", "001"), parse_float=str) == whole

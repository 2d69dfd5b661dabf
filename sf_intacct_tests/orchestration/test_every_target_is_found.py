"""The catalogue of everything we write: each has a look-up that tells ours, somebody else's and nothing apart.

What is uncertain never leaves without that look; a target that lacks one fails here.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from sf_intacct.flow.contracts import target_contract
from sf_intacct.intacct.objects import TARGETS
from sf_intacct.intacct.system import IntacctSystem
from sf_intacct.model.intent import Action, Intent
from sf_intacct.model.receipt import Outcome, Result
from sf_intacct.model.system import Kind, Selection
from sf_intacct.salesforce.records import EXTERNAL_IDS
from sf_intacct.salesforce.system import SalesforceSystem
from sf_intacct_tests.intents import intent
from sf_intacct_tests.town import MAPPINGS

FILES = [*MAPPINGS.glob("*.yaml"), *(MAPPINGS / "alternatives").glob("*.yaml")]
OURS, OTHERS = "801A", "801B"


def _targets(system: str) -> dict[str, bool]:
    """Every object that a shipped mapping writes to, and whether it makes records there."""
    found: dict[str, bool] = {}
    for file in FILES:
        text = file.read_text()
        if target := re.search(rf"^to: {system}\.(\w+)", text, re.MULTILINE):
            found[target[1]] = found.get(target[1], False) or "\ncreates: false" not in text
    return found


INTACCT, SALESFORCE = _targets("intacct"), _targets("salesforce")


def test_every_object_that_a_mapping_makes_can_be_looked_up() -> None:
    assert all(INTACCT.values())
    assert set(INTACCT) == set(TARGETS), "an object that no mapping writes needs no look-up, and one that is needs it"
    assert {name for name, is_made in SALESFORCE.items() if is_made} == set(EXTERNAL_IDS)


# Intacct: by its number and, where there is one, our mark; money must be ours


class Books(IntacctSystem):
    """A company whose records are given; whatever is asked for, it shows what bears the name or the mark."""

    def __init__(self, *rows: dict[str, str | None]) -> None:
        self.rows = rows
        self.gateway = SimpleNamespace(check_clock=lambda doing: None)  # type: ignore[assignment]

    def _pages(
        self, selection: Selection, conditions: Any, formatting: Any = None, definition: str = ""
    ) -> Iterator[Any]:
        names = [field.name for field in selection.fields]
        yield pl.DataFrame(
            [{name: row.get(name) for name in names} for row in self.rows], dict.fromkeys(names, pl.String)
        )


def _name(target: str) -> str:
    """What we call it; what is known by our mark alone is called by that."""
    return OURS if TARGETS[target].natural_key == TARGETS[target].mark else "N-1"


def _made(target: str) -> Intent:
    document = TARGETS[target].total is not None
    request = "<create_sotransaction><transactiontype>Sales Invoice</transactiontype></create_sotransaction>"
    amount, currency = (Decimal("100.00"), "USD") if document else (None, None)
    return intent(target_object=target, natural_key=_name(target), request=request, amount=amount, currency=currency)


def _record(target: str, **changes: str | None) -> dict[str, str | None]:
    """The record that we made, as a look-up shows it."""
    of = TARGETS[target]
    row: dict[str, str | None] = {"RECORDNO": "7", of.natural_key: _name(target), "DOCPARID": "Sales Invoice"}
    row |= {name: value for name, value in ((of.mark, OURS), (of.total, "100"), (of.currency, "USD")) if name}
    return {**row, **{getattr(of, name): value for name, value in changes.items()}}


def _seen(target: str, *rows: dict[str, str | None]) -> Outcome:
    (outcome,) = Books(*rows).find([_made(target)])
    return outcome


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_in_intacct_ours_is_found_and_nothing_is_absent(target: str) -> None:
    assert _seen(target, _record(target)) == Outcome(Result.FOUND, target_id="7")
    assert _seen(target) == Outcome(Result.ABSENT)
    assert _seen(target, _record(target, natural_key="N-2", **_marked(target, OTHERS))) == Outcome(Result.ABSENT)


def _marked(target: str, by: str | None) -> dict[str, str | None]:
    return {"mark": by} if TARGETS[target].mark else {}


@pytest.mark.parametrize(
    "target", sorted(name for name, of in TARGETS.items() if of.mark not in (None, of.natural_key))
)
@pytest.mark.parametrize("mark", [OTHERS, None])
def test_in_intacct_what_bears_our_name_and_not_our_mark_is_somebody_elses(target: str, mark: str | None) -> None:
    assert _seen(target, _record(target, mark=mark)).result is Result.DIFFERENT


@pytest.mark.parametrize("target", sorted(name for name, of in TARGETS.items() if of.total))
@pytest.mark.parametrize("change", [{"total": "100.01"}, {"currency": "EUR"}, {"total": None}])
def test_in_intacct_a_document_of_other_money_is_not_ours(target: str, change: dict[str, str | None]) -> None:
    assert _seen(target, _record(target, **change)).result is Result.DIFFERENT


@pytest.mark.parametrize("target", sorted(TARGETS))
def test_in_intacct_two_of_ours_are_for_a_person(target: str) -> None:
    assert _seen(target, _record(target), {**_record(target), "RECORDNO": "8"}).result is Result.DIFFERENT


def test_in_intacct_whatever_has_no_mark_has_money_by_which_it_is_known() -> None:
    assert [name for name, of in TARGETS.items() if of.mark is None and of.total is None] == []


@pytest.mark.parametrize("target", ["CONTACT", "CUSTOMER", "ITEM", "PROJECT"])
def test_in_intacct_an_update_is_found_by_what_it_says(target: str) -> None:
    said = replace(_made(target), action=Action.UPDATE, target_id="7")
    said = replace(said, request=f"<update><{target}><RECORDNO>7</RECORDNO><NAME>A</NAME></{target}></update>")
    for name, result in (("A", Result.FOUND), ("B", Result.ABSENT), (None, Result.ABSENT)):
        (seen,) = Books({"RECORDNO": "7", "NAME": name}).find([said])
        assert seen.result is result
    assert Books().find([said]) == [Outcome(Result.ABSENT)]


# Salesforce: by a key of ours or the record's own id; a write is absolute, so what says otherwise is written again


class Org(SalesforceSystem):
    """An organisation whose records are given."""

    def __init__(self, *rows: dict[str, Any]) -> None:
        self.rows = rows

    def read(self, selection: Selection, ids: Sequence[str]) -> Iterator[pl.DataFrame]:
        names = [*(field.name for field in selection.fields), "is_deleted"]
        rows = [{"is_deleted": False, **row} for row in self.rows if row[selection.record_id] in ids]
        kinds: dict[str, Any] = {name: pl.Boolean() if name == "is_deleted" else pl.String() for name in names}
        yield pl.DataFrame([{name: row.get(name) for name in names} for row in rows], kinds)


_VALUES = {Kind.TEXT: "a", Kind.MONEY: "1.50", Kind.DATE: "2026-03-05", Kind.FLAG: "true"}


def _written(target: str) -> tuple[Intent, dict[str, Any]]:
    """A write of a few fields of an object, and the record as it is once that was carried out."""
    contract = target_contract(f"salesforce.{target}")
    assert contract is not None
    creates = SALESFORCE[target]
    key = EXTERNAL_IDS[target] if creates else "Id"
    said = {
        column.source: _VALUES[column.kind]
        for column in contract.columns
        if column.source and column.source not in (key, "Id") and column.kind in _VALUES and "." not in column.source
    }
    named: dict[str, str] = {key: "K-1"} if creates else {}
    fields = {**named, **dict(list(said.items())[:4])}
    made = intent(target_system="salesforce", target_object=target, natural_key="K-1", amount=None)
    made = replace(made, action=Action.CREATE if creates else Action.UPDATE, target_id=None if creates else "001A")
    request = Org().request_text(made.action, target, made.target_id, json.dumps({"fields": fields}))
    return replace(made, request=request), {"Id": "001A", **fields}


@pytest.mark.parametrize("target", sorted(SALESFORCE))
def test_in_salesforce_ours_is_found_and_anything_else_is_not(target: str) -> None:
    write, record = _written(target)
    assert len(record) > 2
    assert Org(record).find([write]) == [Outcome(Result.FOUND, target_id="001A")]
    assert Org().find([write]) == [Outcome(Result.ABSENT)]
    field = list(record)[-1]
    assert Org({**record, field: "written by hand"}).find([write]) == [Outcome(Result.ABSENT)]
    assert Org({**record, "is_deleted": True}).find([write]) == [Outcome(Result.ABSENT)], "it lies in the bin"
    assert Org({**record, "is_deleted": True, "Id": "001B"}, record).find([write])[0].target_id == "001A"
    assert Org(record, {**record, "is_deleted": True, "Id": "001B"}).find([write])[0].target_id == "001A"


def test_the_catalogue_is_read_from_the_shipped_files() -> None:
    assert len(FILES) > 20
    assert Path(MAPPINGS / "order_to_invoice.yaml") in FILES

"""What is judged: our files after every process; at the end the books of both sandboxes, their log, and the journal."""

import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import sqlalchemy as sa

from sf_intacct.model.intent import State
from sf_intacct.store.finance_tables import TABLES
from sf_intacct.store.journal import Journal
from sf_intacct_tests.town import Town


@dataclass
class Judged:
    """What one history shows. failures is empty when all is well."""

    seed: int
    kills: int = 0
    faults: int = 0
    duplicates: int = 0
    lost: int = 0
    unexplained: int = 0
    corrupt: int = 0
    points: Counter[str] = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    story: list[str] = field(default_factory=list)

    @property
    def is_well(self) -> bool:
        return not (self.failures or self.duplicates or self.lost or self.unexplained or self.corrupt)


def judge_files(told: Judged, home: Path, environment: Mapping[str, str]) -> None:
    """Opens a copy of every database: what the next process finds must be what this one left."""
    for file in sorted(home.glob("*")):
        problem = _problem(file) if file.suffix in (".duckdb", ".sqlite") and not file.name.startswith(".") else None
        if problem:
            told.corrupt += 1
            told.failures.append(f"{file.name} is corrupt: {problem}")


def _problem(file: Path) -> str | None:
    with _copy(file) as copy:
        try:
            return _of_sqlite(copy) if file.suffix == ".sqlite" else _of_duckdb(copy)
        except (sqlite3.Error, duckdb.Error) as error:
            return str(error)


@contextmanager
def _copy(file: Path) -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=file.parent.parent) as folder:
        for beside in (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}.wal")):
            if beside.exists():
                shutil.copy(beside, folder)
        yield Path(folder) / file.name


def _of_sqlite(file: Path) -> str | None:
    with closing(sqlite3.connect(file)) as connection:
        (told,) = connection.execute("pragma integrity_check").fetchone()
        strangers = connection.execute("pragma foreign_key_check").fetchall()
    return None if (told, strangers) == ("ok", []) else f"{told} {strangers}"


def _of_duckdb(file: Path) -> str | None:
    """Reads every value of every table. What finance opens is whole, or as it was before."""
    with duckdb.connect(str(file)) as connection:
        tables = connection.execute("select schema_name, table_name from duckdb_tables()").fetchall()
        for schema, table in tables:
            connection.execute(f'select sum(hash(t)) from "{schema}"."{table}" t').fetchall()
    missing = set(TABLES) - {table for _, table in tables} if file.name == "finance.duckdb" else None
    return f"it lacks {sorted(missing)}" if missing else None


def judge_books(told: Judged, town: Town, due: Mapping[str, Decimal]) -> None:
    """Every order that was activated has one invoice of its amount, of which Sales knows; nothing is twice."""
    books = town.control("GET", "books")["intacct"]
    told.faults = sum(town.control("GET", "requests?since=999999999")["by_fault"].values())
    _once(told, "function executed", Counter(books["repeated_executions"]))
    invoices = {row["SALESFORCE_ID"]: row for row in town.invoices() if not row.get("DELETED_AT")}
    _once(told, "invoice", Counter(row["SALESFORCE_ID"] for row in town.invoices()))
    for table in ("CUSTOMER", "ITEM"):
        _once(told, table, Counter(row["SALESFORCE_ID"] for row in town.rows("intacct", table)))
    mirrors = town.rows("salesforce", "Intacct_Invoice__c")
    _once(told, "mirror", Counter(row["Invoice_Key__c"] for row in mirrors))
    for order in town.rows("salesforce", "Order"):
        _judge_order(told, order, due.get(order["Id"]), invoices.pop(order["Id"], None))
    told.unexplained += len(invoices)
    told.failures += [f"an invoice of no order: {number}" for number in invoices]
    _judge_mirrors(told, town, {row["Invoice_Key__c"]: row for row in mirrors})
    _judge_masters(told, town)


def _once(told: Judged, what: str, found: Mapping[str, int]) -> None:
    for key, times in found.items():
        if times > 1:
            told.duplicates += times - 1
            told.failures.append(f"{times} times: {what} {key}")


def _judge_order(
    told: Judged, order: Mapping[str, Any], due: Decimal | None, invoice: Mapping[str, Any] | None
) -> None:
    number = order["OrderNumber"]
    if due is None and invoice is not None:
        told.unexplained += 1
        told.failures.append(f"order {number} was withdrawn before it was sent, and has an invoice")
    if due is None:
        return
    if invoice is None:
        told.lost += 1
        told.failures.append(f"order {number} has no invoice: {order['Intacct_Sync_Status__c']}")
        return
    if Decimal(invoice["TRX_TOTALENTERED"]) != due:
        told.unexplained += 1
        told.failures.append(f"order {number} is worth {due}, its invoice {invoice['TRX_TOTALENTERED']}")
    told_sales = (order["Intacct_Invoice_Number__c"], order["Intacct_Sync_Status__c"], order["Intacct_Sync_Error__c"])
    if told_sales != (invoice["RECORDID"], "Synced", None):
        told.unexplained += 1
        told.failures.append(f"Sales reads on order {number}: {told_sales}")


def _judge_mirrors(told: Judged, town: Town, mirrors: Mapping[str, Mapping[str, Any]]) -> None:
    for invoice in town.invoices():
        mirror = next((row for row in mirrors.values() if row["Name"] == invoice["RECORDID"]), None)
        if mirror is None or Decimal(mirror["Amount_Due__c"]) != Decimal(invoice["TRX_TOTALDUE"]):
            told.unexplained += 1
            told.failures.append(f"Sales does not see {invoice['RECORDID']} as it is: {mirror}")


def _judge_masters(told: Judged, town: Town) -> None:
    names = {row["SALESFORCE_ID"]: row["NAME"] for row in town.rows("intacct", "CUSTOMER")}
    for account in town.rows("salesforce", "Account"):
        if names.get(account["Id"]) != account["Name"]:
            told.unexplained += 1
            told.failures.append(f"account {account['Name']} is called {names.get(account['Id'])} in Intacct")


def judge_journal(told: Judged, environment: Mapping[str, str]) -> None:
    """Whatever was written was read back, or given up by name; every receipt is of a write that is there."""
    url = environment.get("SF_INTACCT_JOURNAL_URL") or f"sqlite:///{environment['SF_INTACCT_HOME']}/journal.sqlite"
    with closing(Journal(url)) as journal:
        states = {f"{crossing} {state}": n for (crossing, state), n in journal.counts().items()}
        with journal.engine.begin() as connection:
            orphans = connection.execute(
                sa.text("select count(*) from receipt where intent_key not in (select key from intent)")
            ).scalar()
    at_rest = (State.VERIFIED.value, State.CANCELLED.value)
    astray = {name: n for name, n in states.items() if not name.endswith(at_rest)}
    if astray or orphans:
        told.unexplained += sum(astray.values()) + int(orphans or 0)
        told.failures.append(f"the journal at rest: {astray}, receipts of nothing: {orphans}")

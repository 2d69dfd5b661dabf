"""The finance file: a copy of finance that readers open while we write. Whole, or as it was before."""

import os
from pathlib import Path

import duckdb

from sf_intacct.store import full_disk
from sf_intacct.store.finance_tables import TABLES
from sf_intacct.store.statements import create_table, names
from sf_intacct.store.warehouse import Warehouse


def publish(warehouse: Warehouse, file: Path) -> None:
    """Copies the tables of finance into a new file, with their comments, and renames it over `file`.

    In the file the tables lie in its main schema: the file is named finance, so that `finance.invoices`
    means the same in it as in the warehouse. A schema of that name beside it would be ambiguous.
    A reader that has the old file open keeps reading the old one; nobody waits, nobody sees half.
    """
    fresh = file.with_name(f".{file.name}.{os.getpid()}.new")
    _sweep(file)
    with warehouse.transaction(beside=fresh) as session:
        for table, (columns, says) in TABLES.items():
            session.run(create_table(f"beside.main.{table}", columns, says))
            session.run(f"insert into beside.main.{table} select {names(columns)} from finance.{table}")
    with full_disk.noticed("publishing the finance file", str(file)):
        _settle(fresh)
        os.replace(fresh, file)


def _sweep(file: Path) -> None:
    """Removes copies that nobody will finish: our own, and those of processes that were killed at it."""
    for left in file.parent.glob(f".{file.name}.*.new*"):
        process = left.name.removeprefix(f".{file.name}.").partition(".")[0]
        if not process.isdigit() or int(process) == os.getpid() or not _lives(int(process)):
            left.unlink(missing_ok=True)


def _lives(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _settle(fresh: Path) -> None:
    """Makes sure that the file is complete by itself and on disk before anybody can see it."""
    with duckdb.connect(str(fresh)) as connection:
        connection.execute("checkpoint")
    os.chmod(fresh, 0o600)
    handle = os.open(fresh, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_only(file: Path) -> duckdb.DuckDBPyConnection:
    """The finance file, opened so that nothing can be written and no other file read."""
    connection = duckdb.connect(str(file), read_only=True)
    connection.execute("set enable_external_access = false; set lock_configuration = true")
    return connection

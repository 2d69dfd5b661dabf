"""The memory of function control ids: what `uniqueid` compares with, and the count of executions."""

from dataclasses import dataclass

from sf_intacct.sandbox.intacct.books.store import Store
from sf_intacct.sandbox.intacct.books.tables import PREFIX

TABLE = f"{PREFIX}control_id"


@dataclass(frozen=True)
class ControlIds:
    """Ids of completed functions, per company and sender, for ever. A rolled-back function leaves none."""

    store: Store
    company: str
    sender: str

    def knows(self, control_id: str) -> bool:
        found = self.store.execute(
            f"select remembered from {TABLE} where company = ? and sender = ? and control_id = ?",
            [self.company, self.sender, control_id],
        ).fetchone()
        return bool(found and found[0])

    def note(self, control_id: str, operation: str, *, is_write: bool, remembered: bool) -> None:
        """Counts one completed execution."""
        self.store.execute(
            f"insert into {TABLE} values (?, ?, ?, ?, ?, ?, 1) on conflict do update set"
            " executions = executions + 1, remembered = max(remembered, excluded.remembered),"
            " is_write = max(is_write, excluded.is_write)",
            [self.company, self.sender, control_id, operation, is_write, remembered],
        )


def repeated(store: Store) -> dict[str, int]:
    """Executions of every writing function control id that was carried out more than once."""
    found = store.execute(f"select control_id, executions from {TABLE} where is_write and executions > 1 order by 1")
    return dict(found.fetchall())

"""The plan as people read it: what would be written, field by field, and what is kept back and why."""

import json
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

from sf_intacct.cli.output import CONSOLE, counted, money

if TYPE_CHECKING:
    from sf_intacct.orchestration.house import House

_NOTHING = "(nothing)"


def planned(opened: "House", crossings: Iterable[str]) -> list[dict[str, Any]]:
    """Every planned record of these crossings that is not at rest, with what would change."""
    rows: list[dict[str, Any]] = []
    with opened.transaction() as session:
        for name in crossings:
            found = session.frame(
                "select source_id, label, step, action, natural_key, amount, currency, cause, changes, payload "
                f"from plan.{name} where step not in ('unchanged', 'absent') order by step, label"
            )
            rows += [{"crossing": name, **_with_changes(row)} for row in found.iter_rows(named=True)]
    return rows


def _with_changes(row: dict[str, Any]) -> dict[str, Any]:
    from sf_intacct.flow.differences import told

    payload = json.loads(row["payload"]) if row["action"] else None
    changes = list(_said(payload)) if payload and row["action"] == "create" else told(row["changes"])
    return {**row, "changes": changes, "payload": payload}


def _said(payload: dict[str, Any]) -> Iterator[dict[str, str | None]]:
    """Everything that a new record would say, as changes from nothing."""
    for name, value in payload["fields"].items():
        if value is not None:
            yield {"field": name, "before": None, "after": value}
    for place, line in enumerate(payload["lines"], 1):
        values = ", ".join(f"{name}={value}" for name, value in line.items() if value is not None)
        yield {"field": f"line {place}", "before": None, "after": values}


def show_plan(rows: Sequence[dict[str, Any]]) -> None:
    """One line for each record, and one for each field below it."""
    if not rows:
        CONSOLE.print("Nothing to write: both sides agree.")
    for row in rows:
        amount = f"  {money(row['amount'])} {row['currency']}" if row["amount"] is not None else ""
        why = f"  because of {row['cause']}" if row["cause"] else ""
        what = f"{row['action'] or row['step']} {row['label']} -> {row['natural_key'] or '?'}{amount}{why}"
        CONSOLE.print(f"{row['crossing']} {what}", style="bold", markup=False, soft_wrap=True)
        for change in row["changes"]:
            before, after = change["before"] or _NOTHING, change["after"] or _NOTHING
            CONSOLE.print(f"    {change['field']}: {before} -> {after}", markup=False, soft_wrap=True)
    kept = sum(row["step"] in ("waiting", "held", "refused") for row in rows)
    if kept:
        CONSOLE.print(f"\n{counted(kept, 'record')} not to be sent now: `sf-intacct exceptions list` says why.")

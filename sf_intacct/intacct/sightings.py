"""Whether a record that bears a name of ours is the one that we meant to make."""

from collections.abc import Sequence
from decimal import Decimal

from sf_intacct.intacct.objects import Target
from sf_intacct.model.intent import Action, Intent
from sf_intacct.model.receipt import NAME_TAKEN, Outcome, Result

Row = dict[str, str | None]


def add_marked(named: dict[str, list[Row]], marked: dict[str, list[Row]], intents: Sequence[Intent]) -> None:
    """Adds to what bears our names what bears our marks under others: a company may number documents by itself."""
    for intent in intents:
        rows = named.setdefault(intent.natural_key, [])
        known = {row["RECORDNO"] for row in rows}
        rows += [row for row in marked.get(intent.source.record_id, []) if row["RECORDNO"] not in known]


def sighting(intent: Intent, target: Target, rows: list[Row], amount: Decimal | None) -> Outcome:
    """Whether what bears our name is what we meant. amount: the total by which it is known, if it has one.

    A company may allow one number twice: then what bears our mark is ours, whatever else is called so.
    """
    if not rows:
        return Outcome(Result.ABSENT)
    marked = intent.action is Action.CREATE and target.mark is not None
    ours = [row for row in rows if row[target.mark or ""] == intent.source.record_id] if marked else rows
    if len(ours) > 1:
        return Outcome(Result.DIFFERENT, message=f"{len(ours)} records are named {intent.natural_key}")
    if not ours:
        seen = ", ".join(row[target.mark or ""] or "nobody" for row in rows)
        taken = f"{intent.natural_key} is there already and belongs to {seen}"
        return Outcome(Result.DIFFERENT, code=NAME_TAKEN, message=taken)
    row = ours[0]
    if target.total and amount is not None and Decimal(row[target.total] or 0) != amount:
        seen = f"{intent.natural_key} is there with a total of {row[target.total]}, not {amount}"
        return Outcome(Result.DIFFERENT, message=seen)
    currency = row[target.currency] if target.currency else None
    if currency and intent.currency and currency != intent.currency:
        seen = f"{intent.natural_key} is there in {currency}, not in {intent.currency}"
        return Outcome(Result.DIFFERENT, message=seen)
    return Outcome(Result.FOUND, target_id=row["RECORDNO"])

"""mappings try and diff: one record, or one change of the files, run through the mappings; nothing is written."""

import os
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from sf_intacct.cli.output import CONSOLE, as_json, counted, money, table, tell
from sf_intacct.errors import FixNeeded
from sf_intacct.settings import layout_from_environment

if TYPE_CHECKING:
    from sf_intacct.orchestration.comparing import Effect
    from sf_intacct.orchestration.trying import Trial

_NOTHING = "(nothing)"


@click.command("try")
@click.argument("record_id")
@as_json
def try_(record_id: str, json_: bool) -> None:
    """One record through every mapping that starts from it: each value with the rule that made it. Writes nothing.

    RECORD_ID is a Salesforce id of 15 or 18 characters, or Intacct's record number, as last read.

    JSON: record_id, trials, a list with crossing, label, why_not (the predicate, where it does not hold), values (part,
    field, value, rule, mode, file), findings (cause, field, words, remedy), waits_for, plan (what would be done now:
    step, action, natural_key, target_id, amount, currency, cause, changes); and quarantine, a list with table, cause,
    field, words, remedy.
    """
    from sf_intacct.orchestration.trying import refusals, trials
    from sf_intacct.store.looking import looking
    from sf_intacct.store.mapping_files import read_mappings
    from sf_intacct.store.warehouse import Warehouse

    layout = layout_from_environment(os.environ)
    mappings = read_mappings(layout.mappings, layout.override_names, layout.home)
    wanted = _known_form(record_id)
    with looking(Warehouse(layout.warehouse_file), mappings.crossings.values()) as session:
        found = trials(session, mappings, wanted, datetime.now(UTC).date())
        kept = refusals(session, wanted)
    if not found and not kept:
        remedy = "check the id; read it first with `sf-intacct sync`; no mapping starts from every object"
        raise FixNeeded("trying a record", record=record_id, seen="no mapping starts from such a record", remedy=remedy)
    told = {"record_id": wanted, "trials": [asdict(trial) for trial in found], "quarantine": kept}
    tell(told, json_, lambda: _show_trials(found, kept))


def _known_form(record_id: str) -> str:
    """A Salesforce id in its 18 characters; anything else as it stands."""
    from sf_intacct.model.identifier import to_18

    try:
        return to_18(record_id)
    except ValueError:
        return record_id


def _show_trials(found: "list[Trial]", kept: list[dict[str, str]]) -> None:
    for one in kept:
        CONSOLE.print(f"In quarantine: {one['words']} {one['remedy']}", style="red", markup=False, soft_wrap=True)
    for trial in found:
        CONSOLE.print(f"{trial.crossing}: {trial.label}", style="bold", markup=False, soft_wrap=True)
        if trial.why_not:
            CONSOLE.print(f"    does not cross: not so, {trial.why_not}", markup=False, soft_wrap=True)
        else:
            _show_verdict(trial)
        rows = [[v.part, v.field, v.value if v.value is not None else _NOTHING, v.rule, v.file] for v in trial.values]
        table("", ("", "field", "value", "made by", "said in"), rows)


def _show_verdict(trial: "Trial") -> None:
    """What the plan would do, and what keeps it."""
    plan = trial.plan
    amount = f"  {money(plan['amount'])} {plan['currency'] or ''}" if plan["amount"] is not None else ""
    what = f"{plan['action'] or plan['step']} {plan['natural_key'] or _NOTHING}{amount}"
    CONSOLE.print(f"    plan: {what}", markup=False, soft_wrap=True)
    for change in plan["changes"]:
        before, after = change["before"] or _NOTHING, change["after"] or _NOTHING
        CONSOLE.print(f"    differs: {change['field']}: {before} -> {after}", markup=False, soft_wrap=True)
    for one in trial.findings:
        CONSOLE.print(f"    {one['words']} {one['remedy']}", style="red", markup=False, soft_wrap=True)
    for needed in trial.waits_for:
        CONSOLE.print(f"    after {needed}", markup=False, soft_wrap=True)


@click.command()
@click.option("--base", required=True, help="Revision of git to compare with, such as main or HEAD~1.")
@click.option("--days", default=90, show_default=True, type=click.IntRange(1), help="Records modified in these days.")
@click.option("--folder", default=None, type=click.Path(file_okay=False), help="Folder of the changed files.")
@as_json
def diff(base: str, days: int, folder: str | None, json_: bool) -> None:
    """What a change of the mapping files changes: which documents, in which field, and the money. Writes nothing.

    Runs the last days' records through the files as they are now and as they were at the base, both under today's
    contracts. A document that is there already and whose mapping says `when_changed: hold` stays as it is.

    JSON: base and now (revisions of the mapping files), since, and crossings, a list with crossing, documents (looked
    at), changed (documents that change), amount (the money in them, by currency), money (sums, a list with field,
    currency, before, after), changes (source_id, label, part, field, before, after, amount, currency, is_there).
    """
    from sf_intacct.cli.history import texts_at
    from sf_intacct.flow.described import with_described
    from sf_intacct.flow.mapping_check import checked
    from sf_intacct.flow.mapping_text import parse
    from sf_intacct.orchestration.comparing import effects
    from sf_intacct.store.looking import looking
    from sf_intacct.store.mapping_files import read_mappings
    from sf_intacct.store.warehouse import Warehouse

    layout = layout_from_environment(os.environ)
    where = Path(folder) if folder else layout.mappings
    now = read_mappings(where, layout.override_names, layout.home)
    texts = texts_at(where, base)
    there = [name for name in layout.override_names if f"overrides/{name}.yaml" in texts]
    before = with_described(checked(parse(texts, there)), now.described)
    since = datetime.now(UTC) - timedelta(days=days)
    both = [*before.crossings.values(), *now.crossings.values()]
    with looking(Warehouse(layout.warehouse_file), both) as session:
        found = effects(session, before, now, since)
    told = {"base": before.revision, "now": now.revision, "since": since, "crossings": [_told(one) for one in found]}
    tell(told, json_, lambda: _show_effects(found))


def _told(effect: "Effect") -> dict[str, object]:
    return {
        "crossing": effect.crossing,
        "documents": effect.documents,
        "changed": effect.changed,
        "amount": effect.amount,
        "money": [
            {"field": field, "currency": currency, "before": before, "after": after}
            for (field, currency), (before, after) in effect.money.items()
        ],
        "changes": effect.changes.to_dicts(),
    }


def _show_effects(found: "list[Effect]") -> None:
    """Crossings that change, each document with its fields; then one line for each field of money."""
    moved = [effect for effect in found if effect.changed]
    if not moved:
        CONSOLE.print("No document changes.")
    for effect in moved:
        money_in = ", ".join(f"{money(amount)} {currency}" for currency, amount in effect.amount.items())
        what = f"{effect.crossing}: {effect.changed} of {counted(effect.documents, 'document')} would change"
        CONSOLE.print(
            f"{what}{f', {money_in} in them' if money_in else ''}", style="bold", markup=False, soft_wrap=True
        )
        rows = [
            [
                row["label"],
                f"line {row['part']}" if row["part"] else "",
                row["field"],
                _NOTHING if row["before"] is None else row["before"],
                _NOTHING if row["after"] is None else row["after"],
                "yes" if row["is_there"] else "",
            ]
            for row in effect.changes.iter_rows(named=True)
        ]
        table("", ("document", "", "field", "before", "after", "there already"), rows)
        for (field, currency), (before, after) in effect.money.items():
            CONSOLE.print(f"{field}: {money(before)} -> {money(after)} {currency} in total", markup=False)

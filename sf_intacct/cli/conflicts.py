"""conflicts: where the two sides disagreed on a field, who won, and what another policy would have meant."""

from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.dispositions import by_whom
from sf_intacct.cli.output import CONSOLE, as_json, counted, table, tell
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.orchestration.house import House


@click.group()
def conflicts() -> None:
    """Fields on which the two sides disagreed: list, resolve, simulate."""


@conflicts.command("list")
@click.option("--all", "all_", is_flag=True, help="Also what is decided: by a field's owner, by a person, by itself.")
@as_json
def list_(all_: bool, json_: bool) -> None:
    """Conflicts that wait for a person; with --all every value that ever gave way, and to whom.

    JSON: conflicts, a list with id, crossing, source_id, target_id, label, target, field, says (the field in words),
    owner, verdict (conflict, overrule, yield), is_known (they once agreed), agreed, salesforce_value, intacct_value,
    salesforce_version, intacct_version (stamps), intent_key (the write that carried it over), changed_by (who last
    changed the record that gave way), opened_at, closed_at, winner, decided_by, run.
    """
    from sf_intacct.store import disagreements

    with house() as opened:
        found = [_plain(row) for row in disagreements.listed(opened.journal, open_only=not all_)]

    def people() -> None:
        if not found:
            CONSOLE.print("No conflicts." if all_ else "No conflicts are open.")
            return
        columns = ("id", "record", "field", "Salesforce", "Intacct", "agreed before", "counts", "decided by")
        table("Conflicts", columns, [_line(row) for row in found])

    tell({"conflicts": found}, json_, people)


def _plain(row: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != "change"}


def _line(row: dict[str, Any]) -> tuple[Any, ...]:
    agreed = row["agreed"] if row["is_known"] else "(never)"
    values = (row["salesforce_value"], row["intacct_value"], agreed)
    return (row["id"], row["label"], row["field"], *values, row["winner"] or "(open)", row["decided_by"])


@conflicts.command()
@click.argument("conflict_id")
@click.option("--take", required=True, type=click.Choice(["salesforce", "intacct"]), help="Whose value counts.")
@by_whom
@as_json
def resolve(conflict_id: str, take: str, by: str, json_: bool) -> None:
    """Say whose value counts. The other one is kept in the list; what is taken is written at the next sync.

    Where Intacct is taken and no mapping carries the field home, Salesforce keeps its own value, and both are left
    alone; when Salesforce changes it again, that is asked again.

    JSON: conflict, take, by, fields (how many were decided, with the same field on its way back).
    """
    from sf_intacct.flow.mapping import Owner
    from sf_intacct.store import disagreements

    with house() as opened:
        done = disagreements.resolve(opened.journal, conflict_id, Owner(take), by, opened.now())
    if not done:
        remedy = "`sf-intacct conflicts list` says what is open"
        raise click.BadParameter(f"no conflict {conflict_id} is open; {remedy}", param_hint="'CONFLICT_ID'")
    told = {"conflict": conflict_id, "take": take, "by": by, "fields": len(done)}
    said = f"{done[0]['field']} of {done[0]['label']}: {take} counts, says {by}. It takes effect at the next sync."
    tell(told, json_, lambda: CONSOLE.print(said, markup=False))


@conflicts.command()
@click.option(
    "--policy",
    required=True,
    type=click.Choice(["salesforce", "intacct", "newest", "nobody"]),
    help="Who would own every field: one side, whichever record changed last, or nobody.",
)
@as_json
def simulate(policy: str, json_: bool) -> None:
    """Replay past disagreements under another policy: what would have been different. Changes nothing.

    JSON: policy, conflicts (how many were replayed), different (how many of them would have ended otherwise), fields, a
    list with crossing, field, was, would_be (salesforce, intacct, or a person), count, and changes, a list with id,
    crossing, label, field, salesforce_value, intacct_value, was, would_be.
    """
    with house() as opened:
        replayed = _replayed(opened, policy)
    different = [{name: row[name] for name in _CHANGE} for row in replayed if row["was"] != row["would_be"]]
    fields = _by_field(different)
    told = {"policy": policy, "conflicts": len(replayed), "different": len(different), "fields": fields}

    def people() -> None:
        said = f"{counted(len(replayed), 'conflict')} under the policy {policy}: {len(different):,} would be different."
        CONSOLE.print(said, markup=False)
        if fields:
            rows = [(f["crossing"], f["field"], f["was"], f["would_be"], f["count"]) for f in fields]
            table(
                "By field",
                ("crossing", "field", "whose value counted", "would count", "conflicts"),
                rows,
                ["conflicts"],
            )
            shown = ("id", "label", "field", "salesforce_value", "intacct_value", "was", "would_be")
            columns = ("id", "record", "field", "Salesforce", "Intacct", "counted", "would count")
            table("One by one", columns, [tuple(row[name] for name in shown) for row in different])

    tell({**told, "changes": different}, json_, people)


_CHANGE = ("id", "crossing", "label", "field", "salesforce_value", "intacct_value", "was", "would_be")


def _replayed(opened: "House", policy: str) -> list[dict[str, Any]]:
    from sf_intacct.flow.replay import replay
    from sf_intacct.store import disagreements

    return replay(disagreements.listed(opened.journal), policy)


def _by_field(different: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """How often each field would have ended otherwise, and how."""
    names = ("crossing", "field", "was", "would_be")
    counts: dict[tuple[str, ...], int] = {}
    for row in different:
        key = tuple(row[name] for name in names)
        counts[key] = counts.get(key, 0) + 1
    return [{**dict(zip(names, key, strict=True)), "count": number} for key, number in sorted(counts.items())]

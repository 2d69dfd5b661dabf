"""reference: what documents are coded with, what Intacct did to it since, and which lines that blocks."""

from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.output import CONSOLE, as_json, money, table, tell
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.orchestration.house import House


@click.group()
def reference() -> None:
    """Terms, accounts, dimensions and the like, as Intacct keeps them: list, blocked."""


@reference.command("list")
@click.option("--changed", is_flag=True, help="Only what was ever renamed, is not active, or is gone.")
@as_json
def list_(changed: bool, json_: bool) -> None:
    """Every reference record that was read, and which mapping files name it. Asks neither system.

    JSON: values, a list with object, record_number, value_id, title, status (active, inactive, another one of
    Intacct's, or gone), former_ids and former_titles (what it was before a rename), named_in (mapping files).
    """
    with house() as opened:
        found = [one for one in _values(opened) if not changed or _has_changed(one)]

    def people() -> None:
        if not found:
            CONSOLE.print("Nothing has changed." if changed else "No reference table was read yet: run a sync.")
            return
        columns = ("object", "id", "called", "status", "was", "named in")
        table("Reference records", columns, [_line(one) for one in found])

    tell({"values": found}, json_, people)


def _values(opened: "House") -> list[dict[str, Any]]:
    from sf_intacct.flow.references import named
    from sf_intacct.store import references

    with opened.transaction() as session:
        rows = references.values(session).sort("object", "value_id").iter_rows(named=True)
    places: dict[tuple[str, str], list[str]] = {}
    for table_name, value_id, place, _ in named(opened.mappings).iter_rows():
        places.setdefault((table_name, value_id), []).append(place)
    return [_value(row, places.get((row["table_name"], row["value_id"]), [])) for row in rows]


def _value(row: dict[str, Any], named_in: list[str]) -> dict[str, Any]:
    plain = {name: row[name] for name in ("object", "record_number", "value_id", "title", "status")}
    former = {name: row[name].split("\n") if row[name] else [] for name in ("former_ids", "former_titles")}
    return {**plain, **former, "named_in": sorted(set(named_in))}


def _has_changed(one: dict[str, Any]) -> bool:
    return bool(one["status"] != "active" or one["former_ids"] or one["former_titles"])


def _line(one: dict[str, Any]) -> tuple[Any, ...]:
    was = ", ".join([*one["former_ids"], *one["former_titles"]])
    return (one["object"], one["value_id"], one["title"], one["status"], was, ", ".join(one["named_in"]))


@reference.command()
@as_json
def blocked(json_: bool) -> None:
    """What mapping files or open documents name that Intacct renamed, put away or lost, and the lines that it blocks.

    As of the last plan; asks neither system. A record that no open document names yet is told too, with the files that
    name it.

    JSON: causes, a list with subject, standing (inactive, renamed, gone, unknown), became (its new id), named_in (file
    and the word in it), orders (how many documents are blocked), lines (how many of their lines), money (of those
    documents, by currency), blocked: a list with crossing, source_id, label, line_id, field, line_amount, amount,
    currency.
    """
    with house() as opened:
        found = _causes(opened)

    def people() -> None:
        if not found:
            CONSOLE.print("Nothing that the mappings name is renamed, inactive or gone.")
            return
        for one in found:
            _tell_cause(one)

    tell({"causes": found}, json_, people)


def _causes(opened: "House") -> list[dict[str, Any]]:
    from sf_intacct.flow import blocking
    from sf_intacct.flow.references import troubles
    from sf_intacct.store import references

    with opened.transaction() as session:
        values = references.values(session)
        kept = references.blocked(session, sorted(opened.mappings.crossings))
    return blocking.causes(troubles(opened.mappings, values), kept)


def _tell_cause(one: dict[str, Any]) -> None:
    became = f" ({one['became']} now)" if one["became"] else ""
    CONSOLE.print(f"{one['subject']} is {one['standing']}{became}.", style="bold", markup=False)
    for place in one["named_in"]:
        CONSOLE.print(f"    named in {place}", markup=False)
    if not one["blocked"]:
        CONSOLE.print("    No open document names it yet.\n", markup=False)
        return
    rows = [
        (b["label"], b["line_id"], b["field"], b["line_amount"], b["amount"], b["currency"]) for b in one["blocked"]
    ]
    at_stake = ", ".join(f"{money(amount)} {currency}" for currency, amount in one["money"].items())
    title = f"Blocked: {one['orders']} with {one['lines']} lines, {at_stake or 'no money'}"
    table(title, ("document", "line", "field", "of the line", "in all", "currency"), rows, ["of the line", "in all"])

"""match: which records both systems had before us, looked at in a file, and answered by people."""

import getpass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.mappings import one_crossing
from sf_intacct.cli.output import CONSOLE, as_json, counted, table, tell
from sf_intacct.cli.road import job
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.flow.mapping import Mapping
    from sf_intacct.orchestration.house import House
    from sf_intacct.orchestration.matching import Told

in_crossing = click.option("--crossing", default="account_to_customer", show_default=True, help="Which crossing.")
_SHOWN = 20


@click.group()
def match() -> None:
    """Records that both systems had before: suggest, approve, revoke, list. Writes to neither system."""


@match.command()
@in_crossing
@click.option("--output", type=click.Path(dir_okay=False, writable=True), help="Write the review file there.")
@click.option("--at-least", type=click.IntRange(1, 100), default=30, show_default=True, help="Likeness from 1 to 100.")
@click.option("--semicolon", is_flag=True, help="Separate cells by semicolons, as spreadsheets in Europe expect.")
@click.option("--read/--no-read", default=True, help="Read and check first (default), or use what is there.")
@as_json
def suggest(crossing: str, output: str | None, at_least: int, semicolon: bool, read: bool, json_: bool) -> None:
    """Suggest which records are the same. A suggestion links nothing: answer yes or no in the file, then approve it.

    JSON: crossing, linked (how many need no answer), alone (how many are like nothing there), output (the file), and
    suggestions, a list with source_id, target_id, target_key, how (key: linked by itself at the next sync; shared key,
    taken key, alike), score (0 to 100), evidence, source_name, target_name, source_address, target_address,
    source_tax_id, target_tax_id, seen (what was compared, as a hash).
    """
    from sf_intacct.orchestration import matching

    with house() as opened:
        mapping = _matched(opened, crossing)
        if read:
            job(opened, "plan")
        found = matching.suggested(opened, mapping, at_least)
    if output:
        Path(output).write_bytes(matching.review_file(mapping, found.rows, ";" if semicolon else ","))
    rows = found.rows.to_dicts()
    told = {"crossing": crossing, "linked": found.linked, "alone": found.alone, "output": output, "suggestions": rows}
    tell(told, json_, lambda: _show_suggestions(told))


@match.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False))
@in_crossing
@click.option("--by", required=True, help="Who answered: your name, for the audit.")
@as_json
def approve(file: str, crossing: str, by: str, json_: bool) -> None:
    """Take the answers of a review file: yes links the two, no keeps them apart. Exit code 1 if a row is refused.

    JSON: approved, rejected, known (stood already), refused (how many each), by, and rows, a list with line, source_id,
    target_key, outcome, why (a row was refused).
    """
    from sf_intacct.orchestration import matching

    with house() as opened:
        content = Path(file).read_bytes()
        told = matching.approve(opened, _matched(opened, crossing), content, Path(file).name, _signed(by))
    counts = {name: sum(one.outcome == name for one in told) for name in ("approved", "rejected", "known", "refused")}
    rows = [
        {name: getattr(one, name) for name in ("line", "source_id", "target_key", "outcome", "why")} for one in told
    ]
    tell({**counts, "by": by, "rows": rows}, json_, lambda: _show_answers(counts, told))
    if counts["refused"]:
        raise click.exceptions.Exit(1)


@match.command()
@click.argument("source_id")
@in_crossing
@click.option("--by", default=getpass.getuser, help="Who decided; the user of this machine by default.")
@click.option("--reason", required=True, help="Why the two are not the same.")
@as_json
def revoke(source_id: str, crossing: str, by: str, reason: str, json_: bool) -> None:
    """Take the link of a record back, and keep the two apart from now on.

    JSON: crossing, source_id, target_id, target_key, by, reason.
    """
    from sf_intacct.orchestration import matching

    if not reason.strip():
        raise click.BadParameter("say why; an auditor reads it", param_hint="'--reason'")
    with house() as opened:
        verdict = matching.revoke(opened, _matched(opened, crossing), source_id, _signed(by), reason)
    told = {"crossing": crossing, "source_id": source_id, "target_id": verdict.target_id}
    told |= {"target_key": verdict.natural_key, "by": by, "reason": reason}
    done = f"{source_id} and {verdict.natural_key} are not the same, says {by}. It takes effect at the next sync."
    tell(told, json_, lambda: CONSOLE.print(done, markup=False))


@match.command("list")
@in_crossing
@as_json
def list_(crossing: str, json_: bool) -> None:
    """Everything that people said of pairs: who, when, and what they had before their eyes.

    JSON: crossing, and verdicts, a list with number, crossing, source_id, target_id, natural_key, verdict (same or
    different), score, evidence, reason, decided_by, recorded_at, run, is_linked (now).
    """
    from sf_intacct.orchestration import matching

    with house() as opened:
        rows = matching.listed(opened, _matched(opened, crossing).crossing)

    def people() -> None:
        names = ("recorded_at", "decided_by", "verdict", "source_id", "natural_key", "score", "evidence", "reason")
        listed = [[f"{row[n]:%Y-%m-%d %H:%M}" if n == "recorded_at" else row[n] for n in names] for row in rows]
        columns = ("when", "who", "says", "record", "counterpart", "score", "evidence", "reason")
        table("Verdicts", columns, listed, ["score"])

    tell({"crossing": crossing, "verdicts": rows}, json_, people)


def _matched(opened: "House", crossing: str) -> "Mapping":
    mapping = one_crossing(opened.mappings.crossings, crossing)
    if mapping.match is None:
        remedy = f"give mappings/{crossing}.yaml a `match:`"
        raise click.BadParameter(
            f"{crossing} does not say how records are recognised; {remedy}", param_hint="--crossing"
        )
    return mapping


def _signed(by: str) -> str:
    if not by.strip():
        raise click.BadParameter("say your name; an auditor reads it", param_hint="'--by'")
    return by.strip()


def _show_suggestions(told: dict[str, Any]) -> None:
    rows = told["suggestions"]
    columns = ("score", "how", "record", "counterpart", "", "evidence")
    shown = [(r["score"], r["how"], r["source_name"], r["target_key"], r["target_name"], r["evidence"]) for r in rows]
    table("Suggestions", columns, shown[:_SHOWN], ["score"])
    if len(rows) > _SHOWN:
        CONSOLE.print(f"... and {len(rows) - _SHOWN:,} more.")
    alone = f"{told['alone']:,} like nothing there"
    CONSOLE.print(f"{counted(len(rows), 'suggestion')}; {told['linked']:,} linked already, {alone}.")
    if told["output"]:
        CONSOLE.print(
            f"Answer yes or no in {told['output']}, then: sf-intacct match approve {told['output']} --by YOUR-NAME",
            markup=False,
            soft_wrap=True,
        )
    elif rows:
        CONSOLE.print("Nothing is linked by this. Write the file to answer with --output.")


def _show_answers(counts: dict[str, int], told: "list[Told]") -> None:
    refused = [(one.line, one.source_id, one.target_key, one.why) for one in told if one.outcome == "refused"]
    if refused:
        table("Refused", ("line", "record", "counterpart", "why"), refused)
    CONSOLE.print(", ".join(f"{number:,} {name}" for name, number in counts.items()) + ".")
    if counts["approved"] or counts["rejected"]:
        CONSOLE.print("It takes effect at the next sync.")

"""pause and resume: one switch for everything that we send, or for one of the two systems."""

from typing import TYPE_CHECKING, Any

import click

from sf_intacct.cli.output import CONSOLE, as_json, tell
from sf_intacct.cli.session import house

if TYPE_CHECKING:
    from sf_intacct.orchestration.house import House

by_person = click.option("--by", required=True, help="Who decides: your name, for the audit.")
of_system = click.option(
    "--system", type=click.Choice(["salesforce", "intacct"]), help="Only what goes to this system; everything if none."
)


@click.command()
@by_person
@click.option("--reason", required=True, help="Why; everybody who looks at the status reads it.")
@of_system
@as_json
def pause(by: str, reason: str, system: str | None, json_: bool) -> None:
    """Stop sending: a run that is sending stops before its next call, and no sync starts by itself.

    What is planned stays planned and what is known is kept; `sf-intacct resume` goes on from there.

    JSON: paused, a list with what (everything, salesforce or intacct), by, reason, since, words.
    """
    _say(system, True, by, reason, json_)


@click.command()
@by_person
@click.option("--reason", default="", help="What was found or mended.")
@of_system
@as_json
def resume(by: str, reason: str, system: str | None, json_: bool) -> None:
    """Go on sending what was paused. Without --system every pause ends.

    JSON: paused, a list of what is still paused, with what, by, reason, since, words.
    """
    _say(system, False, by, reason, json_)


def _say(system: str | None, is_paused: bool, by: str, reason: str, json_: bool) -> None:
    from sf_intacct.store import pauses

    require_words(by, "--by")
    if is_paused:
        require_words(reason, "--reason")
    with house() as opened:
        pauses.say(opened.journal, system or pauses.EVERYTHING, is_paused, by.strip(), reason.strip(), opened.now())
        told = paused(opened)
    tell({"paused": told}, json_, lambda: show_paused(told) if told else CONSOLE.print("Nothing is paused."))


def require_words(text: str, option: str) -> None:
    if not text.strip():
        raise click.BadParameter("say it in words; it is kept for the audit", param_hint=f"'{option}'")


def paused(opened: "House") -> list[dict[str, Any]]:
    """Every pause that stands."""
    from sf_intacct.store import pauses

    standing = pauses.standing(opened.journal)
    return [
        {"what": one.what, "by": one.by, "reason": one.reason, "since": one.since, "words": one.words}
        for one in standing
    ]


def show_paused(told: list[dict[str, Any]]) -> None:
    for one in told:
        words = f"{one['words'][0].upper()}{one['words'][1:]}. `sf-intacct resume` ends it."
        CONSOLE.print(words, style="yellow", markup=False, soft_wrap=True)

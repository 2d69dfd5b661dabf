"""periods: which books are known to be closed, and from whom."""

from typing import Any

import click

from sf_intacct.cli.output import CONSOLE, as_json, table, tell
from sf_intacct.cli.session import house


@click.command()
@as_json
def periods(json_: bool) -> None:
    """Which books are known to be closed, and who says so: company.yaml, Intacct's own date, or a refusal.

    As of the last plan; asks neither system. What is closed in the general ledger is closed in every ledger; what
    names no place is closed for the whole company.

    JSON: closed, a list with ledger (GL, AR or OE), places (entities and locations that a document has to touch, all of
    them), through (last closed day), opens_on (first day that is taken to be open), source (stated, read or refused),
    words.
    """
    from sf_intacct.orchestration.periods import closings

    with house() as opened, opened.transaction() as session:
        found = [_told(one) for one in closings(session, opened.mappings, opened.today).all]

    def people() -> None:
        if not found:
            CONSOLE.print("Nothing is known to be closed.")
            return
        columns = ("ledger", "for", "closed through", "opens on", "from", "says")
        table("Closed periods", columns, [_line(one) for one in found])

    tell({"closed": found}, json_, people)


def _told(one: Any) -> dict[str, Any]:
    return {
        "ledger": one.ledger.value,
        "places": sorted(one.places),
        "through": one.through.isoformat(),
        "opens_on": one.resumes_on.isoformat(),
        "source": one.source,
        "words": one.words,
    }


def _line(one: dict[str, Any]) -> tuple[str, ...]:
    places = ", ".join(one["places"]) or "the company"
    return (one["ledger"], places, one["through"], one["opens_on"], one["source"], one["words"])

"""Whether both systems agree, as numbers for programs and as a table for people."""

from typing import TYPE_CHECKING, Any

from sf_intacct.cli.output import CONSOLE, money, table
from sf_intacct.model.money import spelt

if TYPE_CHECKING:
    from sf_intacct.orchestration.reconciling import Sums, TieOut


def tie_out_numbers(result: "TieOut") -> dict[str, Any]:
    return {
        "holds": result.holds,
        "classes": result.classes,
        "unexplained": result.unexplained,
        **(_spelt(result.alone) if result.alone else dict.fromkeys(_AMOUNTS)),
        "sums": {currency: _spelt(sums) for currency, sums in result.sums.items()},
    }


_LINES = ("Salesforce expects", "Intacct has", "difference", "explained by an exception", "unexplained")


def _lines(sums: "Sums") -> list[str]:
    explained = sums.difference - sums.unexplained
    return [money(one) for one in (sums.salesforce, sums.intacct, sums.difference, explained, sums.unexplained)]


_AMOUNTS = ("salesforce", "intacct", "difference", "unexplained_money")


def _spelt(sums: "Sums") -> dict[str, str]:
    amounts = (sums.salesforce, sums.intacct, sums.difference, sums.unexplained)
    return {name: spelt(amount) for name, amount in zip(_AMOUNTS, amounts, strict=True)}


def show_tie_out(result: "TieOut") -> None:
    nothing = {"": result.alone} if result.alone else {}
    sums = result.sums or nothing
    columns = [currency or "amount" for currency in sums]
    rows = zip(_LINES, *(_lines(one) for one in sums.values()), strict=True)
    table("Tie-out", ("", *columns), list(rows), numbers=columns)
    counts = ", ".join(f"{number:,} {name.replace('_', ' ')}" for name, number in result.classes.items())
    verdict = "[green]The tie-out holds[/green]" if result.holds else "[red]The tie-out does not hold[/red]"
    CONSOLE.print(f"{verdict}: {counts or 'no documents yet'}.\n")

"""The claims of the proof about one sync and the quiet one after it, judged from outside."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
from rich.console import Console

from benchmarks import truth
from benchmarks.truth import Document
from benchmarks.world import Process, World, sync, told as told_by
from sf_intacct.flow import catalogue

Row = dict[str, Any]
SAY = Console(highlight=False, soft_wrap=True)


@dataclass
class Proof:
    """Everything that was found out, in the order of the story."""

    source: dict[str, Document]
    currency: str
    facts: dict[str, Any] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)

    def check(self, claim: str, holds: bool, seen: object = "") -> None:
        """One claim, printed with what was seen."""
        SAY.print(f"  [{'green' if holds else 'red'}]{'holds' if holds else 'FAILS'}[/]  {claim}  {seen}")
        if not holds:
            self.failures.append(claim)


def judge_first(proof: Proof, home: Path, world: World, first: Process) -> None:
    told = told_by(first)
    orders = [row for row in world.rows("salesforce", "Order") if row["StatusCode"] == "Activated"]
    invoices = [row for row in world.rows("intacct", "ARINVOICE") if row.get("SALESFORCE_ID")]
    memos = _memos(world, orders)
    documents = [*invoices, *memos]
    by_order = Counter(row["SALESFORCE_ID"] for row in documents)
    kept = finance(home, "select source_id from finance.exceptions where source_object = 'Order'")
    kept_ids = {row[0] for row in kept}
    lost = [row["Id"] for row in orders if row["Id"] not in by_order and row["Id"] not in kept_ids]
    duplicates = sum(count - 1 for count in by_order.values())
    tie_out = told["tie_out"]
    SAY.print(
        f"first sync: {first.seconds:.0f} s, {first.peak_mb:.0f} MB, {told['passes']} passes, {told['writes']:,} writes"
    )
    proof.facts |= {
        "orders": len(orders),
        "invoices": len(invoices),
        "credit_memos": len(memos),
        "duplicates": duplicates,
        "lost": len(lost),
        "exceptions": len(kept_ids),
        "difference": tie_out["difference"] or {name: sums["difference"] for name, sums in tie_out["sums"].items()},
        "peak_mb": round(first.peak_mb),
        "first_sync_seconds": round(first.seconds, 1),
    }
    proof.check("the seed has every order of the source", len(orders) == len(proof.source), len(orders))
    proof.check("no order has two documents", duplicates == 0)
    proof.check("no invoice is negative", all(Decimal(str(row["TRX_TOTALENTERED"])) >= 0 for row in invoices))
    proof.check("no function was carried out twice", not world.books()["intacct"]["repeated_executions"])
    proof.check("no order is lost", not lost)
    proof.check("every order is a document or an exception", len(orders) == len(by_order) + len(kept_ids))
    proof.check("every difference is explained", tie_out["holds"], tie_out["classes"])
    _judge_source(proof, home, world, orders)
    _judge_amounts(proof, orders, documents, kept_ids)
    _judge_finance(proof, home, orders)


def _memos(world: World, orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Credit memos with the order each came from: they carry no field of ours, so their number tells."""
    by_number = {f"CM-{row['OrderNumber']}": row["Id"] for row in orders}
    rows = world.rows("intacct", "ARADJUSTMENT")
    return [{**row, "SALESFORCE_ID": by_number.get(row["RECORDID"], row["RECORDID"])} for row in rows]


def _judge_amounts(proof: Proof, orders: list[dict[str, Any]], invoices: list[dict[str, Any]], kept: set[str]) -> None:
    """Both systems' own rows, compared without us: per document, per customer, in total."""
    expected = {row["Id"]: Decimal(row["TotalAmount"]) for row in orders if row["Id"] not in kept}
    account = {row["Id"]: row["AccountId"] for row in orders}
    billed = {row["SALESFORCE_ID"]: Decimal(str(row["TRX_TOTALENTERED"])) for row in invoices}
    wrong = [order for order, amount in expected.items() if billed.get(order) != amount]
    proof.check("every document agrees to the cent", not wrong, f"{len(expected):,} documents")
    ours: Counter[str] = Counter()
    theirs: Counter[str] = Counter()
    for order, amount in expected.items():
        ours[account[order]] += amount  # type: ignore[assignment]
        theirs[account[order]] += billed.get(order, Decimal(0))  # type: ignore[assignment]
    proof.check("every customer agrees to the cent", ours == theirs, f"{len(ours):,} customers")
    currency = {row["Id"]: row.get("CurrencyIsoCode") or proof.currency for row in orders}
    totals = truth.sums((currency[order], amount) for order, amount in expected.items())
    posted = truth.sums((row["CURRENCY"], _money(row)) for row in invoices)
    proof.check("the months agree to the cent", totals == posted, listed(totals))


def _judge_finance(proof: Proof, home: Path, orders: list[dict[str, Any]]) -> None:
    """What finance.duckdb says, against what the sandboxes say."""
    tied = finance(home, "select count(*) from finance.ar_tie_out where class = 'tied'")[0][0]
    documents = finance(home, "select count(*) from finance.ar_tie_out where order_id is not null")[0][0]
    proof.check("finance.ar_tie_out has every order once", documents == len(orders), f"{tied:,} tied")


def judge_second(proof: Proof, environment: dict[str, str], home: Path) -> None:
    with SAY.status("second sync, nothing has happened"):
        second = sync(home, environment)
    told = told_by(second)
    proof.facts |= {"second_sync_reads": told["reads"], "second_sync_writes": told["writes"]}
    proof.check("a second sync reads nothing new", told["reads"] == 0, f"{second.seconds:.0f} s")
    planned = sum(n["steps"].get("send", 0) for a, n in told["numbers"].items() if a.startswith("plan/"))
    proof.check("a second sync plans nothing and writes nothing", told["writes"] == 0 and planned == 0)


def _judge_source(proof: Proof, home: Path, world: World, orders: list[dict[str, Any]]) -> None:
    """The files against the books, number by number: whatever is between them had no say in either."""
    books = {row["RECORDID"]: row for name in ("ARINVOICE", "ARADJUSTMENT") for row in world.rows("intacct", name)}
    queue = _queue(home, {row["Id"]: row["OrderNumber"] for row in orders})
    posted = [one for one in proof.source.values() if one.recorded_as in books]
    waiting = [one for number, one in proof.source.items() if number in queue]
    both = {one.number for one in posted} & queue.keys()
    whole = not both and len(posted) + len(waiting) == len(proof.source)
    proof.check("every document of the files is posted or in the queue, never both", whole)
    wrong = [one for one in posted if _money(books[one.recorded_as]) != one.amount]
    proof.check("every posted document has the amount that the files say", not wrong, f"{len(posted):,} documents")
    strangers = books.keys() - {one.recorded_as for one in posted}
    proof.check("the books hold nothing that the files do not", not strangers, f"{len(books):,} documents")
    _judge_sums(proof, [(one, books[one.recorded_as]) for one in posted])
    left, every = truth.total(waiting), truth.total(proof.source.values())
    adds_up = truth.total(posted) + left == every
    proof.check("posted and waiting are the files' total", adds_up, f"{every - left:,} + {left:,} = {every:,}")
    _print_queue(proof, queue, waiting)


def _money(document: dict[str, Any]) -> Decimal:
    return Decimal(str(document["TRX_TOTALENTERED"]))


def _judge_sums(proof: Proof, pairs: list[tuple[Document, Row]]) -> None:
    """Sums of the files against sums of the books, whose rows say themselves of whom, in what and where they are."""
    of: dict[str, tuple[Callable[[Document], str], Callable[[Row], str]]] = {
        "customer": (lambda one: one.customer, _customer),
        "currency": (lambda one: "", lambda row: ""),
        "entity": (lambda one: one.entity, lambda row: row["MEGAENTITYID"] or ""),
    }
    for kind, (ours, theirs) in of.items():
        expected = truth.sums((f"{one.currency} {ours(one)}", one.amount) for one, _ in pairs)
        found = truth.sums((f"{row['CURRENCY']} {theirs(row)}", _money(row)) for _, row in pairs)
        seen = f"{len(expected):,} customers" if kind == "customer" else listed(expected)
        proof.check(f"every {kind} of the files agrees to the cent", expected == found, seen)


def _customer(row: Row) -> str:
    """The number that the files know; house accounts of cash sales have none there."""
    number = str(row["CUSTOMERID"]).removeprefix("C-")
    return "CASH" if number.startswith("CASH-") else number


def listed(amounts: dict[str, Decimal]) -> str:
    """Sums as people read them."""
    return ", ".join(f"{of.strip()} {amount:,}" for of, amount in sorted(amounts.items()))


def _queue(home: Path, numbers: dict[str, str]) -> dict[str, str]:
    """Documents in the queue with their causes: more than one is joined."""
    rows = finance(home, "select source_id, cause from finance.exceptions where source_object = 'Order'")
    causes: dict[str, set[str]] = {}
    for source_id, cause in rows:
        causes.setdefault(numbers[source_id], set()).add(cause)
    return {number: ", ".join(sorted(found)) for number, found in causes.items()}


def _print_queue(proof: Proof, queue: dict[str, str], waiting: list[Document]) -> None:
    """The queue by cause, with its money; a cause that the catalogue does not know explains nothing."""
    named = {cause for causes in queue.values() for cause in causes.split(", ")}
    unknown = named - catalogue.CAUSES.keys()
    proof.check("every document that waits has a cause", not unknown, ", ".join(sorted(unknown)))
    proof.facts["queue"] = dict(Counter(queue.values()))
    for causes, count in sorted(proof.facts["queue"].items()):
        money = truth.total(one for one in waiting if queue[one.number] == causes)
        SAY.print(f"         waits: {causes}  {count:,} documents, {money:,} {proof.currency}")


def finance(home: Path, sql: str) -> list[Any]:
    """What a query on the finance file finds."""
    with duckdb.connect(str(home / "finance.duckdb"), read_only=True) as connection:
        return connection.execute(sql).fetchall()

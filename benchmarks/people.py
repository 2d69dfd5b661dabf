"""The rest of the proof: people work in both systems, and one more sync carries exactly that."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from pathlib import Path

from benchmarks import truth
from benchmarks.judging import SAY, Proof, finance, listed
from benchmarks.world import World, sync, told as told_by

# A currency and what somebody says of it: text, or nothing.
Amount = tuple[str, str | None]
PAYMENTS, AMENDED, DEACTIVATED = 300, 50, 20


def judge_third(proof: Proof, environment: dict[str, str], home: Path, world: World) -> None:
    """People work in both systems; one more sync carries exactly that."""
    with SAY.status("300 payments, 50 harmless edits, 20 deactivated items"):
        payments = _pay(world)
        orders = [row["Id"] for row in world.rows("salesforce", "Order")[:AMENDED]]
        world.act(
            "salesforce", "edit_many", object="Order", ids=orders, fields={"Description": "leave at the back door"}
        )
        world.act("intacct", "deactivate_many", object="ITEM", count=DEACTIVATED)
        before, waited = world.books(), _waiting(home)
        third = sync(home, environment)
    told, after = told_by(third), world.books()
    invoices = _touched(world)
    # An order that waits may wait for one thing more, such as an item that was deactivated: Sales is told.
    reworded = len({order for order, _ in waited ^ _waiting(home)})
    sent = Counter(told["sent"])
    expected = {
        "payment_to_mirror": payments,
        "application_to_mirror": len(
            {(row["PAYMENTKEY"], row["RECORDKEY"]) for row in world.rows("intacct", "ARPYMTDETAIL")}
        ),
        "invoice_to_mirror": invoices,
        "outcome_to_order": invoices + reworded,
    }
    for crossing, number in expected.items():
        proof.check(f"{crossing} writes exactly what happened", sent[crossing] == number, f"{sent[crossing]:,}")
    carried = {
        "payment_to_mirror",
        "application_to_mirror",
        "invoice_to_mirror",
        "outcome_to_order",
        "outcome_to_account",
    }
    others = {crossing: number for crossing, number in sent.items() if number and crossing not in carried}
    proof.check("nothing else is written", not others, others or "")
    proof.check(
        "Intacct's books are as the people left them", before["intacct"]["invoiced"] == after["intacct"]["invoiced"]
    )
    proof.facts |= {"third_sync_seconds": round(third.seconds, 1), "third_sync_writes": told["writes"]}


def _waiting(home: Path) -> set[tuple[str, str]]:
    """Orders in the queue, each with everything that it waits for."""
    return set(finance(home, "select source_id, words from finance.exceptions where source_object = 'Order'"))


def _pay(world: World) -> int:
    """Customers pay: some in full, some in part, some several invoices at once; returns how many payments there are."""
    made = 0
    while made < PAYMENTS:
        made += len(world.act("intacct", "pay_many", count=PAYMENTS - made, seed=11 + made)["payments"])
    return made


def _touched(world: World) -> int:
    """Invoices that payments touched, by the sandbox's own rows."""
    return sum(1 for row in world.rows("intacct", "ARINVOICE") if Decimal(str(row["TRX_TOTALPAID"])) != 0)


def control_totals(proof: Proof, world: World) -> None:
    """Payments came home to the cent in each currency, and how many calls all of it took."""
    mirrored = [(row["Currency__c"], row["Amount__c"]) for row in world.rows("salesforce", "Intacct_Payment__c")]
    received = [(row["CURRENCY"], row["TRX_TOTALENTERED"]) for row in world.rows("intacct", "ARPYMT")]
    agree(proof, "payments are in Salesforce to the cent", mirrored, received)
    orders = world.rows("salesforce", "Order")
    due = [(row.get("CurrencyIsoCode") or proof.currency, row["Intacct_Amount_Due__c"]) for row in orders]
    owed = [(row["CURRENCY"], row["TRX_TOTALDUE"]) for row in world.rows("intacct", "ARINVOICE")]
    agree(proof, "what orders still owe is what Intacct is still owed", due, owed)
    calls = world.calls()
    proof.facts |= {"calls_salesforce": calls["salesforce"], "calls_intacct": calls["intacct"]}


def agree(proof: Proof, claim: str, ours: Sequence[Amount], theirs: Sequence[Amount]) -> None:
    """One claim about money in each currency."""
    sums = [truth.sums((currency, Decimal(str(amount or 0))) for currency, amount in side) for side in (ours, theirs)]
    proof.check(claim, sums[0] == sums[1], listed(sums[1]))

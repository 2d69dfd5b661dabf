"""A plan that is over a limit waits, whole, until people approve exactly it; the rest of the road goes on.

One world, made once: two orders are in the books, and on the next day three more are activated at once.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sf_intacct.errors import FixNeeded
from sf_intacct.flow import approval
from sf_intacct.flow.approval import Waiting
from sf_intacct.flow.contracts import OBSERVED
from sf_intacct.orchestration import applying, approving, planning, publishing, reading, watching
from sf_intacct.orchestration.house import House
from sf_intacct.store import waiting_plans
from sf_intacct_tests.cli.desk import Desk
from sf_intacct_tests.orchestration.under_dagster import lone_town
from sf_intacct_tests.town import BILLING, Town, line, only, order, settle, tie_out

ORDERS = "order_to_invoice"
LIMITS = """
brakes:
  by_crossing:
    order_to_invoice: {documents: 2}
  two_people: {money: {USD: 2000}}
"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    with lone_town(tmp_path_factory.mktemp("braked")) as town:
        only(town.folder / "mappings", *BILLING)
        town.seed([order(str(n), status="Draft") for n in range(1, 8)], [line(n, str(n)) for n in range(1, 8)])
        _say(town, LIMITS)
        settle(town.house())
        yield town


def _say(town: Town, limits: str) -> None:
    """Finance says other limits; whoever starts after that reads them."""
    file = town.folder / "mappings" / "company.yaml"
    file.write_text(file.read_text().split("\nbrakes:")[0].rstrip("\n") + "\n" + limits)


def _activate(town: Town, *numbers: str) -> None:
    for number in numbers:
        town.act("salesforce", "activate_order", order=number)


def _plan(house: House) -> planning.Outlook:
    """The road as far as the plan, for orders only."""
    for name in ("salesforce_orders", "salesforce_order_items"):
        reading.read(house, OBSERVED[name])
    publishing.publish(house, OBSERVED["salesforce_orders"])
    return planning.plan(house, ORDERS)


def _waiting(house: House) -> Waiting:
    (plan,) = [plan for plan in waiting_plans.standing(house.journal, ORDERS) if not plan.is_approved]
    return plan


def _events(house: House) -> list[str]:
    with house.journal.engine.begin() as connection:
        return [row[0] for row in connection.exec_driver_sql("select event from plan_event order by number")]


def _invoices(town: Town) -> list[str]:
    return sorted(invoice["RECORDID"] for invoice in town.invoices())


def _the_desk_shows(town: Town, house: House, plan: Waiting) -> str:
    """Plan and status show the same plan; one person approves it from there. Returns the hash as it is shown."""
    desk = Desk(town, house)
    planned = desk.told("plan", "--no-read", "--crossing", ORDERS)
    (shown,) = planned["waiting_plans"]
    assert desk.told("status")["waiting_plans"] == [shown["words"]]
    assert (shown["documents"], shown["money"], len(planned["plan"])) == (3, {"USD": "2094.00"}, 4)
    line = next(one for one in desk.says("plan", "--no-read").splitlines() if one.startswith("Plan "))
    assert line == (
        f"Plan {shown['hash']} of order_to_invoice waits for approval by 2 more of 2 people: 3 documents in one plan, "
        f"and the limit is 2. 3 documents, 2,094.00 USD. `sf-intacct plan approve {shown['hash']} --by ...` lets it go."
    )
    typed = f" {shown['hash'][:4].upper()}-{shown['hash'][4:6]} "
    (approved,) = desk.told("plan", "approve", typed, "--by", "Ann Ledger")["approved"]
    assert (approved["approved_by"], approved["is_approved"]) == (["Ann Ledger"], False)
    assert "no plan that waits begins so" in desk.refuses("plan", "approve", "00000000", "--by", "Ann", ends=3)
    assert plan.hash.startswith(shown["hash"])
    return str(shown["hash"])


@pytest.mark.answers("S14")
def test_a_plan_over_a_limit_waits_whole_for_exactly_the_people_it_takes(town: Town) -> None:
    house = town.house()
    _activate(town, "1", "2", "3")
    outlook = _plan(house)
    plan = _waiting(house)
    assert outlook.brake.plan == plan
    assert (plan.documents, plan.people) == (3, 2), "three times 698.00 is more than one person may let go"
    assert plan.reasons == ("3 documents in one plan, and the limit is 2",)

    # Neither an apply nor another pass goes round it, and nothing calls for a sync in vain.
    assert applying.apply(house, ORDERS).waits == 3
    assert applying.apply(town.house(), ORDERS).sent == 0
    assert (_invoices(town), watching.unfinished(house)) == ([], 0)

    # The tie-out knows why, and what comes meanwhile waits behind it, under the same hash.
    assert tie_out(house).classes == {"awaits_approval": 3}
    assert tie_out(house).holds
    _activate(town, "4")
    assert (_plan(house).brake.behind, _waiting(house).hash) == (1, plan.hash)

    short = _the_desk_shows(town, house, plan)
    with pytest.raises(FixNeeded, match="ann  ledger approved it already; what to do: another person has to"):
        approving.approve(house, short, "ann  ledger", "")
    assert applying.apply(house, ORDERS).sent == 0
    assert approving.approve(house, plan.hash, "Bo Books", "go-live").is_approved
    assert watching.unfinished(house) == 1, "what people let go is carried out without anybody asking"

    # The three that were approved go, and the one that came since is within the limits.
    assert applying.apply(house, ORDERS).sent == 4
    assert _invoices(town) == ["SO-1", "SO-2", "SO-3", "SO-4"]
    assert applying.apply(house, ORDERS).sent == 0
    settle(house)
    assert _events(house) == ["approved", "approved", "begun", "finished"]
    assert waiting_plans.standing(house.journal) == []


@pytest.mark.long
def test_an_approved_plan_whose_inputs_moved_is_refused_and_waits_under_another_hash(town: Town) -> None:
    house = town.house()
    _activate(town, "5", "6", "7")
    _plan(house)
    plan = _waiting(house)
    for person in ("Ann", "Bo"):
        approving.approve(house, approval.shown(plan.hash), person, "")
    town.act("salesforce", "edit", object="Order", id=town.order("6")["Id"], fields={"PoNumber": "PO-6"})
    _plan(house)
    again = _waiting(house)
    assert again.hash != plan.hash
    said = f"of plan {approval.shown(plan.hash)}, approved by Ann, Bo: 2 unchanged, 1 changed"
    assert (again.before, again.approved_by) == (said, {})
    assert applying.apply(house, ORDERS).sent == 0

    with pytest.raises(FixNeeded, match=f"no plan that waits begins so; .* waits now: {again.hash[:12]}"):
        approving.approve(house, plan.hash, "Ann", "")
    with pytest.raises(FixNeeded, match="too little of a hash"):
        approving.approve(house, again.hash[:3], "Ann", "")

    # What moves while people look at it is not approved under the old hash either.
    _say(town, LIMITS.replace("USD: 2000", "USD: 9000"))
    other_mapping = town.house()
    _plan(other_mapping)
    assert _waiting(other_mapping).hash not in (plan.hash, again.hash)
    assert _waiting(other_mapping).people == 1

    # With a higher limit nothing has to wait any more.
    _say(town, LIMITS.replace("documents: 2", "documents: 3"))
    free = town.house()
    assert (_plan(free).brake.waits, waiting_plans.standing(free.journal)) == (set(), [])
    assert applying.apply(free, ORDERS).sent == 3
    assert _events(house)[-5:] == ["approved", "approved", "refused", "replaced", "withdrawn"]


@pytest.mark.long
def test_a_first_use_and_a_day_far_off_the_usual_wait(addresses: object, tmp_path: Path) -> None:
    with lone_town(tmp_path) as town:
        only(town.folder / "mappings", *BILLING)
        town.seed([order(str(n), status="Draft") for n in range(1, 8)], [line(n, str(n)) for n in range(1, 8)])
        _say(town, "brakes:\n  first_use: [account, entity]\n")
        house = town.house()
        settle(house)
        _activate(town, "1")
        settle(house)
        assert _waiting(house).reasons == ("GL account 4000 was never used before",)
        approving.approve(house, _waiting(house).hash, "Ann", "first hardware sale")
        settle(house)
        _activate(town, "2")
        settle(house)
        assert _invoices(town) == ["SO-1", "SO-2"], "an account that is in the books is in use"

        _say(town, "brakes:\n  off_usual: {percent: 100, days: 1, documents: 2}\n")
        town.pass_time(days=1)
        later = town.house()
        _activate(town, "3", "4", "5", "6", "7")
        settle(later)
        assert _waiting(later).reasons == (
            "5 documents today, more than 100 % above the usual of 1 days: 2",
            "3,490.00 USD today, more than 100 % above the usual of 1 days: 1,396.00",
        )

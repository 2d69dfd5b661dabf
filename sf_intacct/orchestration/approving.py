"""People's word that a plan may go: for exactly the plan that waits, as it stands now."""

from sf_intacct.errors import FixNeeded
from sf_intacct.flow import approval
from sf_intacct.flow.approval import Waiting
from sf_intacct.orchestration import braking
from sf_intacct.orchestration.house import House
from sf_intacct.store import plan_tables, waiting_plans

_DOING = "approving a plan"


def approve(house: House, typed: str, by: str, reason: str) -> Waiting:
    """Approves the plan whose hash begins as somebody typed it; the plan as it stands afterwards.

    Raises FixNeeded when no plan or several begin so, when it moved since it was shown, or when the same person
    approved it before and another one has to.
    """
    plan = _meant(house, typed)
    _require_unmoved(house, plan)
    if approval.person(by) in {approval.person(name) for name in plan.approved_by}:
        remedy = f"another person has to: it takes {plan.people}"
        raise FixNeeded(_DOING, record=_named(plan), seen=f"{by} approved it already", remedy=remedy)
    says = reason or "; ".join(plan.reasons)
    approved = waiting_plans.approve(house.journal, plan, by, says, house.now(), house.run)
    if approved is None:
        raise _moved(house, plan)
    return approved


def _meant(house: House, typed: str) -> Waiting:
    begins = approval.meant(typed)
    if len(begins) < approval.TYPED_MIN:
        remedy = f"type at least {approval.TYPED_MIN} characters of it"
        raise FixNeeded(_DOING, record=typed, seen="that is too little of a hash", remedy=remedy)
    standing = [plan for plan in waiting_plans.standing(house.journal) if not plan.is_approved]
    found = [plan for plan in standing if plan.hash.startswith(begins)]
    if len(found) == 1:
        return found[0]
    there = ", ".join(_named(plan) for plan in (found or standing)) or "none"
    seen = f"{len(found)} plans that wait begin so" if found else "no plan that waits begins so"
    raise FixNeeded(_DOING, record=typed, seen=seen, remedy=f"`sf-intacct plan` shows what waits now: {there}")


def _require_unmoved(house: House, plan: Waiting) -> None:
    """Looks at the plan as it stands: a plan that moved is replaced by one under another hash, and not approved."""
    mapping = house.mappings.crossings.get(plan.crossing)
    if mapping is None:
        raise _moved(house, plan)
    now = braking.look(house, mapping).plan
    if now is None or now.number != plan.number:
        raise _moved(house, plan)
    with house.transaction() as session:
        rows = plan_tables.unsettled(session, mapping)
    if set(rows.filter("has_moved")["source_id"]) & plan.rows.keys():
        raise FixNeeded(
            _DOING,
            record=_named(plan),
            seen="some of its records changed since it was planned",
            remedy="`sf-intacct plan` plans them again, and shows what waits then",
        )


def _moved(house: House, plan: Waiting) -> FixNeeded:
    newer = [one for one in waiting_plans.standing(house.journal, plan.crossing) if not one.is_approved]
    seen = "the plan moved, and what is planned now need not wait"
    if newer:
        change = approval.compared(plan.rows, newer[-1].rows).words
        seen = f"the plan moved ({change}); now plan {approval.shown(newer[-1].hash)} waits"
    return FixNeeded(_DOING, record=_named(plan), seen=seen, remedy="look at what is planned now: `sf-intacct plan`")


def _named(plan: Waiting) -> str:
    return f"{approval.shown(plan.hash)} ({plan.crossing})"

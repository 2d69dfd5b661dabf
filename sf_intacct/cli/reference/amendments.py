"""docs/amendments.md: what becomes of a posted document whose source changed, from the table that the plan asks."""

from sf_intacct.cli.reference.markdown import code, page, table
from sf_intacct.flow.amendments import CHANGES, STAGES, Change, Outcome, Policy, Stage, ruling
from sf_intacct.flow.catalogue import CAUSES
from sf_intacct.flow.mapping_kinds import POSSIBLE

_INTRODUCTION = """
A source that changes after its document was posted is an **amendment**. Mappings of documents say
`when_changed: hold`, and with `amendments:` they say what the company wants done. Every combination of what changed and
where the document stands has one outcome; the plan looks it up in the very table that is printed here.
"""
_POLICIES = {
    Policy.HOLD: "A person decides about every amendment. This is what a mapping means that says nothing.",
    Policy.UPDATE: "The document is changed in the books while that is possible: it is ours, unpaid, and what "
    "changed is a field or an amount. Everything else is for a person.",
}
_WORDS = {
    Outcome.NOTHING: "nothing",
    Outcome.CREATE: "create",
    Outcome.UPDATE: "update",
    Outcome.WAIT: "wait",
}
_READING = """
A field in letters like `this` is a **hold** with that cause: a person decides, and the money at risk is in the queue.
*Wait* means that nothing is sent until it is known what became of the last write. The first change that applies counts,
from the bottom of the table up: an order whose customer *and* amount changed has changed its customer.
"""


def amendments_page() -> str:
    parts = [_INTRODUCTION, _READING]
    for policy in Policy:
        said = f"{_POLICIES[policy]} {_chosen(policy)}".strip()
        parts.append(f"## `amendments: {policy.value}`\n\n{said}\n\n{_grid(policy)}")
    changes = [(code(change.value), CHANGES[change]) for change in reversed(Change)]
    stages = [(code(stage.value), STAGES[stage]) for stage in Stage]
    parts.append("## What changed\n\n" + table(("", "In the source, since the document was made"), changes))
    parts.append("## Where the document stands\n\n" + table(("", "In Intacct, as last read"), stages))
    causes = sorted({_cause(policy, change, stage) for policy in Policy for change in Change for stage in Stage} - {""})
    told = [
        (code(cause), CAUSES[cause].words.replace("{subject}", "...").replace("{seen}", "..."), CAUSES[cause].remedy)
        for cause in causes
    ]
    parts.append("## The causes\n\n" + table(("Cause", "What it says", "What mends it"), told))
    return page("Amendments", *parts)


def _chosen(policy: Policy) -> str:
    """For which objects a mapping may choose a policy."""
    objects = POSSIBLE.get(policy)
    if objects is None:
        return ""
    return "Mappings to " + ", ".join(code(name) for name in sorted(objects)) + " may choose it; others are refused."


def _grid(policy: Policy) -> str:
    rows = [(f"**{change.value}**", *(_cell(policy, change, stage) for stage in Stage)) for change in reversed(Change)]
    return table(("changed", *(stage.value for stage in Stage)), rows)


def _cell(policy: Policy, change: Change, stage: Stage) -> str:
    ruled = ruling(policy, change, stage)
    return code(ruled.cause) if ruled.cause else _WORDS[ruled.outcome]


def _cause(policy: Policy, change: Change, stage: Stage) -> str:
    return ruling(policy, change, stage).cause or ""

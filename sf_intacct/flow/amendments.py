"""What becomes of a posted document whose source changed: one table, by policy, change and state of the document.

The plan asks `ruling`, the page docs/amendments.md prints it, and nothing else says it a second time. Where a fact is
unknown the table holds: a document that waits for a person can be mended, one that was posted twice cannot.
"""

from dataclasses import dataclass
from enum import StrEnum


class Policy(StrEnum):
    """What a company wants done with amendments of posted documents."""

    HOLD = "hold"  # a person decides
    UPDATE = "update"  # the document is changed while it may be changed; otherwise a person decides


class Change(StrEnum):
    """What changed in the source since the document was made, the weightiest first."""

    DELETED = "deleted"
    TURNED = "turned"
    WITHDRAWN = "withdrawn"
    CURRENCY = "currency"
    PARTY = "party"
    FIXED = "fixed"
    EMPTIED = "emptied"
    LINES = "lines"
    AMOUNT = "amount"
    CODING = "coding"
    HEADER = "header"
    RULE = "rule"
    NOTHING = "nothing"


class Stage(StrEnum):
    """Where the document stands in the other system, as last observed."""

    ABSENT = "absent"
    UNCERTAIN = "uncertain"
    UNREAD = "unread"
    NOT_STORED = "not_stored"
    DRAFT = "draft"
    OPEN = "open"
    PARTLY_PAID = "partly_paid"
    PAID = "paid"
    CLOSED = "closed"
    EDITED = "edited"
    VOID = "void"
    GONE = "gone"


class Outcome(StrEnum):
    """What the plan does about it."""

    NOTHING = "nothing"
    CREATE = "create"
    UPDATE = "update"
    WAIT = "wait"
    HOLD = "hold"


@dataclass(frozen=True)
class Ruling:
    """One cell of the table: the outcome, and for a hold the cause by which a person sees it."""

    outcome: Outcome
    cause: str | None = None


CHANGES: dict[Change, str] = {
    Change.NOTHING: "nothing, or what was changed was changed back, or it was activated or restored again",
    Change.RULE: "nothing in the record: a mapping file says otherwise now",
    Change.HEADER: "a field of the head, such as reference, date or terms",
    Change.CODING: "a dimension or the item of a line",
    Change.AMOUNT: "amount or quantity of a line",
    Change.LINES: "a line was added or removed",
    Change.FIXED: "something that is fixed when the document is made (`create_only`)",
    Change.EMPTIED: "a field was emptied, which an update of a posted document cannot say",
    Change.PARTY: "the customer",
    Change.CURRENCY: "currency or entity",
    Change.WITHDRAWN: "deactivated, excluded, or otherwise outside of the mapping's `when`",
    Change.TURNED: "it only takes back now: all its lines are negative",
    Change.DELETED: "deleted",
}
STAGES: dict[Stage, str] = {
    Stage.ABSENT: "not made yet",
    Stage.UNCERTAIN: "sent without an answer",
    Stage.UNREAD: "made or changed by us, not read back yet",
    Stage.NOT_STORED: "read back, and not what we sent",
    Stage.DRAFT: "draft",
    Stage.OPEN: "posted, nothing paid",
    Stage.PARTLY_PAID: "partly paid, or picked for a payment",
    Stage.PAID: "paid",
    Stage.CLOSED: "posted, and Intacct refused its change for a closed period",
    Stage.EDITED: "changed by hand in Intacct, or not known to be unchanged",
    Stage.VOID: "reversed",
    Stage.GONE: "deleted in Intacct",
}
# Changes by which the source asks for no document any more.
ENDS = (Change.WITHDRAWN, Change.TURNED, Change.DELETED)
_UPDATED = (Change.HEADER, Change.CODING, Change.AMOUNT)
_CAUSES = {Change.FIXED: "amended_what_is_fixed", Change.TURNED: "turned_negative"}


def ruling(policy: Policy, change: Change, stage: Stage) -> Ruling:
    """The outcome for one combination."""
    if change in ENDS:
        return _ended(change, stage)
    if stage in _WHATEVER_CHANGED:
        return _WHATEVER_CHANGED[stage]
    if change is Change.RULE or (change is Change.NOTHING and stage is not Stage.EDITED):
        return Ruling(Outcome.NOTHING)
    if change is Change.NOTHING:
        return _held("changed_in_books")
    if policy is Policy.UPDATE and change in _UPDATED and stage in (Stage.DRAFT, Stage.OPEN):
        return Ruling(Outcome.UPDATE)
    if policy is Policy.UPDATE and change in _UPDATED and stage is Stage.CLOSED:
        return _held("period_closed")
    return _held(_CAUSES.get(change, "amended_after_posting"))


def _held(cause: str) -> Ruling:
    return Ruling(Outcome.HOLD, cause)


_WHATEVER_CHANGED = {
    Stage.ABSENT: Ruling(Outcome.CREATE),
    Stage.UNCERTAIN: Ruling(Outcome.WAIT),
    Stage.UNREAD: Ruling(Outcome.WAIT),
    Stage.NOT_STORED: _held("not_stored"),
    Stage.VOID: _held("reversed_in_books"),
    Stage.GONE: _held("gone_in_books"),
}


def _ended(change: Change, stage: Stage) -> Ruling:
    """A source that asks for no document any more: what is in the books stays there until a person has decided."""
    if stage in (Stage.ABSENT, Stage.VOID, Stage.GONE):
        return Ruling(Outcome.NOTHING)
    if stage is Stage.UNCERTAIN:
        return Ruling(Outcome.WAIT)
    return _held(_CAUSES.get(change, "withdrawn_after_posting"))


# Fields by what a change of them means; every other one of the head is HEADER, every other one of a line CODING.
_PARTIES = frozenset({"CUSTOMERID", "CUSTVENDID"})
_CURRENCIES = frozenset(
    {"CURRENCY", "BASECURR", "EXCHANGE_RATE", "EXCH_RATE_DATE", "EXCH_RATE_TYPE_ID", "MEGAENTITYID"}
)
_AMOUNTS = frozenset({"TRX_AMOUNT", "AMOUNT", "QUANTITY", "TRX_PRICE", "TRX_VALUE", "PRICE", "DISCOUNTPERCENT"})
# How differences.py tells a line that only one side has.
LINE = "(line)"


def weightiest(differences: list[dict[str, str | None]], *, fixed: bool) -> Change:
    """The weightiest of several differences (differences.told). fixed: something that is fixed changed as well."""
    kinds = {_kind(one) for one in differences} | ({Change.FIXED} if fixed else set())
    kinds |= {Change.EMPTIED for one in differences if one["after"] is None}
    return next(change for change in Change if change in kinds or change is Change.NOTHING)


def _kind(difference: dict[str, str | None]) -> Change:
    field = str(difference["field"])
    if LINE in (difference["before"], difference["after"]):
        return Change.LINES
    if field.startswith("line "):
        return Change.AMOUNT if field.removeprefix("line ") in _AMOUNTS else Change.CODING
    if field in _PARTIES:
        return Change.PARTY
    return Change.CURRENCY if field in _CURRENCIES else Change.HEADER

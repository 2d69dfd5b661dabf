"""What a reply proves about each function that was sent. Success is a whitelist."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from sf_intacct.errors import Throttled, TryLater
from sf_intacct.flow.refusals import passes
from sf_intacct.intacct.reply import ABORTED, FAILURE, SUCCESS, FunctionResult, Reply, told
from sf_intacct.intacct.xml import text_of
from sf_intacct.model.intent import Action, Intent
from sf_intacct.model.receipt import Outcome, Result

# The gateway could not read the request: nothing was carried out, and nothing will be as it stands.
UNREADABLE = "XL03000003"
# Something of that name is there already: perhaps our own, from an attempt whose answer was lost.
_ALREADY_THERE = ("BL34000061", "BL03002185", "BL01001762", "PL05000104")


def not_executed(intents: Sequence[Intent], error: TryLater) -> list[Outcome]:
    """Nothing was carried out, provably."""
    code = "throttled" if isinstance(error, Throttled) else "not_sent"
    return [Outcome(Result.NOT_EXECUTED, code=code, message=error.seen) for _ in intents]


def uncertain(intents: Sequence[Intent], seen: str) -> list[Outcome]:
    return [Outcome(Result.UNCERTAIN, code="no_answer", message=seen) for _ in intents]


def proven(intents: Sequence[Intent], reply: Reply) -> list[Outcome]:
    """One outcome per intent. Results are matched by function identity, never by position."""
    if reply.control_failed or reply.authentication_failed:
        return _nothing_done(intents, reply)
    if not reply.let_in:
        return uncertain(intents, "a reply that says neither that we were let in nor that we were not")
    by_identity = {result.identity: result for result in reply.results}
    if not len(intents) == len(reply.results) == len(by_identity):
        return uncertain(intents, f"{len(intents)} functions were sent, and {len(reply.results)} results came back")
    return [_passing(_outcome(intent, by_identity.get(intent.wire_identity))) for intent in intents]


def _passing(outcome: Outcome) -> Outcome:
    """A refusal that passes by itself says so."""
    refused = outcome.result is Result.REFUSED
    return replace(outcome, passes=True) if refused and passes(outcome.code, outcome.message) else outcome


def _nothing_done(intents: Sequence[Intent], reply: Reply) -> list[Outcome]:
    """Control and authentication fail before any function is looked at."""
    code, words = told(reply.complaints)
    if code == UNREADABLE and len(intents) == 1:
        return [Outcome(Result.REFUSED, code=code, message=words)]
    return [Outcome(Result.NOT_EXECUTED, code=code or "control_failure", message=words) for _ in intents]


def _outcome(intent: Intent, result: FunctionResult | None) -> Outcome:
    if result is None:
        return Outcome(Result.UNCERTAIN, code="no_result", message="the reply has no result for this function")
    if result.status == SUCCESS:
        return _success(intent, result)
    code, words = told(result.complaints)
    if result.status == ABORTED:
        return Outcome(Result.NOT_EXECUTED, code=code or ABORTED, message=words)
    # A repeat is refused without a status; a partly made create is a failure that counts records; and on a
    # second send of one identity every failure may only mean that the first one got through.
    doubtful = result.status != FAILURE or result.created > 0 or code in _ALREADY_THERE or intent.attempt > 1
    proven = Result.DOUBTFUL if doubtful else Result.REFUSED
    return Outcome(proven, code=code, message=words, answer=result.text)


def _success(intent: Intent, result: FunctionResult) -> Outcome:
    """A success names the record it made; an update keeps the one it was sent to."""
    record = result.key or (text_of(result.data, ".//RECORDNO") if result.data is not None else None)
    if intent.action is Action.UPDATE:
        record = record or intent.target_id
        if record != intent.target_id:
            return Outcome(Result.UNCERTAIN, code="no_key", message=f"a success about the record {record}")
    if not record:
        return Outcome(Result.UNCERTAIN, code="no_key", message="a success without a record number")
    return Outcome(Result.ACCEPTED, target_id=record)


def numbered(outcome: Outcome, numbers: Mapping[str, str | None], seen: str) -> Outcome:
    """A success that named its record, with the record's number; without one nothing is proven yet."""
    if outcome.result is not Result.ACCEPTED:
        return outcome
    number = numbers.get(outcome.target_id or "")
    if number is None:
        return Outcome(Result.UNCERTAIN, code="no_key", message=f"{outcome.target_id}: {seen}")
    return Outcome(Result.ACCEPTED, target_id=number)

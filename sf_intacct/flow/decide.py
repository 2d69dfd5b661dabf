"""One planned step per record, from what it should say, what is there, and what the journal knows."""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import polars as pl

from sf_intacct.flow import decided, judging, merge
from sf_intacct.flow.amendments import Outcome
from sf_intacct.flow.differences import differences
from sf_intacct.flow.disagreements import DISAGREEMENTS, as_findings, disagreements
from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import LINED, findings, together
from sf_intacct.flow.mapping import Mapping, Mode, Owner, WhenChanged
from sf_intacct.flow.match import matched
from sf_intacct.flow.payload import update_payload, with_payload
from sf_intacct.flow.recognise import Recognised
from sf_intacct.flow.references import BLOCKED
from sf_intacct.model.intent import Action


class Step(StrEnum):
    """What the plan says about one record."""

    SEND = "send"  # written at the next apply
    WAITING = "waiting"  # something is missing; goes by itself once it is there
    HELD = "held"  # a person decides
    REFUSED = "refused"  # sent, refused, and nothing has moved since
    UNDER_WAY = "under_way"  # sent; waits for the answer, the look-up or the read-back
    UNCHANGED = "unchanged"  # both sides agree
    ABSENT = "absent"  # only updates are meant, and there is nothing to update


PLAN = pl.Schema(
    {
        "source_id": pl.String(),
        "label": pl.String(),
        "source_version": pl.String(),
        "step": pl.String(),
        "action": pl.String(),
        "natural_key": pl.String(),
        "target_id": pl.String(),
        "target_version": pl.String(),
        "amount": pl.Decimal(18, 3),
        "currency": pl.String(),
        "entity": pl.String(),
        "posting_day": pl.Date(),
        "source_hash": pl.String(),
        "content_hash": pl.String(),
        "wording_hash": pl.String(),
        "kept_hash": pl.String(),
        "fixed_hash": pl.String(),
        "payload": pl.String(),
        "changes": pl.String(),
        "cause": pl.String(),
    }
)
# What the journal knows of each source record: its newest intent in this crossing.
HISTORY = pl.Schema(
    {
        "source_id": pl.String,
        "state": pl.String,  # of an intent that is not done; null otherwise
        "linked_id": pl.String,  # the target id of an accepted one
        "known_hash": pl.String,  # what the newest intent keeps in step
        "known_wording": pl.String,  # all that it said
        "known_version": pl.String,  # the target's stamp when it was planned
        "refusal_code": pl.String,  # the other side's code and words, where it refused the newest one
        "refusal": pl.String,
        # What was last carried out, or, as long as nothing was, the newest intent:
        "known_source_hash": pl.String,  # what the source record itself said then
        "known_fixed_hash": pl.String,  # what it said of all that is fixed when the target is made
        "said_hash": pl.String,  # what the target was to hold, for comparison with the books
        "is_same_mapping": pl.Boolean,  # planned under today's mappings
        "is_verified": pl.Boolean,  # the newest accepted one was read back as meant
        "may_retry": pl.Boolean,  # refused or cancelled, but what it hung on has moved
        "is_gone": pl.Boolean,  # accepted, and seen deleted since
    }
)

# What a person decides about. Every other finding goes away when its cause does.
DECISIONS = frozenset(
    {
        "held_by_person",
        "amended_after_posting",
        "amended_what_is_fixed",
        "changed_in_books",
        "another_entity",
        "not_stored",
        "gone_in_books",
        "reversed_in_books",
        "identity_taken",
        "negative_line",
        "key_shared",
        "key_taken",
        "looks_known",
        "mark_remains",
        "negative_document",
        "sold_twice",
        "turned_negative",
    }
)


# Accepted, but the target has not been read since: what it holds says nothing yet.
_UNOBSERVED = (
    pl.col("is_verified").eq(False) & pl.col("target_version").eq_missing(pl.col("known_version"))
).fill_null(False)

# What would be written is word for word what the last intent said.
_SAID_BEFORE = pl.col("known_wording").eq_missing(pl.col("wording_hash"))


@dataclass(frozen=True)
class OtherSide:
    """What the target system holds for these records, as last observed, and what the journal knows.

    heads: after match.TARGET, with the mapped fields as text. lines: the mapped line fields, with
    target_id. ignored: source ids that somebody decided to leave alone. recognised: which of these
    records is whose counterpart by a second key, and which are not, because a person said so. agreed:
    what both sides last agreed on (after merge.AGREED). decided: what people decided about them (decided.DECIDED).
    """

    heads: pl.DataFrame
    lines: pl.DataFrame | None
    history: pl.DataFrame
    ignored: list[str] = field(default_factory=list)
    recognised: Recognised = field(default_factory=Recognised)
    agreed: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=merge.AGREED))
    decided: pl.DataFrame = field(default_factory=decided.nothing_decided)


@dataclass(frozen=True)
class Planned:
    """rows after PLAN; findings for whatever does not go; verified: source ids proven stored as meant.

    disagreements: fields on which a side did not get its way (disagreements.DISAGREEMENTS). agreed: what both sides
    are newly seen to agree on (merge.AGREED). blocked: which lines name a reference value that is not to be used
    (references.BLOCKED). lined: on how many lines of a document a cause was seen (findings.LINED).
    """

    rows: pl.DataFrame
    findings: pl.DataFrame
    verified: list[str]
    disagreements: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=DISAGREEMENTS))
    agreed: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=merge.AGREED))
    blocked: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=BLOCKED))
    lined: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=LINED))


def decide(mapping: Mapping, evaluated: Evaluated, other: OtherSide) -> Planned:
    """Plans one step for every mapped record."""
    rows = judging.with_kept_hash(mapping, with_payload(mapping, evaluated), evaluated.lines)
    rows = rows.join(other.history, on="source_id", how="left", maintain_order="left")
    rows = matched(rows, other.heads, list(mapping.fields), other.recognised)
    rows = merge.recalled(mapping, rows, other.agreed)
    merged = merge.merged(mapping, rows, _UNOBSERVED)
    rows = rows.join(
        differences(mapping, rows, evaluated.lines, other.lines, merged),
        on="source_id",
        how="left",
        maintain_order="left",
    )
    ruled = judging.judged(mapping, rows, evaluated.lines, other.lines, _UNOBSERVED)
    rows = rows.join(ruled, on="source_id", how="left", maintain_order="left")
    held = decided.held(other.decided, rows)
    settled = decided.resolved(other.decided, rows)
    found = together([held, _decisions(mapping, rows), other.recognised.findings, evaluated.findings])
    found = decided.without_settled(found, settled)
    first = found.unique("document_id", keep="first", maintain_order=True)
    first = first.select(pl.col("document_id").alias("source_id"), "cause")
    rows = rows.join(first, on="source_id", how="left", maintain_order="left")
    disagreed = disagreements(mapping, rows, merged)
    disputed = as_findings(disagreed)
    rows = rows.with_columns(pl.col("source_id").is_in(disputed["document_id"].implode()).alias("is_disputed"))
    by_hand = pl.col("source_id").is_in(settled.implode()) & pl.col("cause").is_null()
    step = pl.when(by_hand).then(pl.lit(Step.UNCHANGED.value)).otherwise(_step(mapping))
    rows = decided.left_alone(rows.with_columns(step.alias("step")), other.ignored, Step.HELD, Step.UNCHANGED)
    rows = _with_updates(rows, judging.numbered_lines(mapping, rows, evaluated.lines, other.lines))
    stored = rows.filter(_in_step(merged) & ~pl.col("is_verified").fill_null(True))
    stuck = rows.filter(pl.col("step").is_in([Step.WAITING.value, Step.HELD.value]))["source_id"].implode()
    told = together([found.filter(pl.col("document_id").is_in(stuck)), disputed])
    return Planned(
        rows=rows.select(*PLAN).cast(dict(PLAN)),  # type: ignore[arg-type]
        findings=told.filter(~pl.col("document_id").is_in(other.ignored)),
        verified=stored["source_id"].to_list(),
        disagreements=disagreed,
        agreed=merge.agreements(mapping, rows, _UNOBSERVED),
    )


def _in_step(merged: pl.DataFrame) -> pl.Expr:
    """Both sides say the same, and not only because what nobody owns is left alone."""
    apart = merged.filter(pl.col("owner") == Owner.NOBODY)["source_id"].implode()
    return (pl.col("step") == Step.UNCHANGED) & pl.col("changed").is_null() & ~pl.col("source_id").is_in(apart)


def _decisions(mapping: Mapping, rows: pl.DataFrame) -> pl.DataFrame:
    """What only a person can decide: a name that is taken, a document that moved after it was posted."""
    named = pl.col("natural_key").fill_null("")
    # What is there keeps its name, unless the mapping keeps the name in step.
    renames = mapping.fields[mapping.identity].mode is Mode.ALWAYS
    doubled = rows.filter(pl.col("natural_key").is_not_null() & pl.col("natural_key").is_duplicated())
    parts = [
        findings(
            rows.filter(pl.col("named_by").is_not_null() & (pl.col("target_id").is_null() | pl.lit(renames))),
            "identity_taken",
            document="source_id",
            subject=pl.col(mapping.identity),
            seen=pl.col("named_by"),
        ),
        findings(doubled, "identity_doubled", document="source_id", subject=named),
        judging.elsewhere(mapping, rows),
    ]
    if mapping.when_changed is WhenChanged.HOLD:
        return together([*parts, *judging.verdicts(rows)])
    settled = rows.filter(pl.col("changed").is_not_null() & pl.col("state").is_null() & ~_UNOBSERVED)
    unstored = pl.col("is_verified").eq(False) & pl.col("known_hash").eq(pl.col("content_hash"))
    # Whoever only updates has nothing to say about a record that its own people deleted.
    gone = rows.filter(pl.col("is_gone").fill_null(False) & pl.lit(mapping.creates))
    void = rows.filter(pl.col("target_is_void").fill_null(False))
    parts += [
        findings(gone, "gone_in_books", document="source_id", subject=named),
        findings(void, "reversed_in_books", document="source_id", subject=named),
        _told(settled.filter(unstored.fill_null(False)), "not_stored"),
    ]
    return together(parts)


def _told(rows: pl.DataFrame, cause: str) -> pl.DataFrame:
    return findings(rows, cause, document="source_id", subject=pl.col("label"), seen=pl.col("changes"))


def _step(mapping: Mapping) -> pl.Expr:
    """The first of these that is true, from what cannot be helped to what is done."""
    state, there = pl.col("state"), pl.col("target_id").is_not_null()
    linked = pl.col("linked_id").is_not_null()
    stuck = (state == "refused") & ~pl.col("may_retry").fill_null(False)
    return (
        pl.when(state.is_in(["in_flight", "uncertain"]))
        .then(pl.lit(Step.UNDER_WAY.value))
        .when(state == "held")
        .then(pl.lit(Step.HELD.value))
        .when(pl.col("cause").is_in(list(DECISIONS)))
        .then(pl.lit(Step.HELD.value))
        .when(there & pl.col("changed").is_null() & pl.col("is_disputed"))
        .then(pl.lit(Step.HELD.value))
        .when(there & _is_settled(mapping))
        .then(pl.lit(Step.UNCHANGED.value))
        .when(pl.col("outcome").eq_missing(pl.lit(Outcome.WAIT.value)))
        .then(pl.lit(Step.UNDER_WAY.value))
        .when(~there & pl.col("is_gone").fill_null(False) & pl.lit(not mapping.creates))
        .then(pl.lit(Step.ABSENT.value))
        .when((linked & ~there) | _UNOBSERVED)
        .then(pl.lit(Step.UNDER_WAY.value))
        .when(pl.col("cause").is_not_null())
        .then(pl.lit(Step.WAITING.value))
        .when(stuck & _SAID_BEFORE)
        .then(pl.lit(Step.REFUSED.value))
        .when(~there & pl.lit(not mapping.creates))
        .then(pl.lit(Step.ABSENT.value))
        .otherwise(pl.lit(Step.SEND.value))
    )


def _is_settled(mapping: Mapping) -> pl.Expr:
    """Nothing follows from what the two sides say: they agree, or the table of amendments says so."""
    if mapping.when_changed is WhenChanged.HOLD:
        return pl.col("outcome").eq_missing(pl.lit(Outcome.NOTHING.value))
    return pl.col("changed").is_null()


def _with_updates(rows: pl.DataFrame, lines: dict[str, list[dict[str, Any]]]) -> pl.DataFrame:
    """Says create or update, and gives an update the payload of what differs, in the entity where the document is.

    lines: by source id, the lines of documents of which one differs.
    """
    sends = pl.col("step") == Step.SEND
    updates = sends & pl.col("target_id").is_not_null()
    rows = rows.with_columns(
        pl.when(pl.col("entity").is_not_null() & updates).then("target_entity").otherwise("entity").alias("entity"),
        pl.when(updates)
        .then(pl.lit(Action.UPDATE.value))
        .when(sends)
        .then(pl.lit(Action.CREATE.value))
        .alias("action"),
    )
    payloads = [
        update_payload(row, row["changed"], lines.get(row["source_id"]))
        for row in rows.filter(updates).iter_rows(named=True)
    ]
    changed = rows.filter(updates).select("source_id").with_columns(pl.Series("__update", payloads, dtype=pl.String))
    rows = rows.join(changed, on="source_id", how="left", maintain_order="left")
    payload: Any = pl.when(sends).then(pl.coalesce("__update", "payload"))
    return rows.with_columns(payload.alias("payload"))

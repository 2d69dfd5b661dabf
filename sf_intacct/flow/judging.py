"""Posted documents before the table of amendments: what changed, where each document stands, and what follows."""

import json
from collections.abc import Mapping as Dict

import polars as pl

from sf_intacct.flow import amendments, refusals
from sf_intacct.flow.amendments import Change, Outcome, Stage
from sf_intacct.flow.differences import fixed_differences, told
from sf_intacct.flow.findings import findings, no_findings
from sf_intacct.flow.mapping import Mapping, Mode, Rule, WhenChanged
from sf_intacct.flow.match import NOW
from sf_intacct.flow.source_hash import own_fields
from sf_intacct.model.intent import content_hash

# change, stage, outcome: as amendments has them; ruled: the cause of a hold; fixed_changes: as differences.changes.
JUDGED = pl.Schema(
    {
        "source_id": pl.String(),
        "change": pl.String(),
        "stage": pl.String(),
        "outcome": pl.String(),
        "ruled": pl.String(),
        "fixed_changes": pl.String(),
    }
)
# What Intacct tells in other words than it takes: a rate type by its number, a tax detail in entries of its own; and a
# contact of a document may be a version of the one that was named.
_TOLD_OTHERWISE = frozenset({"EXCH_RATE_TYPE_ID", "EXCHRATETYPES.NAME", "TAXENTRIES.DETAILID"})
_UNSURE = ("in_flight", "uncertain")


def kept_hashes(mapping: Mapping, heads: pl.DataFrame, lines: pl.DataFrame | None, key: str) -> pl.DataFrame:
    """By `key`, the hash of all that is kept in step, the same for both sides: heads and lines have target field names.

    Lines count in the order of the source lines they carry; one without a source line comes first.
    """
    kept = [name for name, rule in mapping.fields.items() if mapping.keeps(rule)]
    told = heads.select(key, _json(kept).alias("__head"))
    if mapping.lines is not None and lines is not None:
        fields = [name for name, rule in mapping.lines.fields.items() if mapping.keeps(rule)]
        ordered = lines.sort(key, mapping.lines.identity)
        texts = ordered.group_by(key, maintain_order=True).agg(_json(fields).str.join(",").alias("__lines"))
        told = told.join(texts, on=key, how="left", maintain_order="left")
    else:
        told = told.with_columns(pl.lit("").alias("__lines"))
    text = pl.concat_str("__head", pl.col("__lines").fill_null(""))
    return told.select(key, text.map_elements(content_hash, return_dtype=pl.String).alias("kept_hash"))


def _json(names: list[str]) -> pl.Expr:
    return pl.struct(names).struct.json_encode() if names else pl.lit("{}")


def with_kept_hash(mapping: Mapping, rows: pl.DataFrame, lines: pl.DataFrame | None) -> pl.DataFrame:
    """`rows` with kept_hash, for documents whose differences are judged; nothing for the others."""
    if mapping.when_changed is not WhenChanged.HOLD:
        return rows.with_columns(pl.lit(None, dtype=pl.String).alias("kept_hash"))
    said = kept_hashes(mapping, rows, lines, "source_id")
    return rows.join(said, on="source_id", how="left", maintain_order="left")


def judged(
    mapping: Mapping, rows: pl.DataFrame, lines: pl.DataFrame | None, books: pl.DataFrame | None, is_unread: pl.Expr
) -> pl.DataFrame:
    """One ruling per row (after JUDGED).

    rows: with their counterparts (`match.matched`), their differences and what the journal knows of them.
    lines, books: the lines of both sides. is_unread: written to, and not read since.
    """
    if mapping.when_changed is not WhenChanged.HOLD:
        return pl.DataFrame(schema=JUDGED)
    rows = _with_fixed(mapping, _with_books(mapping, rows, books), lines, books)
    rows = rows.with_columns(is_unread.alias("__is_unread"))
    return pl.DataFrame([_judged(mapping, row) for row in rows.iter_rows(named=True)], schema=JUDGED)


def _with_books(mapping: Mapping, rows: pl.DataFrame, books: pl.DataFrame | None) -> pl.DataFrame:
    """`rows` with `books_hash`: what the books hold, hashed as what we said was."""
    there = rows.filter(pl.col("target_id").is_not_null())
    now = there.select("target_id", *(pl.col(f"{NOW}{name}").alias(name) for name in mapping.fields))
    held = kept_hashes(mapping, now.unique("target_id"), books, "target_id").rename({"kept_hash": "books_hash"})
    return rows.join(held, on="target_id", how="left", maintain_order="left")


def _with_fixed(
    mapping: Mapping, rows: pl.DataFrame, lines: pl.DataFrame | None, books: pl.DataFrame | None
) -> pl.DataFrame:
    """`rows` with `fixed_changes`: what the source now says otherwise of all that is fixed when the target is made."""
    moved = pl.col("known_fixed_hash").ne(pl.col("fixed_hash")).fill_null(False)
    head = [name for name, fields in own_fields(mapping).items() if fields]
    line = [name for name, fields in own_fields(mapping, of_lines=True).items() if fields]
    found = fixed_differences(mapping, rows.filter(moved), lines, books, (head, line))
    found = found.select("source_id", pl.col("changes").alias("fixed_changes"))
    rows = rows.join(found, on="source_id", how="left", maintain_order="left")
    rows = rows.join(_dropped(mapping, rows, lines, books), on="source_id", how="left", maintain_order="left")
    return rows.with_columns(pl.coalesce("fixed_changes", "dropped").alias("fixed_changes"))


def _dropped(
    mapping: Mapping, rows: pl.DataFrame, lines: pl.DataFrame | None, books: pl.DataFrame | None
) -> pl.DataFrame:
    """By source_id, what of all that is fixed when a document is made was not stored as we said (`dropped`).

    Asked once: when the document that we made is read for the first time, and the record still says what was sent.
    A value that we did not say is the other side's to choose.
    """
    made = pl.col("is_verified").eq(False) & pl.col("known_version").is_null() & pl.col("target_id").is_not_null()
    fresh = rows.filter(made & pl.col("known_wording").eq(pl.col("wording_hash")))
    head = [name for name, rule in mapping.fields.items() if _is_fixed(mapping, name, rule, mapping.identity)]
    spec = mapping.lines
    line = [n for n, rule in spec.fields.items() if _is_fixed(mapping, n, rule, spec.identity)] if spec else []
    found = fixed_differences(mapping, fresh, lines, books, (head, line))
    kept = [
        {"source_id": source_id, "dropped": json.dumps(said, ensure_ascii=False)}
        for source_id, changes in found.select("source_id", "changes").iter_rows()
        if (said := [one for one in told(changes) if one["after"] is not None])
    ]
    return pl.DataFrame(kept, schema={"source_id": pl.String(), "dropped": pl.String()})


def _is_fixed(mapping: Mapping, name: str, rule: Rule, identity: str) -> bool:
    """Whether a field is said once and told again in the same words."""
    is_told = name not in _TOLD_OTHERWISE and not name.endswith("CONTACTNAME")
    return is_told and name != identity and rule.mode is Mode.CREATE_ONLY and rule.owner != mapping.target_system


def _judged(mapping: Mapping, row: Dict[str, object]) -> dict[str, str | None]:
    change = _change(row)
    stage = _stage(row, change)
    ruling = amendments.ruling(mapping.amendments, change, stage)
    if stage is Stage.GONE and not mapping.creates:
        ruling = amendments.Ruling(Outcome.NOTHING)
    return {
        "source_id": str(row["source_id"]),
        "change": change.value,
        "stage": stage.value,
        "outcome": ruling.outcome.value,
        "ruled": ruling.cause,
        "fixed_changes": str(row["fixed_changes"]) if row["fixed_changes"] else None,
    }


def _change(row: Dict[str, object]) -> Change:
    """What changed in the source since it was last said. One that we never said anything of has not changed."""
    known = row["known_source_hash"]
    is_amended = known is not None and known != row["source_hash"]
    if is_amended and (row["changed"] is not None or row["fixed_changes"] is not None):
        return amendments.weightiest(told(str(row["changes"] or "")), fixed=row["fixed_changes"] is not None)
    # Neither side moved, but the mapping did: a new rule is for new documents.
    is_ruled = row["changed"] is not None and not is_amended and row["is_same_mapping"] is False
    return Change.RULE if is_ruled else Change.NOTHING


def _stage(row: Dict[str, object], change: Change) -> Stage:
    """The first of these that is true, from what nobody knows to what was last read."""
    differs = row["changed"] is not None or row["fixed_changes"] is not None
    not_stored = row["is_verified"] is False and row["known_hash"] == row["content_hash"]
    is_there = row["target_id"] is not None
    stages = (
        (Stage.UNCERTAIN, row["state"] in _UNSURE),
        (Stage.GONE, row["is_gone"] is True),
        (Stage.VOID, row["target_is_void"] is True),
        (Stage.UNREAD, not is_there and row["linked_id"] is not None),
        (Stage.ABSENT, not is_there),
        (Stage.UNREAD, differs and row["__is_unread"] is True),
        (Stage.NOT_STORED, (row["changed"] is not None and not_stored) or row["dropped"] is not None),
        (Stage.EDITED, row["changed"] is not None and _is_edited(row, change)),
        (Stage.CLOSED, _is_closed(row)),
    )
    return next((stage for stage, applies in stages if applies), Stage(str(row["target_stage"] or Stage.OPEN)))


def _is_edited(row: Dict[str, object], change: Change) -> bool:
    """Whether the books hold something else than what we last said, or may do so.

    What was made under other mappings, or before hashes were kept, cannot be compared: it may have been edited.
    """
    is_comparable = row["said_hash"] is not None and row["is_same_mapping"] is not False
    return change is Change.NOTHING or not is_comparable or row["said_hash"] != row["books_hash"]


def _is_closed(row: Dict[str, object]) -> bool:
    """The last write was refused for a closed period, and nothing has moved since."""
    if row["state"] != "refused" or row["may_retry"] or row["known_wording"] != row["wording_hash"]:
        return False
    cause, _ = refusals.recognised(str(row["refusal_code"] or ""), str(row["refusal"] or ""))
    return cause == "period_closed"


def ended(mapping: Mapping, rows: pl.DataFrame) -> pl.DataFrame:
    """Documents whose source asks for none any more, judged: `rows` with outcome, ruled and stage.

    rows: target_stage, is_void and is_gone of each document, is_deleted and is_turned of its source.
    """
    told = [_ended(mapping, row) for row in rows.iter_rows(named=True)]
    schema = {name: JUDGED[name] for name in ("source_id", "outcome", "ruled", "stage")}
    return rows.join(pl.DataFrame(told, schema=schema), on="source_id", how="left", maintain_order="left")


def _ended(mapping: Mapping, row: Dict[str, object]) -> dict[str, str | None]:
    source = (Change.DELETED, row["is_deleted"] is True), (Change.TURNED, row["is_turned"] is True)
    change = next((change for change, applies in source if applies), Change.WITHDRAWN)
    stages = (
        (Stage.GONE, row["is_gone"] is True),
        (Stage.VOID, row["is_void"] is True),
    )
    stage = next((stage for stage, applies in stages if applies), Stage(str(row["target_stage"] or Stage.OPEN)))
    ruling = amendments.ruling(mapping.amendments, change, stage)
    return {"source_id": str(row["source_id"]), "outcome": ruling.outcome, "ruled": ruling.cause, "stage": stage.value}


def ends(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """The findings about documents whose source ended."""
    groups = rows.group_by("ruled", maintain_order=True)
    subject, seen = pl.col("label"), pl.col("natural_key")
    return [findings(group, str(cause), document="source_id", subject=subject, seen=seen) for (cause,), group in groups]


def numbered_lines(
    mapping: Mapping, rows: pl.DataFrame, lines: pl.DataFrame | None, books: pl.DataFrame | None
) -> dict[str, list[dict[str, str | None]]]:
    """By source id, what is kept in step of the lines of documents to be updated, with their numbers in the books.

    Always all lines: if the other system counted them in another way, the last number would be none and it would refuse
    the whole, instead of changing a line that was not meant.
    """
    spec = mapping.lines
    if spec is None or lines is None or books is None or "line_number" not in books.columns:
        return {}
    of_lines = pl.col("change").is_in([Change.AMOUNT.value, Change.CODING.value])
    updated = rows.filter((pl.col("outcome") == Outcome.UPDATE) & of_lines)
    kept = [name for name, rule in spec.fields.items() if mapping.keeps(rule)]
    ours = lines.join(updated.select("source_id", "target_id"), on="source_id", how="inner")
    numbers = books.select("target_id", spec.identity, pl.col("line_number").cast(pl.String).alias("LINE_NO"))
    both = ours.join(numbers, on=["target_id", spec.identity], how="inner").sort(
        "source_id", pl.col("LINE_NO").cast(int)
    )
    groups = both.group_by("source_id", maintain_order=True)
    return {str(source): group.select("LINE_NO", *kept).to_dicts() for (source,), group in groups}


# About a document that is gone or was taken back people talk by its own name.
_BY_NAME = (Stage.GONE.value, Stage.VOID.value)


def verdicts(rows: pl.DataFrame) -> list[pl.DataFrame]:
    """What the table holds for a person, as findings. A refusal is told by what was refused."""
    is_told = (pl.col("stage") == Stage.CLOSED) & (pl.col("ruled") == "period_closed")
    held = rows.filter((pl.col("outcome") == Outcome.HOLD) & ~is_told)
    by_name = pl.col("stage").is_in(_BY_NAME)
    parts = []
    for (cause,), group in held.group_by("ruled", maintain_order=True):
        subject = pl.when(by_name).then(pl.col("natural_key").fill_null("")).otherwise("label")
        seen = pl.when(by_name).then(pl.lit("")).otherwise(pl.coalesce("changes", "fixed_changes"))
        parts.append(findings(group, str(cause), document="source_id", subject=subject, seen=seen))
    return parts


def elsewhere(mapping: Mapping, rows: pl.DataFrame) -> pl.DataFrame:
    """Documents that are in one entity while their source has come to mean another: never moved, never made twice."""
    if mapping.entity is None:
        return no_findings()
    seen = pl.col("target_version").is_not_null() & pl.col("entity").ne_missing(pl.col("target_entity"))
    moved = pl.col("known_source_hash").ne(pl.col("source_hash")).fill_null(False)
    # Neither moved, but the mapping did: a new rule is for new documents.
    rows = rows.filter(seen & (moved | pl.col("is_same_mapping").fill_null(True)))
    meant = pl.col("entity").fill_null("(top level)")
    return findings(rows, "another_entity", document="source_id", subject=pl.col("label"), seen=meant)

"""Documents whose posting date lies in a closed period: which they are, and how they move to the next open one."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from sf_intacct.errors import MappingError
from sf_intacct.flow.contracts import target_contract
from sf_intacct.flow.described import takes
from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import findings
from sf_intacct.flow.mapping import Mapping, Mode
from sf_intacct.flow.mapping_document import Document
from sf_intacct.flow.mapping_preflight import Ledger, PeriodPolicy
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight.closings import Closing, Closings, month_after
from sf_intacct.flow.preflight.documents import (
    ADJUSTMENT,
    DATED,
    INVOICE,
    POSTED,
    SALE,
    Documents,
    ancestors,
    as_day,
)

# The field in which people read why a document stands under another day.
MEMOS = {INVOICE: "DESCRIPTION", ADJUSTMENT: "DESCRIPTION", SALE: "MESSAGE"}
LEDGERS = {INVOICE: Ledger.RECEIVABLES, ADJUSTMENT: Ledger.RECEIVABLES, SALE: Ledger.ORDER_ENTRY}
_DEFINITIONS = "intacct_transaction_definitions"
# Classes of sales documents that post to the ledgers; quotes and orders promise only.
_POSTING = ("Invoice", "Adjustment")


def closed(documents: Documents) -> pl.DataFrame:
    """A finding for every document that would be posted, or changed, in a closed period.

    Of what only a refusal of an earlier day tells, one new document is let through, to see whether it is still so.
    """
    rows = _closed(documents).join(_probes(documents), on="source_id", how="anti", maintain_order="left")
    seen = pl.format("{}; {}", "day", "words")
    month = pl.col("day").dt.strftime("%Y-%m")
    return findings(rows, "period_closed", document="source_id", subject=month, column=POSTED, seen=seen)


def _probes(documents: Documents) -> pl.DataFrame:
    """One document of each closing that only a refusal of an earlier day tells; the oldest in the ledger."""
    closings = documents.closings.all
    certain = Closings(tuple(one for one in closings if one.learned_on is None))
    taught = Closings(tuple(one for one in closings if one.learned_on and one.learned_on < documents.today))
    other = documents.evaluated.findings.select(pl.col("document_id").alias("source_id"))
    held = pl.concat([other, _closed(replace(documents, closings=certain)).select("source_id")])
    rows = _closed(replace(documents, closings=taught)).join(documents.there, on="source_id", how="anti")
    rows = rows.join(held, on="source_id", how="anti").sort("day", "source_id")
    return rows.unique("words", keep="first", maintain_order=True).select("source_id")


def moved(documents: Documents) -> Evaluated:
    """The documents that are not there yet on the first open day, with a memo that says so.

    Only the posting date moves: the date of the document, its due date and its exchange rate stay what they are. What
    would move beyond the month after this one, or has no room for the memo, stays and is found by `closed`.
    """
    if not can_move(documents.mapping):
        return documents.evaluated
    memo, heads = MEMOS[documents.object], documents.heads
    rows = _closed(documents).join(documents.there, on="source_id", how="anti")
    rows = rows.filter(pl.col("opens_on") <= month_after(documents.today))
    told = pl.format("{}posted {}, because the period of {} is closed", _before(memo), "opens_on", "day")
    rows = rows.join(heads.select("source_id", memo), on="source_id").select(
        "source_id", "opens_on", told.alias("memo")
    )
    rows = rows.filter(pl.col("memo").str.len_chars() <= _room(documents))
    heads = heads.join(rows, on="source_id", how="left", maintain_order="left").with_columns(
        pl.coalesce(pl.col("opens_on").dt.strftime("%Y-%m-%d"), POSTED).alias(POSTED),
        pl.coalesce("memo", memo).alias(memo),
    )
    return replace(documents.evaluated, heads=heads.drop("opens_on", "memo"))


def can_move(mapping: Mapping) -> bool:
    """Whether a mapping says posting date and memo once, when the document is made, so that both may differ."""
    fields = (POSTED, MEMOS.get(mapping.target_object, ""))
    return all(name in mapping.fields and mapping.fields[name].mode is Mode.CREATE_ONLY for name in fields)


def move_problems(mapping: Mapping, mappings: Mappings, document: Document) -> Iterator[MappingError]:
    """Documents that are to move to the next open period need a posting date and a memo that are said once."""
    moves = mappings.company.preflight.period_closed is PeriodPolicy.NEXT_OPEN_PERIOD
    if moves and mapping.target in ("intacct.ARINVOICE", "intacct.ARADJUSTMENT") and not can_move(mapping):
        memo = MEMOS[mapping.target_object]
        seen = "company.yaml lets documents move to the next open period, and this mapping has no room for it"
        yield document.wrong(("fields",), seen, f"give {POSTED} and {memo} a rule with `mode: create_only`")


def _before(memo: str) -> pl.Expr:
    return pl.when(pl.col(memo).is_null()).then(pl.lit("")).otherwise(pl.format("{}; ", pl.col(memo).fill_null("")))


def _room(documents: Documents) -> int:
    target = target_contract(documents.mapping.target)
    assert target is not None
    column = target.by_source[MEMOS[documents.object]]
    return takes(documents.mappings.described, target, column, by_function=True).length or 1000


_CLOSED = pl.Schema({"source_id": pl.String, "day": pl.Date, "words": pl.String, "opens_on": pl.Date})


def _closed(documents: Documents) -> pl.DataFrame:
    """source_id, day, words and opens_on of the documents that lie in a closed period."""
    ledgers = (LEDGERS[documents.object], Ledger.RECEIVABLES)
    known = [one for one in documents.closings.all if one.ledger in (Ledger.GENERAL, *ledgers)]
    if not known:
        return pl.DataFrame(schema=_CLOSED)
    # The one that ends last is named, and says when the next period begins.
    known.sort(key=lambda one: one.resumes_on, reverse=True)
    rows = _dated(documents).join(_places(documents), on="source_id", how="left", maintain_order="left")
    hit = pl.coalesce(pl.lit(None, dtype=pl.Int64), *(_hits(place, one) for place, one in enumerate(known)))
    rows = rows.with_columns(hit.alias("hit")).drop_nulls("hit")
    told = [(place, one.words, one.resumes_on) for place, one in enumerate(known)]
    told_frame = pl.DataFrame(told, schema={"hit": pl.Int64, "words": pl.String, "opens_on": pl.Date}, orient="row")
    rows = rows.join(told_frame, on="hit", maintain_order="left").select("source_id", "day", "words", "opens_on")
    return rows.unique("source_id", keep="first", maintain_order=True)


def _hits(place: int, closing: Closing) -> pl.Expr:
    touched = [pl.col("places").list.contains(one).fill_null(False) for one in sorted(closing.places)]
    return pl.when(pl.all_horizontal(pl.lit(True), *touched) & (pl.col("day") <= closing.through)).then(
        pl.lit(place, dtype=pl.Int64)
    )


def _dated(documents: Documents) -> pl.DataFrame:
    """The documents that are for the ledger, each with the days that decide.

    Of what is there, the day under which it stands; the day that is sent, too, where the document's date changes.
    """
    said, dated = as_day(documents.text(POSTED), documents.text(DATED)), as_day(documents.text(DATED))
    rows = documents.heads.filter(_is_in_ledger(documents)).select(
        "source_id", said.alias("said"), dated.alias("dated")
    )
    rows = rows.join(documents.there, on="source_id", how="left", maintain_order="left")
    is_sent = pl.col("posted_on").is_null() | pl.col("dated_on").ne_missing(pl.col("dated"))
    stands = rows.select("source_id", pl.col("posted_on").alias("day"))
    return pl.concat([stands, rows.filter(is_sent).select("source_id", pl.col("said").alias("day"))]).drop_nulls("day")


def _is_in_ledger(documents: Documents) -> pl.Expr:
    """A sales document posts where its transaction definition is of a class that does; an unknown one is not judged."""
    if documents.object != SALE:
        return pl.lit(True)
    definitions = documents.tables.get(_DEFINITIONS)
    if definitions is None:
        return pl.lit(False)
    posting = definitions.filter(pl.col("class").is_in(_POSTING))["name"]
    return documents.text("DOCPARID").is_in(posting.implode()).fill_null(False) & (
        documents.text("STATE").fill_null("") != "Draft"
    )


def _places(documents: Documents) -> pl.DataFrame:
    """The entities and locations whose books a document touches: its own, and those of its lines, with all above."""
    parts = [documents.heads.select("source_id", pl.col("entity").alias("place"))]
    if documents.lines is not None:
        parts.append(documents.lines.select("source_id", documents.line_text("LOCATIONID").alias("place")))
    rows = pl.concat(parts).drop_nulls("place").unique()
    locations = documents.tables.get("intacct_locations")
    family = ancestors(locations, "location_id") if locations is not None else {}
    above = [(one, list(family.get(one, (one,)))) for one in rows["place"].unique()]
    tree = pl.DataFrame(above, schema={"place": pl.String, "places": pl.List(pl.String)}, orient="row")
    return rows.join(tree, on="place").explode("places").group_by("source_id").agg("places")

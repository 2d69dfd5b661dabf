"""Which records that both systems had before are the same: by second keys, and by what people said of them.

A key counts only when one record on either side has it. Everything else is a finding: nobody is linked by a guess.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, Contract, target_contract
from sf_intacct.flow.expression import compiled
from sf_intacct.flow.findings import findings, no_findings, together
from sf_intacct.flow.mapping import Mapping

PAIRS = pl.Schema({"source_id": pl.String, "target_id": pl.String})
# Two records with one key: owner_id is the source that the target belongs to already, if it does.
KEY_PAIRS = pl.Schema(
    {"source_id": pl.String, "target_id": pl.String, "key": pl.String, "value": pl.String, "owner_id": pl.String}
)
# What people type where there is no number.
_NO_KEY = r"^(|NA|NONE|NULL|NIL|NO|TBD|TBA|UNKNOWN|PENDING|EXEMPT|NOTAPPLICABLE|TEST)$"
# Neither may a dummy such as 000000000 be one.
_DUMMY_LENGTH = 3


def _no_pairs() -> pl.DataFrame:
    return pl.DataFrame(schema=PAIRS)


@dataclass(frozen=True)
class Recognised:
    """keyed: pairs by a second key. different: what a person called different. findings: what a person decides."""

    keyed: pl.DataFrame = field(default_factory=_no_pairs)
    different: pl.DataFrame = field(default_factory=_no_pairs)
    findings: pl.DataFrame = field(default_factory=no_findings)


@dataclass(frozen=True)
class BothSides:
    """All records of a crossing that may be the same, as they are in core, and what is known of them.

    sources: living source rows that meet the mapping's predicate. targets: living target rows. links: the
    journal's. different: pairs that a person called different. All pairs have source_id and target_id.
    """

    mapping: Mapping
    sources: pl.DataFrame
    targets: pl.DataFrame
    links: pl.DataFrame
    different: pl.DataFrame

    @property
    def source(self) -> Contract:
        return CONTRACTS[self.mapping.source]

    @cached_property
    def target(self) -> Contract:
        target = target_contract(self.mapping.target)
        assert target is not None, f"{self.mapping.target} was checked when the mappings were loaded"
        return target

    @cached_property
    def known(self) -> pl.DataFrame:
        """Pairs that need no recognising: linked, marked with the source's id, or named by the source. Each once."""
        parts = [self.links.select("source_id", "target_id"), *self._marks(), *self._claims()]
        pairs = pl.concat(parts).join(self.different, on=["source_id", "target_id"], how="anti", maintain_order="left")
        return pairs.unique("source_id", keep="first", maintain_order=True)

    @cached_property
    def owners(self) -> pl.DataFrame:
        """target_id, owner_id: whose counterpart a target is, also of sources that are gone or do not cross."""
        parts = [self.links.select("source_id", "target_id"), *self._marks(), *self._claims()]
        pairs = pl.concat(parts).join(self.different, on=["source_id", "target_id"], how="anti", maintain_order="left")
        return pairs.unique("target_id", keep="first", maintain_order=True).rename({"source_id": "owner_id"})

    @cached_property
    def open_sources(self) -> pl.DataFrame:
        """Sources without a counterpart."""
        return self.sources.filter(~pl.col(self.source.key).is_in(self.known["source_id"].implode()))

    @cached_property
    def free_targets(self) -> pl.DataFrame:
        """Targets that are nobody's counterpart."""
        return self.targets.filter(~pl.col(self.target.key).is_in(self.owners["target_id"].implode()))

    @cached_property
    def key_pairs(self) -> pl.DataFrame:
        """Open sources and targets that have a second key in common, after KEY_PAIRS."""
        keys = self.mapping.match.keys if self.mapping.match else {}
        parts = [self._same(name, pair.source, pair.target) for name, pair in keys.items()]
        pairs = pl.concat([pl.DataFrame(schema=KEY_PAIRS), *parts])
        pairs = pairs.join(self.different, on=["source_id", "target_id"], how="anti", maintain_order="left")
        return pairs.unique(["source_id", "target_id"], keep="first", maintain_order=True)

    def named(self, pairs: pl.DataFrame) -> pl.DataFrame:
        """`pairs` with source_name, target_name and target_key: what people call the two."""
        target = self.target
        identity = target.by_source[self.mapping.identity].name
        called = "name" if "name" in target.by_name else target.label
        ours = self.sources.select(
            pl.col(self.source.key).alias("source_id"), pl.col(self.source.label).cast(pl.String).alias("source_name")
        )
        theirs = self.targets.select(
            pl.col(target.key).alias("target_id"),
            pl.col(identity).cast(pl.String).alias("target_key"),
            pl.col(called).cast(pl.String).alias("target_name"),
        )
        return pairs.join(ours, on="source_id", how="left", maintain_order="left").join(
            theirs, on="target_id", how="left", maintain_order="left"
        )

    def _marks(self) -> Iterator[pl.DataFrame]:
        if self.mapping.mark:
            mark = pl.col(self.target.by_source[self.mapping.mark].name)
            marked = self.targets.filter(mark.is_not_null())
            yield marked.select(mark.alias("source_id"), pl.col(self.target.key).alias("target_id"))

    def _claims(self) -> Iterator[pl.DataFrame]:
        if self.mapping.claim:
            identity = self.target.by_source[self.mapping.identity].name
            claims = self.sources.select(
                pl.col(self.source.key).alias("source_id"),
                compiled(self.mapping.claim).cast(pl.String).alias("__claim"),
            )
            claimed = claims.join(self.targets, left_on="__claim", right_on=identity, maintain_order="left")
            yield claimed.select("source_id", pl.col(self.target.key).alias("target_id"))

    def _same(self, key: str, ours: str, theirs: str) -> pl.DataFrame:
        left = self.open_sources.select(pl.col(self.source.key).alias("source_id"), _plain(ours).alias("value"))
        right = self.targets.select(pl.col(self.target.key).alias("target_id"), _plain(theirs).alias("value"))
        same = left.drop_nulls("value").join(right.drop_nulls("value"), on="value", maintain_order="left_right")
        same = same.join(self.owners, on="target_id", how="left", maintain_order="left")
        return same.with_columns(pl.lit(key).alias("key")).select(*KEY_PAIRS)


def recognise(sides: BothSides, ids: pl.Series) -> Recognised:
    """What the second keys say of all records, and the findings for those of `ids` that they cannot decide."""
    pairs = sides.key_pairs
    free = pairs.filter(pl.col("owner_id").is_null())
    alone = free.filter(pl.col("source_id").is_unique() & pl.col("target_id").is_unique())
    shared = free.join(alone, on=["source_id", "target_id"], how="anti", maintain_order="left")
    taken = pairs.filter(pl.col("owner_id").is_not_null() & ~pl.col("source_id").is_in(free["source_id"].implode()))
    found = together([_shared(sides, shared), _taken(sides, taken), _remains(sides)])
    return Recognised(
        alone.select(*PAIRS), sides.different.select(*PAIRS), found.filter(pl.col("document_id").is_in(ids.implode()))
    )


def unless_different(rows: pl.DataFrame, column: str, different: pl.DataFrame) -> pl.DataFrame:
    """`rows` without the target ids in `column` of which a person said that they are another thing than source_id."""
    said = different.select("source_id", pl.col("target_id").alias(column), pl.lit(True).alias("__said"))
    rows = rows.join(said, on=["source_id", column], how="left", maintain_order="left")
    return rows.with_columns(pl.when(pl.col("__said").is_null()).then(column).alias(column)).drop("__said")


def _plain(sql: str) -> pl.Expr:
    """A key without what people write differently; nothing where it says that there is none."""
    text = compiled(sql).cast(pl.String).str.to_uppercase().str.replace_all(r"[^\p{L}\p{N}]", "")
    dummy = (text.str.len_chars() >= _DUMMY_LENGTH) & (text.str.strip_chars_start(text.str.head(1)) == "")
    return pl.when(~text.str.contains(_NO_KEY) & ~dummy).then(text)


def _shared(sides: BothSides, pairs: pl.DataFrame) -> pl.DataFrame:
    """Keys that more than one record on a side has."""
    named = sides.named(pairs).with_columns(_called(pl.col("target_key"), pl.col("target_name")).alias("__called"))
    told = named.group_by("source_id", maintain_order=True).agg(
        pl.format("{} {}", pl.col("key").first(), pl.col("value").first()).alias("__subject"),
        pl.concat_str(pl.lit("in Intacct "), pl.col("__called").sort().str.join(", ")).first().alias("__seen"),
    )
    return findings(told, "key_shared", document="source_id", subject=pl.col("__subject"), seen=pl.col("__seen"))


def _taken(sides: BothSides, pairs: pl.DataFrame) -> pl.DataFrame:
    """Keys of a target that is another source's counterpart."""
    named = sides.named(pairs.unique("source_id", keep="first", maintain_order=True))
    owners = sides.sources.select(pl.col(sides.source.key).alias("owner_id"), pl.col(sides.source.label).alias("__own"))
    named = named.join(owners, on="owner_id", how="left", maintain_order="left")
    owner = pl.coalesce(pl.col("__own").cast(pl.String), "owner_id")
    seen = pl.format("{}, the counterpart of {}", _called(pl.col("target_key"), pl.col("target_name")), owner)
    subject = pl.format("{} {}", "key", "value")
    return findings(named, "key_taken", document="source_id", subject=subject, seen=seen)


def _remains(sides: BothSides) -> pl.DataFrame:
    """Targets that carry the id of a source that they are not."""
    parts = [marks.join(sides.different, on=["source_id", "target_id"]) for marks in sides._marks()]
    named = sides.named(pl.concat([_no_pairs(), *(part.select(*PAIRS) for part in parts)]))
    subject = _called(pl.col("target_key"), pl.col("target_name"))
    return findings(named, "mark_remains", document="source_id", subject=subject, seen=pl.col("target_id"))


def _called(key: pl.Expr, name: pl.Expr) -> pl.Expr:
    return pl.when(name.is_null() | (name == key)).then(key).otherwise(pl.format("{} ({})", key, name))

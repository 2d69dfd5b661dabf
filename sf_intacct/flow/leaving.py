"""Records that leave: what is planned for the counterpart of one that was deleted or does not cross any more.

It is an update of the fields that the mapping's `leaves` names, planned like every other update. When
the record comes back, and nothing else was written since, the same fields are made as for a new record.
"""

from dataclasses import dataclass, replace

import polars as pl

from sf_intacct.flow.decide import OtherSide, Planned, Step
from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.findings import findings, together
from sf_intacct.flow.mapping import Leaves, Mapping, Mode, Rule, WhenChanged
from sf_intacct.flow.merge import source_side
from sf_intacct.flow.payload import with_payload

# Marks the plan rows of records that leave: their source may be deleted, and they are sent all the same.
LEFT = "left"


@dataclass(frozen=True)
class Farewell:
    """The crossing as it is for records that leave: it fills the fields of `leaves`, and makes nothing."""

    mapping: Mapping
    leaves: Leaves

    @classmethod
    def of(cls, mapping: Mapping) -> "Farewell | None":
        """What a crossing does for those that leave; None where it says nothing about them."""
        if mapping.leaves is None:
            return None
        known = {name: _fixed(mapping.fields[name]) for name in (mapping.identity, mapping.mark) if name}
        written = {
            name: Rule.model_validate({"value": sql, "owner": source_side(mapping)})
            for name, sql in mapping.leaves.fields.items()
        }
        changes = {
            "fields": {**known, **written},
            "creates": False,
            "claim": None,
            "hold": [],
            "lines": None,
            "match": None,
            "stake": None,
            "when_changed": WhenChanged.UPDATE,
        }
        return cls(mapping.model_copy(update=changes), mapping.leaves)

    @property
    def predicate(self) -> Mapping:
        """The crossing with the predicate of those that leave in the place of those that cross."""
        return self.mapping.model_copy(update={"when": self.leaves.when})

    def nameless(self, evaluated: Evaluated) -> Evaluated:
        """Whoever leaves is known by link or mark alone: its number may have been given to somebody else."""
        nobody = pl.lit(None, dtype=pl.String)
        heads = evaluated.heads.with_columns(nobody.alias("natural_key"), nobody.alias("claim"))
        return replace(evaluated, heads=heads, findings=evaluated.findings.clear(), needs=evaluated.needs.clear())

    def planned(self, planned: Planned, open_keys: pl.Series) -> Planned:
        """`planned` without records that never crossed. Those with something open wait; the others go, marked."""
        rows = planned.rows.filter(pl.col("step") != Step.ABSENT)
        goes = pl.col("step") == Step.SEND
        still_open = goes & pl.col("natural_key").is_in(open_keys.implode())
        told = findings(rows.filter(still_open), "left_with_open_items", document="source_id", subject=pl.col("label"))
        cause = (
            pl.when(still_open).then(pl.lit("left_with_open_items")).when(goes).then(pl.lit(LEFT)).otherwise("cause")
        )
        nothing = pl.lit(None, dtype=pl.String)
        rows = rows.with_columns(
            pl.when(still_open).then(pl.lit(Step.WAITING.value)).otherwise("step").alias("step"),
            cause.alias("cause"),
            *(pl.when(still_open).then(nothing).otherwise(name).alias(name) for name in ("action", "payload")),
        )
        found = together([planned.findings, told])
        # Neither agrees nor disagrees about anything: the fields it fills are the other side's otherwise.
        return Planned(rows, found, planned.verified)

    def returned(self, evaluated: Evaluated, other: OtherSide) -> list[str]:
        """Those of the records that cross whose last write was their farewell."""
        said = with_payload(self.mapping, evaluated).select("source_id", "wording_hash")
        known = other.history.select("source_id", pl.col("known_wording").alias("wording_hash"))
        return said.join(known, on=["source_id", "wording_hash"], how="semi")["source_id"].to_list()

    def welcomed(self, mapping: Mapping) -> Mapping:
        """The crossing as it is for records that came back: the fields of `leaves` are kept in step once more."""
        kept = {"mode": Mode.ALWAYS, "owner": source_side(mapping)}
        again = {name: mapping.fields[name].model_copy(update=kept) for name in self.leaves.fields}
        return mapping.model_copy(update={"fields": {**mapping.fields, **again}})


def _fixed(rule: Rule) -> Rule:
    return rule.model_copy(update={"mode": Mode.CREATE_ONLY})

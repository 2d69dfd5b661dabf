"""The making of one plan: which records are evaluated against what, in which rounds, and put together."""

from dataclasses import dataclass, replace

import polars as pl

from sf_intacct.flow import kin, references
from sf_intacct.flow.contracts import CONTRACTS, target_contract
from sf_intacct.flow.decide import OtherSide, Planned, decide
from sf_intacct.flow.evaluate import Evaluated, evaluate, meets
from sf_intacct.flow.expression import compiled
from sf_intacct.flow.findings import together
from sf_intacct.flow.leaving import Farewell
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.preflight import rules
from sf_intacct.flow.preflight.documents import Documents, present
from sf_intacct.flow.recognise import Recognised
from sf_intacct.flow.scope import Surroundings
from sf_intacct.orchestration.parting import parted
from sf_intacct.orchestration.periods import closings
from sf_intacct.store import counterparts, plan_sources
from sf_intacct.store.plan_tables import Scope
from sf_intacct.store.warehouse import Session


@dataclass(frozen=True)
class Making:
    """One planning of one crossing, in one transaction of the warehouse.

    released: the source ids of refused writes that may be tried again, although nothing that they say has changed.
    """

    session: Session
    mappings: Mappings
    mapping: Mapping
    scope: Scope
    around: Surroundings
    known: Recognised
    released: frozenset[str] = frozenset()

    def planned(self, heads: pl.DataFrame, lines: pl.DataFrame | None) -> tuple[Planned, pl.DataFrame]:
        """The plan of the records that cross, and what they need. Kin are planned twice: the first time to be named."""
        evaluated = evaluate(self.mapping, self.mappings, heads, lines, self.around)
        evaluated = parted(self.session, self.mappings, self.mapping, heads, evaluated)
        planned = self._decided(heads, evaluated)
        if not self.mapping.kin:
            return planned, evaluated.needs
        around = replace(self.around, links=kin.introduced(self.mapping, planned, self.around.links))
        evaluated = evaluate(self.mapping, self.mappings, heads, lines, around)
        contract = target_contract(self.mapping.target)
        assert contract is not None
        planned = self._decided(heads, evaluated)
        return kin.in_order(self.mapping, evaluated, planned, self.around.tables[contract.name]), evaluated.needs

    def _decided(self, heads: pl.DataFrame, evaluated: Evaluated) -> Planned:
        """The steps, with the lines that name what is inactive, renamed or gone in the books."""
        tables = self.around.tables
        lines = references.blocked(self.mapping, self.mappings, evaluated.heads, evaluated.lines, tables)
        return replace(self._steps(heads, evaluated), blocked=lines, lined=evaluated.lined)

    def _steps(self, heads: pl.DataFrame, evaluated: Evaluated) -> Planned:
        """The steps, decided against the other side as last observed; who comes back gets back what it lost."""
        other = self._other_side(self.mapping, evaluated, self.known)
        evaluated = self._preflight(evaluated, other)
        planned = decide(self.mapping, evaluated, other)
        farewell = Farewell.of(self.mapping)
        if farewell is None:
            return planned
        said = evaluate(farewell.mapping, self.mappings, heads, None, self.around)
        back = farewell.returned(said, other)
        again = decide(farewell.welcomed(self.mapping), evaluated, other)
        return together_with(_only(planned, back, others=True), _only(again, back))

    def _preflight(self, evaluated: Evaluated, other: OtherSide) -> Evaluated:
        """The documents with what Intacct would refuse about them, known before anything is sent."""
        if not rules.of(self.mapping):
            return evaluated
        known = closings(self.session, self.mappings, self.scope.day)
        there, day = present(self.mapping, other.heads, other.history), self.scope.day
        return rules.checked(Documents(self.mapping, self.mappings, evaluated, self.around.tables, known, day, there))

    def left(self, living: pl.DataFrame, crossing: pl.DataFrame) -> Planned | None:
        """The plan of the records that leave: deleted ones, and living ones that do not cross and are said to leave."""
        farewell = Farewell.of(self.mapping)
        if farewell is None:
            return None
        key = CONTRACTS[self.mapping.source].key
        others = living.join(crossing.select(key), on=key, how="anti")
        gone = others.filter(meets(farewell.predicate, self.mappings, others, self.around))
        heads = pl.concat([plan_sources.deleted(self.session, self.mapping, self.scope.ids), gone])
        evaluated = farewell.nameless(evaluate(farewell.mapping, self.mappings, heads, None, self.around))
        planned = decide(farewell.mapping, evaluated, self._other_side(farewell.mapping, evaluated, Recognised()))
        return farewell.planned(planned, self._open_keys(farewell))

    def _open_keys(self, farewell: Farewell) -> pl.Series:
        """The natural keys on which something is still open."""
        unless = farewell.leaves.unless
        if unless is None:
            return pl.Series(dtype=pl.String)
        rows = self.around.tables[unless.table]
        keys: pl.Series = rows.filter(compiled(unless.when).cast(pl.Boolean).fill_null(False))[unless.on]
        return keys.drop_nulls().unique()

    def _other_side(self, mapping: Mapping, evaluated: Evaluated, known: Recognised) -> OtherSide:
        references = plan_sources.references(self.mapping, self.mappings)
        revision = self.mappings.revision
        other = counterparts.other_side(self.session, mapping, evaluated, revision, references, known)
        if not self.released:
            return other
        may = pl.col("may_retry") | pl.col("source_id").is_in(sorted(self.released))
        return replace(other, history=other.history.with_columns(may.alias("may_retry")))


def together_with(planned: Planned, more: Planned | None) -> Planned:
    """Two plans of different records as one."""
    if more is None:
        return planned
    return Planned(
        rows=pl.concat([planned.rows, more.rows]),
        findings=together([planned.findings, more.findings]),
        verified=[*planned.verified, *more.verified],
        disagreements=pl.concat([planned.disagreements, more.disagreements]),
        agreed=pl.concat([planned.agreed, more.agreed]),
        blocked=pl.concat([planned.blocked, more.blocked]),
        lined=pl.concat([planned.lined, more.lined]),
    )


def _only(planned: Planned, ids: list[str], *, others: bool = False) -> Planned:
    """The part of a plan that is about these records, or about the others."""

    def chosen(name: str) -> pl.Expr:
        return ~pl.col(name).is_in(ids) if others else pl.col(name).is_in(ids)

    return Planned(
        rows=planned.rows.filter(chosen("source_id")),
        findings=planned.findings.filter(chosen("document_id")),
        verified=[source_id for source_id in planned.verified if (source_id in ids) != others],
        disagreements=planned.disagreements.filter(chosen("source_id")),
        agreed=planned.agreed.filter(chosen("source_id")),
    )

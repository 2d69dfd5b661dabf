"""What a plan is made from: source records, the tables beside them, links, and what has crossed before."""

from collections.abc import Iterable

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, REFERENCE, Contract, target_contract
from sf_intacct.flow.contracts.registered import REFERENCE_VALUES
from sf_intacct.flow.decide import PLAN
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.parting import TAKEN
from sf_intacct.flow.preflight import rules
from sf_intacct.flow.rates import ENTRIES, RATES
from sf_intacct.flow.references import referred
from sf_intacct.flow.scope import LINKS
from sf_intacct.flow.taxes import TAX_RATES
from sf_intacct.flow.usage import tables as in_use
from sf_intacct.store import statements
from sf_intacct.store.counterparts import among, stage, void
from sf_intacct.store.match_tables import different
from sf_intacct.store.warehouse import Session


def sources(session: Session, mapping: Mapping, ids: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame | None]:
    """Living source rows with these ids, and their lines."""
    source = CONTRACTS[mapping.source]
    with session.offered(wanted=ids.to_frame("id")):
        heads = session.frame(_living(source, f"{source.key} in (select id from wanted)"))
        if mapping.lines is None:
            return heads, None
        lines = CONTRACTS[mapping.lines.each]
        return heads, session.frame(_living(lines, f"{lines.document} in (select id from wanted)"))


def table(session: Session, name: str) -> pl.DataFrame:
    """The living rows of one table of core."""
    return session.frame(_living(CONTRACTS[name], "true"))


def _living(contract: Contract, restriction: str) -> str:
    return (
        f"select {statements.names(contract.dtypes)} from core.{contract.name} where not is_deleted and {restriction}"
    )


def links(session: Session, mappings: Mappings, crossings: Iterable[str]) -> pl.DataFrame:
    """Every record of these crossings with its counterpart: there, on its way, or missing."""
    parts = [session.frame(_links(mappings.crossings[crossing])) for crossing in sorted(crossings)]
    return pl.concat([pl.DataFrame(schema=LINKS), *(part.cast(dict(LINKS)) for part in parts)])  # type: ignore[arg-type]


def _links(mapping: Mapping) -> str:
    source, target = CONTRACTS[mapping.source], target_contract(mapping.target)
    assert target is not None
    crossing, identity = statements.text(mapping.crossing), target.by_source[mapping.identity].name
    mark = target.by_source[mapping.mark].name if mapping.mark else target.key
    return f"""
with known as (
    select {source.key} as id, cast({source.label} as varchar) as label from core.{source.name}
    union
    select document_id, label from core.quarantine where table_name = {statements.text(source.name)}
),
marked as (
    select {mark} as source_id, min({identity}) as natural_key from core.{target.name} m
    where not is_deleted and {mark} is not null and {among(mapping, target)} and not exists (
        select 1 from ({different(mapping.crossing)}) d where d.source_id = m.{mark} and d.target_id = m.{target.key}
    ) group by 1
)
select {crossing} as crossing, k.id as source_id, min(k.label) as label,
       coalesce(min(m.natural_key), min(l.natural_key), min(t.{identity}), min(p.natural_key)) as natural_key,
       bool_or(m.natural_key is not null or l.natural_key is not null or t.{identity} is not null) as is_ready
from known k
left join marked m on m.source_id = k.id
left join journal.link l on l.crossing = {crossing} and l.source_id = k.id
left join plan.{mapping.crossing} p on p.source_id = k.id and p.step in ('send', 'unchanged')
left join core.{target.name} t on t.{target.key} = p.target_id and not t.is_deleted
group by k.id
"""


def references(mapping: Mapping, mappings: Mappings) -> list[str]:
    """The reference tables of core that a mapping looks values and rates up in."""
    tables = {mappings.company.lookups[rule.lookup].table for rule in mapping.rules if rule.lookup}
    if mapping.lines and mapping.lines.tax:
        tables.add(TAX_RATES)
    if mapping.rate:
        tables |= {RATES, ENTRIES}
    return sorted(table for table in tables if table)


def looked_at(mapping: Mapping, mappings: Mappings) -> set[str]:
    """The tables of core that a mapping looks at: neighbours, references, the other ends of its links."""
    beside = [*mapping.beside.values(), *(mapping.lines.beside.values() if mapping.lines else ())]
    tables = {other.table for other in beside} | set(references(mapping, mappings)) | referred(mapping)
    if tables & REFERENCE.keys():
        tables.add(REFERENCE_VALUES.name)
    for crossing in mapping.needs:
        target = target_contract(mappings.crossings[crossing].target)
        tables |= {target.name} if target else set()
    if mapping.leaves and mapping.leaves.unless:
        tables.add(mapping.leaves.unless.table)
    return tables | rules.reads(mapping, mappings, in_use(mappings))


def deleted(session: Session, mapping: Mapping, ids: pl.Series) -> pl.DataFrame:
    """Those of the source rows with these ids that are deleted in their own system, as they were last seen."""
    source = CONTRACTS[mapping.source]
    with session.offered(wanted=ids.to_frame("id")):
        return session.frame(
            f"select {statements.names(source.dtypes)} from core.{source.name} "
            f"where is_deleted and {source.key} in (select id from wanted)"
        )


def ended(session: Session, mapping: Mapping, ids: pl.Series) -> pl.DataFrame:
    """Those of `ids` that have crossed before: their source is gone or no longer meets the rule.

    Columns of a plan, and what the table of amendments asks: target_stage, is_void and is_gone of the document
    that was made, is_deleted of the source.
    """
    source, target = CONTRACTS[mapping.source], target_contract(mapping.target)
    assert target is not None
    columns = "source_id, label, source_version, natural_key, target_id, target_version, amount, currency, entity"
    with session.offered(ids=ids.to_frame("id")):
        rows = session.frame(
            f"""
with newest as (
    select {columns}, source_hash, content_hash, wording_hash from journal.intent
    where crossing = ? and source_id in (select id from ids) and state in ('accepted', 'verified')
    qualify row_number() over (partition by source_id order by created_at desc, change desc) = 1
)
select l.*, {void(target)} as is_void, t.is_deleted as is_gone, {stage(target)} as target_stage,
       coalesce(s.is_deleted, true) as is_deleted
from newest l
left join core.{target.name} t on t.{target.key} = l.target_id
left join (select {source.key} as id, is_deleted from core.{source.name}) s on s.id = l.source_id
""",
            [mapping.crossing],
        )
    missing = [pl.lit(None, dtype).alias(name) for name, dtype in PLAN.items() if name not in rows.columns]
    return rows.with_columns(missing)


def taken(session: Session, mapping: Mapping) -> pl.DataFrame:
    """The records that a crossing holds (after parting.TAKEN): made, being made, or to be made at the next apply."""
    target = target_contract(mapping.target)
    assert target is not None
    crossing = statements.text(mapping.crossing)
    parts = [
        f"select source_id, natural_key from journal.intent where crossing = {crossing} and action = 'create' "
        "and state not in ('cancelled', 'refused', 'pending')",
        f"select source_id, natural_key from journal.link where crossing = {crossing}",
        f"select source_id, natural_key from plan.{mapping.crossing} where step in ('send', 'unchanged', 'under_way')",
    ]
    if mapping.mark:
        mark, identity = target.by_source[mapping.mark].name, target.by_source[mapping.identity].name
        parts.append(
            f"select {mark}, {identity} from core.{target.name} where not is_deleted and {mark} is not null "
            f"and not ({void(target)}) and {among(mapping, target)}"
        )
    gone = f"select source_id from journal.link l join core.{target.name} t on t.{target.key} = l.target_id and " + (
        f"(t.is_deleted or {void(target)}) where l.crossing = {crossing}"
    )
    frame = session.frame(
        f"select source_id, min(natural_key) as natural_key from ({' union all '.join(parts)}) "
        f"where source_id not in ({gone}) group by source_id"
    )
    return frame.cast(dict(TAKEN))  # type: ignore[arg-type]

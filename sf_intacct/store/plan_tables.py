"""plan: what we mean to write, one row per record and crossing, and everything a plan is made from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import polars as pl

from sf_intacct.flow.contracts import CONTRACTS, REFERENCE, Contract, target_contract
from sf_intacct.flow.contracts.registered import REFERENCE_VALUES
from sf_intacct.flow.decide import HISTORY, PLAN, OtherSide, Planned, Step
from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.leaving import LEFT
from sf_intacct.flow.mapping import Mapping, WhenChanged
from sf_intacct.flow.mapping_text import Mappings
from sf_intacct.flow.parting import TAKEN
from sf_intacct.flow.rates import ENTRIES, RATES
from sf_intacct.flow.recognise import Recognised
from sf_intacct.flow.references import referred
from sf_intacct.flow.scope import LINKS
from sf_intacct.flow.taxes import TAX_RATES
from sf_intacct.model.system import Kind
from sf_intacct.store import statements
from sf_intacct.store.match_tables import different
from sf_intacct.store.warehouse import Session

PLAN_COLUMNS = {
    "source_id": ("varchar not null", "Id of the source record"),
    "label": ("varchar", "How people know it"),
    "source_version": ("varchar", "Stamp of the source record the plan was made from"),
    "step": ("varchar not null", "send, waiting, held, refused, under_way, unchanged or absent"),
    "action": ("varchar", "create or update, for what is to be sent"),
    "natural_key": ("varchar", "How people name the target record"),
    "target_id": ("varchar", "Record id in the target, if it is there"),
    "target_version": ("varchar", "Stamp of the target record the plan was made from"),
    "amount": ("decimal(18, 3)", "Money at stake"),
    "currency": ("varchar", "Its currency"),
    "entity": ("varchar", "Entity of Intacct in which it is written; empty: the top level"),
    "source_hash": ("varchar", "Hash of what the source record itself says"),
    "content_hash": ("varchar", "Hash of what is kept in step"),
    "wording_hash": ("varchar", "Hash of all that the mapped record says"),
    "kept_hash": ("varchar", "Hash of what is kept in step, to hold the books against"),
    "fixed_hash": ("varchar", "Hash of what the source says of what is fixed when the target is made"),
    "payload": ("varchar", "What is to be sent, as JSON"),
    "changes": ("varchar", "What differs, as JSON: field, before, after"),
    "cause": ("varchar", "Why it does not go"),
    "sync_day": ("date not null", "Day (UTC) on which it was planned"),
    "mapping_revision": ("varchar not null", "Mapping files it was planned with"),
    "tick": ("bigint not null", "When it was planned, in the warehouse's one order of changes"),
}
FINDING_COLUMNS = {
    "crossing": ("varchar not null", "Crossing in which the record does not go"),
    "document_id": ("varchar not null", "Id of the source record"),
    "cause": ("varchar not null", "Code of the cause"),
    "subject": ("varchar", "What the cause is about"),
    "column_name": ("varchar", "Field or file in which it was seen"),
    "seen": ("varchar", "What was seen"),
    "tick": ("bigint not null", "When it was found, in the warehouse's one order of changes"),
}
NEED_COLUMNS = {
    "crossing": ("varchar not null", "Crossing that needs"),
    "source_id": ("varchar not null", "Record that needs"),
    "needed_crossing": ("varchar not null", "Crossing that has to come first"),
    "needed_id": ("varchar not null", "Record that has to cross first"),
}
BLOCKED_COLUMNS = {
    "crossing": ("varchar not null", "Crossing in which the record is planned"),
    "source_id": ("varchar not null", "Id of the source record"),
    "line_id": ("varchar", "Id of the source line; empty where the head names the value"),
    "field": ("varchar not null", "Field of the target"),
    "subject": ("varchar not null", "The reference record: its object and id in Intacct"),
    "amount": (statements.SQL_TYPES[Kind.MONEY], "Money of the line, where it is known; of the document for a head"),
    "tick": ("bigint not null", "When it was found, in the warehouse's one order of changes"),
}
_IGNORED = """
select source_id from journal.decision where crossing = ? and source_id in (select source_id from wanted)
qualify row_number() over (partition by source_id order by number desc) = 1 and decision = 'ignore'
"""
_AGREED = """
select source_id, says from journal.agreed where crossing = ? and source_id in (select source_id from wanted)
"""
_OPEN = ", ".join(f"'{step.value}'" for step in Step if step not in (Step.UNCHANGED, Step.ABSENT))


CREATE = (
    statements.create_table("plan.findings", FINDING_COLUMNS, "Why planned records do not go."),
    statements.create_table("plan.blocked", BLOCKED_COLUMNS, "Which lines name a reference value not to be used."),
    statements.create_table("plan.needs", NEED_COLUMNS, "Which planned records wait for which others."),
)


def create_plan(mapping: Mapping) -> str:
    """The plan's table of one crossing."""
    return statements.create_table(f"plan.{mapping.crossing}", PLAN_COLUMNS, mapping.says)


@dataclass(frozen=True)
class Scope:
    """What one planning covers: source ids, everything up to a tick, under one revision of the mappings, on a day."""

    ids: pl.Series
    upto: int
    revision: str
    day: date


def candidates(session: Session, mapping: Mapping, revision: str, day: date) -> Scope:
    """What has to be planned again.

    That is: sources that changed, records beside them that changed, open rows of the last plan, and
    targets that changed. New mapping files plan everything again, but leave settled documents alone
    whose mapping says that differences are for people.
    """
    upto = session.next_tick()
    step = f"plan.{mapping.crossing}"
    basis = session.connection.execute("select tick, basis from meta.progress where step = ?", [step]).fetchone()
    since, known_revision = basis or (0, "")
    source = CONTRACTS[mapping.source]
    if known_revision != revision and mapping.when_changed is WhenChanged.UPDATE:
        since = 0
    parts = [f"select {source.key} from core.{source.name} where tick > {since}"]
    parts += _beside(mapping, source, since)
    parts.append(f"select source_id from plan.{mapping.crossing} where step in ({_OPEN})")
    parts += _targets_moved(mapping, since)
    crossing = statements.text(mapping.crossing)
    parts.append(f"select source_id from journal.verdict where crossing = {crossing} and tick > {since}")
    ids = session.frame(f"select distinct id from ({' union all '.join(parts)}) as moved(id) where id is not null")
    return Scope(ids["id"], upto, revision, day)


def _beside(mapping: Mapping, source: Contract, since: int) -> Iterable[str]:
    """Sources beside which something changed. A settled document is not reached by its neighbours."""
    if mapping.when_changed is WhenChanged.HOLD:
        return
    for other in mapping.beside.values():
        neighbour = CONTRACTS[other.table]
        yield (
            f"select {source.key} from core.{source.name} where {other.on} in "
            f"(select {neighbour.key} from core.{neighbour.name} where tick > {since})"
        )


def _targets_moved(mapping: Mapping, since: int) -> Iterable[str]:
    target = target_contract(mapping.target)
    assert target is not None
    moved = f"core.{target.name} t where t.tick > {since}"
    if mapping.mark:
        yield f"select t.{target.by_source[mapping.mark].name} from {moved}"
    yield (
        f"select l.source_id from journal.link l where l.crossing = {statements.text(mapping.crossing)} "
        f"and l.target_id in (select t.{target.key} from {moved})"
    )


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


def other_side(
    session: Session,
    mapping: Mapping,
    evaluated: Evaluated,
    revision: str,
    references: Iterable[str],
    recognised: Recognised | None = None,
) -> OtherSide:
    """What the target system holds for the evaluated records, and what the journal knows of them."""
    recognised = recognised or Recognised()
    keyed = recognised.keyed.rename({"target_id": "keyed_id"})
    wanted = evaluated.heads.select("source_id", "natural_key", "claim").join(keyed, on="source_id", how="left")
    with session.offered(wanted=wanted):
        history = session.frame(_history(mapping, references), {"revision": revision})
        heads = session.frame(_target_heads(mapping))
        lines = None
        if mapping.lines is not None:
            with session.offered(found=heads.select("target_id")):
                lines = session.frame(_target_lines(mapping))
        ignored = session.frame(_IGNORED, [mapping.crossing])["source_id"].to_list()
        agreed = session.frame(_AGREED, [mapping.crossing])
    return OtherSide(heads, lines, history.cast(dict(HISTORY)), ignored, recognised, agreed)  # type: ignore[arg-type]


def _as_text(contract: Contract, field: str) -> str:
    """A column as the house spells it, under the system's own field name."""
    column = contract.by_source[field]
    value = statements.name(column.name)
    if column.kind is Kind.MONEY:
        value = f"regexp_replace(cast({value} as varchar), '(\\.\\d\\d)0$', '\\1')"
    if column.kind is Kind.INSTANT:
        value = f"strftime({value} at time zone 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    return f"cast({value} as varchar) as {statements.name(field)}"


def _target_heads(mapping: Mapping) -> str:
    """Records of the target that may be counterparts. One in quarantine is there, but what it says is not known."""
    target = target_contract(mapping.target)
    assert target is not None
    identity = target.by_source[mapping.identity].name
    mark = target.by_source[mapping.mark].name if mapping.mark else None
    fields = ", ".join(_as_text(target, field) for field in mapping.fields)
    crossing = statements.text(mapping.crossing)
    conditions = [
        f"{identity} in (select natural_key from wanted)",
        f"{identity} in (select claim from wanted)",
        f"{target.key} in (select keyed_id from wanted)",
        f"{target.key} in (select target_id from journal.link where crossing = {crossing} "
        "and source_id in (select source_id from wanted))",
    ]
    if mark:
        conditions.append(f"{mark} in (select source_id from wanted)")
    return f"""
select {target.key} as target_id,
       strftime({target.stamp} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ') as target_version,
       {identity} as target_key, {mark or "null::varchar"} as target_mark, {_void(target)} as target_is_void,
       {_stage(target)} as target_stage, {_entity(target)} as target_entity, {fields}
from core.{target.name} where not is_deleted and {among(mapping, target)} and ({" or ".join(conditions)})
union all by name
select document_id as target_id, null::varchar as target_version, document_id as target_key, document_id as target_mark,
       false as target_is_void
from (select distinct document_id from core.quarantine where table_name = {statements.text(target.name)})
where document_id in (select source_id from wanted)
"""


def among(mapping: Mapping, target: Contract) -> str:
    """The condition that a record of the target is of a kind that this crossing makes."""
    if mapping.among is None:
        return "true"
    kinds = ", ".join(statements.text(value) for value in mapping.among.values)
    return f"{statements.name(target.by_source[mapping.among.field].name)} in ({kinds})"


def _entity(contract: Contract) -> str:
    """The entity that owns a record; nothing is the top level."""
    column = contract.by_source.get("MEGAENTITYID")
    return f"nullif({column.name}, '')" if column else "null::varchar"


def _void(contract: Contract) -> str:
    """Whether a record was taken back."""
    if contract.void is None:
        return "false"
    column, values = contract.void
    return f"{column} in ({', '.join(statements.text(value) for value in values)})"


def _stage(contract: Contract) -> str:
    """Where a document stands, in the words of the table of amendments; what was picked for a payment may be paid."""
    if contract.void is None or contract.paid is None:
        return "null::varchar"
    state, (paid, due) = contract.void[0], contract.paid
    return (
        f"case when {state} = 'Draft' then 'draft' when {paid} <> 0 and {due} = 0 or {state} = 'Paid' then 'paid' "
        f"when {paid} <> 0 or {state} not in ('Posted', 'Submitted', 'Approved') then 'partly_paid' else 'open' end"
    )


def _target_lines(mapping: Mapping) -> str:
    target = target_contract(mapping.target)
    assert target is not None
    assert mapping.lines is not None
    lines = CONTRACTS[target.lines or ""]
    fields = ", ".join(_as_text(lines, field) for field in mapping.lines.fields)
    return (
        f"select {lines.document} as target_id, {_line_number(lines)} as line_number, {fields} from core.{lines.name} "
        f"where not is_deleted and {lines.document} in (select target_id from found)"
    )


def _line_number(lines: Contract) -> str:
    """By which number the system addresses a line, where it has any."""
    numbered = lines.by_source.get("LINE_NO")
    return numbered.name if numbered else "null::bigint"


def _history(mapping: Mapping, references: Iterable[str]) -> str:
    """The newest intent and the link of every wanted record. Parameter: today's mapping revision.

    A refused one may be tried again once the mapping or one of the reference tables has moved.
    """
    target = target_contract(mapping.target)
    assert target is not None
    crossing = statements.text(mapping.crossing)
    moved = " or ".join(f"exists (select 1 from core.{table} where tick > n.tick)" for table in references)
    return f"""
with newest as (
    select * from journal.intent where crossing = {crossing} and source_id in (select source_id from wanted)
    qualify row_number() over (partition by source_id order by created_at desc, change desc) = 1
),
done as (
    select * from journal.intent where crossing = {crossing} and source_id in (select source_id from wanted)
      and state in ('accepted', 'verified')
    qualify row_number() over (partition by source_id order by created_at desc, change desc) = 1
),
linked as (
    select * from journal.link where crossing = {crossing} and source_id in (select source_id from wanted)
)
select coalesce(n.source_id, l.source_id) as source_id,
       case when n.state not in ('accepted', 'verified') and (n.state <> 'cancelled' or l.target_id is null)
            then n.state end as state,
       l.target_id as linked_id, n.content_hash as known_hash, n.wording_hash as known_wording,
       n.target_version as known_version,
       case n.state when 'refused' then n.cause end as refusal_code,
       case n.state when 'refused' then n.message end as refusal,
       coalesce(d.source_hash, n.source_hash) as known_source_hash, d.fixed_hash as known_fixed_hash,
       d.kept_hash as said_hash, coalesce(d.mapping_revision, n.mapping_revision) = $revision as is_same_mapping,
       case n.state when 'verified' then true when 'accepted' then false end as is_verified,
       n.mapping_revision <> $revision or {moved or "false"} as may_retry,
       exists (select 1 from core.{target.name} t where t.{target.key} = l.target_id and t.is_deleted) as is_gone
from newest n full join linked l on l.source_id = n.source_id left join done d on d.source_id = n.source_id
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
    return tables


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
select l.*, {_void(target)} as is_void, t.is_deleted as is_gone, {_stage(target)} as target_stage,
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
            f"and not ({_void(target)}) and {among(mapping, target)}"
        )
    gone = f"select source_id from journal.link l join core.{target.name} t on t.{target.key} = l.target_id and " + (
        f"(t.is_deleted or {_void(target)}) where l.crossing = {crossing}"
    )
    frame = session.frame(
        f"select source_id, min(natural_key) as natural_key from ({' union all '.join(parts)}) "
        f"where source_id not in ({gone}) group by source_id"
    )
    return frame.cast(dict(TAKEN))  # type: ignore[arg-type]


def unsettled(session: Session, mapping: Mapping) -> pl.DataFrame:
    """Plan rows that are not in step, or on their way.

    `has_moved`: the source is not what the plan was made from any more. A source that is deleted has moved,
    unless the row is about its leaving.
    """
    source = CONTRACTS[mapping.source]
    version = f"strftime(s.{source.stamp} at time zone 'UTC', '%Y-%m-%dT%H:%M:%S.%fZ')"
    return session.frame(
        f"select p.*, s.{source.key} is null or {version} is distinct from p.source_version "
        f"or (s.is_deleted and p.cause is distinct from {statements.text(LEFT)}) as has_moved "
        f"from plan.{mapping.crossing} p left join core.{source.name} s on s.{source.key} = p.source_id "
        f"where p.step in ({_OPEN}) order by p.label, p.source_id"
    )


def needs(session: Session, crossing: str) -> pl.DataFrame:
    """Which planned records of a crossing wait for which others: source_id, needed_crossing, needed_id."""
    return session.frame("select source_id, needed_crossing, needed_id from plan.needs where crossing = ?", [crossing])


def publish(session: Session, mapping: Mapping, planned: Planned, needs: pl.DataFrame, scope: Scope) -> None:
    """Replaces the plan of everything that was planned again."""
    tick = session.next_tick()
    crossing = mapping.crossing
    found = planned.findings.rename({"column": "column_name"}).unique(maintain_order=True)
    with session.offered(ids=scope.ids.to_frame("id"), rows=planned.rows, found=found, needed=needs):
        session.run(f"delete from plan.{crossing} where source_id in (select id from ids)")
        columns = "*, $day as sync_day, $revision as mapping_revision, $tick as tick"
        values = {"day": scope.day, "revision": scope.revision, "tick": tick}
        session.run(f"insert into plan.{crossing} by name select {columns} from rows", values)
        session.run("delete from plan.findings where crossing = ? and document_id in (select id from ids)", [crossing])
        session.run("insert into plan.findings by name select ? as crossing, *, ? as tick from found", [crossing, tick])
        session.run("delete from plan.blocked where crossing = ? and source_id in (select id from ids)", [crossing])
        with session.offered(blocked=planned.blocked):
            session.run(
                "insert into plan.blocked by name select ? as crossing, *, ? as tick from blocked", [crossing, tick]
            )
        session.run("delete from plan.needs where crossing = ? and source_id in (select id from ids)", [crossing])
        columns = "? as crossing, source_id, crossing as needed_crossing, needed_id"
        session.run(f"insert into plan.needs by name select {columns} from needed", [crossing])
    step = f"plan.{crossing}"
    session.run("delete from meta.progress where step = ?", [step])
    session.run("insert into meta.progress values (?, ?, ?)", [step, scope.upto, scope.revision])

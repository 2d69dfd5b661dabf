"""The other side of a plan: what the target holds for the records at hand, and what the journal knows of them."""

from collections.abc import Iterable

from sf_intacct.flow.contracts import CONTRACTS, Contract, target_contract
from sf_intacct.flow.decide import HISTORY, OtherSide
from sf_intacct.flow.decided import DECIDED, ignored
from sf_intacct.flow.evaluate import Evaluated
from sf_intacct.flow.mapping import Mapping
from sf_intacct.flow.recognise import Recognised
from sf_intacct.model.system import Kind
from sf_intacct.store import statements
from sf_intacct.store.warehouse import Session

_DECIDED = """
select source_id, decision, reason, decided_by, source_hash from journal.decision
where crossing = ? and source_id in (select source_id from wanted)
qualify row_number() over (partition by source_id order by number desc) = 1
"""
_AGREED = """
select source_id, says from journal.agreed where crossing = ? and source_id in (select source_id from wanted)
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
        decided = session.frame(_DECIDED, [mapping.crossing]).cast(dict(DECIDED))  # type: ignore[arg-type]
        agreed = session.frame(_AGREED, [mapping.crossing])
    left = ignored(decided)
    return OtherSide(heads, lines, history.cast(dict(HISTORY)), left, recognised, agreed, decided)  # type: ignore[arg-type]


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
       {identity} as target_key, {mark or "null::varchar"} as target_mark, {void(target)} as target_is_void,
       {stage(target)} as target_stage, {entity(target)} as target_entity, {fields}
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


def entity(contract: Contract) -> str:
    """The entity that owns a record; nothing is the top level."""
    column = contract.by_source.get("MEGAENTITYID")
    return f"nullif({column.name}, '')" if column else "null::varchar"


def void(contract: Contract) -> str:
    """Whether a record was taken back."""
    if contract.void is None:
        return "false"
    column, values = contract.void
    return f"{column} in ({', '.join(statements.text(value) for value in values)})"


def stage(contract: Contract) -> str:
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

    A refused one may be tried again once the mapping or one of the reference tables has moved, and when it waited for
    something that the plan itself could see: should it wait no more, that has gone.
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
       n.mapping_revision <> $revision or {moved or "false"} or exists (
           select 1 from plan.{mapping.crossing} p where p.source_id = n.source_id and p.step = 'waiting'
       ) as may_retry,
       exists (select 1 from core.{target.name} t where t.{target.key} = l.target_id and t.is_deleted) as is_gone
from newest n full join linked l on l.source_id = n.source_id left join done d on d.source_id = n.source_id
"""

"""The journal's tables of what people stop and let go: pauses, plans that wait, and what became of those."""

import sqlalchemy as sa

from sf_intacct.store.journal_tables import METADATA, Flag, Instant, Rising

# Who stopped sending to what, and who let it go on.
PAUSE = sa.Table(
    "pause",
    METADATA,
    sa.Column("number", Rising, primary_key=True, autoincrement=True),
    sa.Column("what", sa.Text, nullable=False),
    sa.Column("is_paused", Flag, nullable=False),
    sa.Column("said_by", sa.Text, nullable=False),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    info={"append_only": "a pause is never changed: a newer word counts"},
)
# A plan that is over a limit, as it was when it began to wait. fingerprints: JSON, of each source id. money: JSON,
# currency to amount. reasons: JSON, which limits in words. people: how many have to approve it. earlier: in words, what
# of it was approved before.
WAITING_PLAN = sa.Table(
    "waiting_plan",
    METADATA,
    sa.Column("number", Rising, primary_key=True, autoincrement=True),
    sa.Column("crossing", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("documents", sa.Integer, nullable=False),
    sa.Column("money", sa.Text, nullable=False),
    sa.Column("reasons", sa.Text, nullable=False),
    sa.Column("people", sa.Integer, nullable=False),
    sa.Column("earlier", sa.Text, nullable=False),
    sa.Column("fingerprints", sa.Text, nullable=False),
    sa.Column("mapping_revision", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("run", sa.Text, nullable=False),
    sa.Index("waiting_plan_by_crossing", "crossing"),
    info={"append_only": "a plan that waits is never changed: a newer one takes its place"},
)
# What became of such a plan: who approved it, when it was begun, why it counts no more.
PLAN_EVENT = sa.Table(
    "plan_event",
    METADATA,
    sa.Column("number", Rising, primary_key=True, autoincrement=True),
    sa.Column("plan", Rising, sa.ForeignKey("waiting_plan.number"), nullable=False),
    sa.Column("crossing", sa.Text, nullable=False),
    sa.Column("hash", sa.Text, nullable=False),
    sa.Column("event", sa.Text, nullable=False),
    sa.Column("said_by", sa.Text, nullable=False),
    sa.Column("says", sa.Text, nullable=False),
    sa.Column("recorded_at", Instant, nullable=False),
    sa.Column("run", sa.Text, nullable=False),
    sa.CheckConstraint(
        "event in ('approved', 'begun', 'finished', 'refused', 'replaced', 'withdrawn')", name="plan_event_is_known"
    ),
    sa.Index("plan_event_by_plan", "plan"),
    info={"append_only": "what became of a plan is never changed"},
)

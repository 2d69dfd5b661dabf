"""The journal's tables of what happened beside the writes themselves: every send, and every time the house was cold."""

import sqlalchemy as sa

from sf_intacct.store.journal_tables import METADATA, Exact, Instant, Rising

# What was sent, and what it was made from: a plan that takes the place of another changes its intent, never this.
SENT = sa.Table(
    "sent",
    METADATA,
    sa.Column("number", Rising, primary_key=True, autoincrement=True),
    sa.Column("intent_key", sa.Text, sa.ForeignKey("intent.key"), nullable=False),
    sa.Column("wire_identity", sa.Text, nullable=False),
    sa.Column("attempt", sa.Integer, nullable=False),
    sa.Column("sent_at", Instant, nullable=False),
    sa.Column("source_version", sa.Text, nullable=False),
    sa.Column("target_version", sa.Text),
    sa.Column("mapping_revision", sa.Text, nullable=False),
    sa.Column("request_hash", sa.Text, nullable=False),
    sa.Column("amount", Exact),
    sa.Column("currency", sa.Text),
    sa.Column("run", sa.Text, nullable=False),
    sa.Index("sent_by_intent", "intent_key"),
    info={"append_only": "what was sent is never changed"},
)
# When and why it was noticed that the journal is not the one that was written, and which crossings have since been
# carried out with every write looked for. `breaks`: JSON, the receipts that did not fit.
COLD = sa.Table(
    "cold",
    METADATA,
    sa.Column("number", Rising, primary_key=True, autoincrement=False),
    sa.Column("cause", sa.Text, nullable=False),
    sa.Column("seen", sa.Text, nullable=False),
    sa.Column("breaks", sa.Text, nullable=False),
    sa.Column("quiet_from", Instant),
    sa.Column("began_at", Instant, nullable=False),
    sa.Column("run", sa.Text, nullable=False),
    sa.Column("ended_at", Instant),
    sa.CheckConstraint("cause in ('missing', 'older', 'edited', 'unwitnessed')", name="cause_is_known"),
)
COLD_PASS = sa.Table(
    "cold_pass",
    METADATA,
    sa.Column("cold", Rising, sa.ForeignKey("cold.number"), primary_key=True, autoincrement=False),
    sa.Column("crossing", sa.Text, primary_key=True),
    sa.Column("passed_at", Instant, nullable=False),
    sa.Column("run", sa.Text, nullable=False),
)

"""The journal's tables of alerts: what people were told is open, every message, and how far each has come."""

import sqlalchemy as sa

from sf_intacct.store.journal_tables import METADATA, Instant, Rising

# What is open as far as people were told. A fact that is over has no row.
TOLD = sa.Table(
    "alert_told",
    METADATA,
    sa.Column("key", sa.Text, primary_key=True),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("records", Rising, nullable=False),
    sa.Column("money", sa.Text, nullable=False),
    sa.Column("told_at", Instant, nullable=False),
)
# Every message, frozen: what is sent again is sent byte for byte.
MESSAGE = sa.Table(
    "alert_message",
    METADATA,
    sa.Column("number", Rising, primary_key=True, autoincrement=True),
    sa.Column("body", sa.Text, nullable=False),
    sa.Column("created_at", Instant, nullable=False),
    sa.Column("run", sa.Text, nullable=False),
)
DELIVERY = sa.Table(
    "alert_delivery",
    METADATA,
    sa.Column("number", Rising, sa.ForeignKey("alert_message.number"), primary_key=True),
    sa.Column("channel", sa.Text, primary_key=True),
    sa.Column("state", sa.Text, nullable=False),
    sa.Column("attempts", Rising, nullable=False),
    sa.Column("due_at", Instant),
    sa.Column("problem", sa.Text),
    sa.Column("delivered_at", Instant),
    sa.CheckConstraint("state in ('pending', 'delivered', 'given_up')", name="delivery_state_is_known"),
)

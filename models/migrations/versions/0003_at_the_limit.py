"""at the limit: leases, ticks, uploads; the life of a campaign; what a template cost; indexes for millions of recipients"""

import sqlalchemy as sa
from alembic import op

import models.columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

MOMENT = models.columns.Moment(timezone=True)


def upgrade() -> None:
    op.create_table(
        "lease",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("until", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_lease")),
    )
    op.create_table(
        "tick",
        sa.Column("job", sa.String(), nullable=False),
        sa.Column("due_at", MOMENT, nullable=False),
        sa.Column("by", sa.String(), nullable=False),
        sa.Column("taken_at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("job", "due_at", name=op.f("pk_tick")),
    )
    op.create_table(
        "upload",
        sa.Column("account", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("at", MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("account", "name", name=op.f("pk_upload")),
    )

    with op.batch_alter_table("campaign", schema=None) as batch_op:
        batch_op.add_column(sa.Column("approver_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("approved_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("starts_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("ends_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("paid", sa.Boolean(), nullable=False, server_default=sa.false()))
        batch_op.add_column(sa.Column("canary", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("why", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("paused_at", MOMENT, nullable=True))
        batch_op.add_column(sa.Column("plan", sa.JSON(), nullable=False, server_default="{}"))
        batch_op.add_column(sa.Column("board_id", sa.Integer(), nullable=True))
        batch_op.create_foreign_key(op.f("fk_campaign_approver_id_person"), "person", ["approver_id"], ["id"])

    with op.batch_alter_table("line", schema=None) as batch_op:
        batch_op.add_column(sa.Column("tier", sa.Integer(), nullable=False, server_default="0"))
        batch_op.add_column(sa.Column("quality", sa.String(), nullable=False, server_default=""))

    with op.batch_alter_table("outgoing", schema=None) as batch_op:
        batch_op.add_column(sa.Column("template", sa.String(), nullable=False, server_default=""))
        batch_op.add_column(sa.Column("price", sa.Integer(), nullable=False, server_default="0"))
    op.drop_index("ix_outgoing_due", "outgoing")
    own = sa.text("campaign_id IS NULL")
    op.create_index("ix_outgoing_due", "outgoing", ["account", "status", "lane", "due_at"], sqlite_where=own, postgresql_where=own)
    op.create_index("ix_outgoing_campaign_due", "outgoing", ["campaign_id", "status", "account", "due_at"])
    paid = sa.text("template != ''")
    op.create_index("ix_outgoing_paid", "outgoing", ["account", "claimed_at"], sqlite_where=paid, postgresql_where=paid)

    with op.batch_alter_table("received", schema=None) as batch_op:
        batch_op.add_column(sa.Column("claimed_by", sa.String(), nullable=False, server_default=""))
    unfinished = sa.text("status IN ('waiting', 'queued')")
    op.create_index("ix_received_unfinished", "received", ["claimed_by"], sqlite_where=unfinished, postgresql_where=unfinished)
